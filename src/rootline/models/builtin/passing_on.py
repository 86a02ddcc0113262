"""Who hurts others by what it sends them, what it answers them or how often it asks them, and stays well itself."""

import re

from rootline.analysis.joining.asking import arriving
from rootline.domain.fact import OperationFact, SeriesFact
from rootline.models.builtin.seen import Seen

# Source: the errors of interpreters, runtimes and validators about a value of another form or age than they expect.
_OF_FORM = re.compile(
    r"(type|key|value|index|attribute|lookup|decode)error|null ?pointer|nonetype|nil pointer|undefined|classcast"
    r"|out of (range|bounds)|cannot (read|convert|cast|parse|unmarshal|deserialize)|unmarshal|malformed"
    r"|no(t)? such (key|field|element)|invalid (literal|json|format|value|type)|validation|unprocessable"
    r"|missing (required )?(field|key|property)|unexpected (token|type|end|field)|not (subscriptable|iterable)"
    r"|\b(has|have|is|was) expired|\bstale\b|too old|not yet valid|in the future|out of date|outdated",
    re.IGNORECASE,
)
OFTENER = 1.5
"""Source: ours; half as much again for each request is more than another mix of requests brings."""


def handed_by(seen: Seen, service: str) -> tuple[str, ...]:
    """Return by way of whom the requests came that a service fails, where others of the same kind are well."""
    own = [spot.fact for spot in seen.roots if spot.fact.service == service]
    return tuple(dict.fromkeys(name for fact in own for name in fact.by_way_of))


def may_have_handed(seen: Seen, giver: str, service: str) -> bool:
    """Whether what a service fails over came by way of a giver, or may have: it is over the form or age of data.

    A giver sends to it, answers it, or answers one who sends to it. Whoever hangs up gives no answer at all.
    """
    if service in seen.hangs_up_on(giver):
        return True
    if by_way_of := handed_by(seen, service):
        return giver in by_way_of
    graph = seen.graph
    callers = graph.callers(service)
    given = {*graph.callees(service), *callers, *(name for one in callers for name in graph.callees(one))}
    own = [spot.fact for spot in seen.roots if spot.fact.service == service]
    return giver in given and any(_OF_FORM.search(fact.error[:600]) for fact in own)


def hands_to(seen: Seen, service: str) -> tuple[str, ...]:
    """Return the services that fail over what came by way of this one."""
    return tuple(dict.fromkeys(spot.fact.service for spot in seen.roots if service in spot.fact.by_way_of))


def asks_more(seen: Seen, service: str) -> float:
    """How surely, 0 to 1, a service asks more of others for each request of its own than it did before.

    Half of it where it asks twice as often; by its traces, or by what goes out and comes in where both are counted.
    """
    traced = max((spot.fact.repeats for spot in seen.shelf.of_service(OperationFact, service)), default=0.0)
    grew = max(traced, seen.outgoing.get(service, 1.0))
    return 1 - 1 / grew if grew >= OFTENER else 0.0


def overrun_by(seen: Seen, service: str) -> tuple[str, ...]:
    """Return the callers who ask more for each request of their own, where clearly more arrives at a service."""
    if arriving(spot.fact for spot in seen.shelf.of_service(SeriesFact, service)) < OFTENER:
        return ()
    return tuple(name for name in seen.graph.callers(service) if asks_more(seen, name))
