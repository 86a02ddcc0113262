"""Explanations by numbers, traces and logs: services in which trouble begins though nobody changed them."""

from collections.abc import Iterator

from rootline.analysis.joining.suspects import shared_by
from rootline.analysis.metrics.services import ServiceScore
from rootline.domain.fact import OperationFact, ScoreComponent
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.claims import diverse, edge_to, movements, order_before, quoted_error, root_error, started
from rootline.models.builtin.naming import named
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot

MOST = 6

# Source: own choices, tried on recorded incidents: numbers alone, at their strongest, make a service as likely as
# not; two further kinds of evidence that agree make it likely.
BASE = -2.6
NUMBERS, FIRST, EXPLAINED = 3.4, 0.4, -1.0
ERRORS_BEGIN, OWN_TIME, LOUD = 1.2, 1.6, 0.6
ACCUSED, SHARED = 0.8, 0.6
_SEVERAL = 2


def from_services(seen: Seen) -> list[Candidate]:
    """Return the services in which trouble begins, likeliest first."""
    names = dict.fromkeys([*(one.service for one in seen.suspects), *(spot.fact.service for spot in seen.roots)])
    slowest = [spot.fact.service for spot in seen.slower[:_SEVERAL]]
    accused = [name for name in seen.names if seen.accusers(name)]
    found = [_candidate(name, seen) for name in dict.fromkeys([*names, *slowest, *accused])]
    return sorted(found, key=lambda one: (-one.score, one.subject))[:MOST]


def _candidate(name: str, seen: Seen) -> Candidate:
    score = seen.by_service.get(name)
    operations = seen.shelf.of(OperationFact, lambda fact: fact.service == name)
    roots = any(spot.fact.service == name for spot in seen.roots)
    kind, cause, remedy = named(score, (note for spot in operations for note in spot.fact.notes), has_errors=roots)
    return Candidate(
        type=kind,
        subject=name,
        cause=cause,
        remediation=remedy,
        parts=tuple(_parts(name, score, seen)),
        support=support_of(name, seen),
    )


def support_of(name: str, seen: Seen) -> tuple[StatedClaim, ...]:
    """Choose claims that show the trouble in a service, that it began there, and who is hurt by it."""
    own = list(movements(seen, name))
    return diverse(
        own[:1],
        root_error(seen, name),
        order_before(seen, name),
        edge_to(seen, name),
        quoted_error(seen, name),
        started(seen, name),
        _slower(seen, name),
        own[1:3],
    )


def _parts(name: str, score: ServiceScore | None, seen: Seen) -> Iterator[ScoreComponent]:
    yield part("base", BASE, "nobody is known to have changed it")
    if score is not None:
        yield from _numbers(score, seen)
    if any(spot.fact.service == name for spot in seen.roots):
        yield part("errors begin", ERRORS_BEGIN, f"traces show that errors begin in {name}")
    if share := seen.extra_share(name):
        yield part("own time", OWN_TIME * share, f"calls spend their extra time in {name} itself")
    if loud := seen.loudness(name):
        yield part("own errors", LOUD * loud, f"{name} writes errors that are new")
    if accusers := seen.accusers(name):
        yield part("accused", ACCUSED, f"errors of {', '.join(accusers[:3])} name it")
    hurt = shared_by(seen.graph, name, seen.hurt)
    if len(hurt) >= _SEVERAL:
        yield part("shared", SHARED, f"{', '.join(hurt[:3])} all depend on it and suffer")


def _numbers(score: ServiceScore, seen: Seen) -> Iterator[ScoreComponent]:
    top = f"{score.top.metric} of {score.service}" if score.top else score.service
    yield part("numbers", NUMBERS * score.score, f"{top} changed on its own account")
    if score.explained:
        callees = [name for name in seen.graph.callees(score.service) if name in seen.by_service]
        blamed = ", ".join(callees[:3]) or "the services it calls"
        yield part("victim", EXPLAINED * score.explained, f"{blamed} account for what it suffers")
    if len(seen.suspects) > 1 and score.earliness == 1.0:
        yield part("first", FIRST, f"{score.service} was the first to change")


def _slower(seen: Seen, name: str) -> list[StatedClaim]:
    slow: list[Spot[OperationFact]] = [spot for spot in seen.slower if spot.fact.service == name]
    rose = [spot.says("rose") for spot in slow if (spot.fact.p95_after_s or 0) > (spot.fact.p95_before_s or 0) > 0]
    return rose[:1]
