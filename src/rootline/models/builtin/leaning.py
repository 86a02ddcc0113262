"""Who leans on whom where no call is known: services on the stores and brokers beside them, and not the other way."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from rootline.analysis.metrics.services import ServiceScore
from rootline.analysis.metrics.units import words
from rootline.domain.fact import ScoreComponent, SeriesFact
from rootline.models.builtin.candidate import part
from rootline.models.builtin.seen import Seen

# Source: how the exporters of databases, caches, queues, indexes, coordinators, name servers and forward proxies begin
# the names of what they tell. These are asked by services and ask none of them. A cache in front of a web server asks
# that one, and what fails behind it is told under other names.
_NAMES = (
    "pg mysql mariadb redis memcached mongodb kafka rabbitmq elasticsearch opensearch cassandra nats etcd zookeeper "
    "bind coredns unbound squid varnish"
)
STORES = frozenset(_NAMES.split())
# Source: own choices, in logits, tried on real servers that were broken under a load: as much as it counts that whom
# one calls accounts for what one suffers.
LEANED_ON, LEANS, ALERTED = 1.5, -1.5, 1.2
_CLEAR, _SOON = 0.4, timedelta(seconds=30)
_STRAINED = 0.5


def leaning(name: str, score: ServiceScore, seen: Seen) -> Iterator[ScoreComponent]:
    """Weigh that a store changed when those that suffer began to, or that a service suffers when a store changed.

    What was over before the present trouble began is neither leaned on nor suffers.
    """
    if seen.graph.callees(name) or seen.graph.callers(name) or seen.was_over(name):
        return
    if is_store(name, seen):
        told = [one.service for one in seen.suspects if _suffers(one, seen) and _changed_with(score, one)]
        if told and score.score >= _CLEAR:
            yield part("leaned on", LEANED_ON * score.score, f"{', '.join(told[:3])} suffers since it changed")
            yield from _alerted(told, seen)
    elif _suffers(score, seen):
        stores = [one for one in seen.suspects if is_store(one.service, seen) and _changed_with(one, score)]
        clear = [one for one in stores if one.score >= _CLEAR and not seen.was_over(one.service)]
        if clear:
            names = ", ".join(one.service for one in clear[:3])
            yield part("leans", LEANS * clear[0].score, f"{names} changed when it began to suffer")


def _alerted(told: Collection[str], seen: Seen) -> Iterator[ScoreComponent]:
    """Weigh that the alert names one of those that suffer since a store changed, as much as that it names a caller."""
    if seen.alert is not None and seen.alert.fact.subject in told:
        named = seen.alert.fact.subject
        yield part("explains the alert", ALERTED, f"{named}, which the alert names, suffers since it changed")


def is_store(name: str, seen: Seen) -> bool:
    """Whether what is told of a service is told by the exporter of a store or a broker."""
    return any(STORES.intersection(words(spot.fact.metric)[:1]) for spot in seen.shelf.of_service(SeriesFact, name))


def _suffers(one: ServiceScore, seen: Seen) -> bool:
    """Whether a service that is no store is slow or fails, and none of its own means gave out."""
    return max(one.slowness, one.failures) > one.strain and one.strain < _STRAINED and not is_store(one.service, seen)


def _changed_with(store: ServiceScore, other: ServiceScore) -> bool:
    """Whether a store did not change after another service, as far as samples of what tells most of each show."""
    first, then = _onset(store), _onset(other)
    return first is not None and then is not None and first <= then + _SOON


def _onset(one: ServiceScore) -> datetime | None:
    """When what tells most of a service left its level; what else moved before may be anything."""
    return one.top.onset if one.top is not None and one.top.onset is not None else one.onset
