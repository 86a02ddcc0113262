"""Claims worth making: few, different in kind, the most decisive first."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from math import nan

from rootline.analysis.cluster.query import is_of_cluster
from rootline.analysis.joining.suspects import finding_of
from rootline.analysis.metrics.harm import has_room, is_out_of_reach, is_plain
from rootline.domain.fact import BehaviourFact, ChangeFact, EdgeFact, Fact, SeriesFact, TextFact
from rootline.domain.levels import may_be_earlier, start_fault
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.seen import Seen, spot_of
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import complaint, moves, quoted, starts

_LONGEST_LINE = 300
_MOST_LINES = 4_000
_TROUBLE = ("Error", "BackOff", "Pending", "Failed", "Warning", "Crash", "OOM", "NotReady", "Evicted", "0/", "refused")


def diverse(*groups: Iterable[StatedClaim]) -> tuple[StatedClaim, ...]:
    """Take one claim of each group in turn, each claim once."""
    rounds = zip_longest(*groups)
    return tuple(dict.fromkeys(claim for claim in chain.from_iterable(rounds) if claim is not None))


def movements(seen: Seen, service: str) -> Iterator[StatedClaim]:
    """Say how the numbers of a service moved: first that it is down or in alarm, then the strongest.

    Shares of which enough is left are told where nothing else is.
    """
    own = [spot for spot in seen.moved if spot.fact.service == service]
    weak = [spot for spot in seen.shelf.of_service(SeriesFact, service) if spot.fact.direction != "flat"]
    ordered = own or sorted(weak, key=lambda spot: -spot.fact.score)[:2]
    plain = [spot for spot in weak if is_plain(finding_of(spot.fact))]
    telling = [spot for spot in ordered if spot not in plain and not _has_room(spot.fact)]
    return iter(moves([*plain, *telling]) or moves(ordered))


def _has_room(fact: SeriesFact) -> bool:
    levels = [level for level in (fact.current, fact.peak) if level is not None]
    return has_room(fact.metric, fact.unit, max(levels, default=nan))


def started(seen: Seen, service: str) -> list[StatedClaim]:
    """Say when the most telling number of a service left its level."""
    own = [spot for spot in seen.shelf.of_service(SeriesFact, service) if spot.fact.onset is not None]
    return starts(sorted(own, key=lambda spot: _most_telling(spot.fact)))[:1]


def _most_telling(fact: SeriesFact) -> tuple[bool, bool, float, str]:
    return not is_plain(finding_of(fact)), _has_room(fact), -fact.score, fact.subject


def stepped(seen: Seen, service: str) -> list[StatedClaim]:
    """Say where the number of a service that moved most for the worse inside the window went, or where it stands."""
    top = seen.begun[service].top if service in seen.begun else ""
    found = seen.shelf.of(SeriesFact, lambda fact: fact.subject == top and fact.step != 0)[:1]
    return moves(found) or [spot.says("equals", field="current") for spot in found if spot.fact.current is not None]


def unlike(seen: Seen, service: str) -> list[StatedClaim]:
    """Say how far traces and logs show a service to behave unlike itself."""
    return [spot.says("equals", field=_clearest(spot.fact)) for spot in seen.unlike.get(service, ())[:2]]


def _clearest(fact: BehaviourFact) -> str:
    figures = {"changed": fact.changed, "on_the_way": fact.on_the_way, "own": fact.own}
    return max(figures, key=lambda name: figures[name])


def complained(seen: Seen) -> list[StatedClaim]:
    """Say what the alert is about: its series where one was read, else the alert itself."""
    first = complaint(seen.shelf)
    shown = moves([first]) if first else []
    return shown or ([seen.alert.says("started")] if seen.alert else [])


def order_before(seen: Seen, service: str) -> list[StatedClaim]:
    """Say that a service's numbers moved before those of someone who depends on it."""
    found = seen.starting
    own = [spot for spot in found if spot.fact.service == service]
    callers = set(seen.graph.callers(service)) | ({seen.alert.fact.subject} if seen.alert else set())
    for first in own[:1]:
        for spot in found:
            if _is_later(spot.fact, first.fact) and spot.fact.service in callers - {service}:
                return [first.precedes(spot_of(spot))]
    return []


def _is_later(one: SeriesFact, first: SeriesFact) -> bool:
    """Whether a series left its level after another, and cannot have done so before."""
    if one.onset is None or first.onset is None:
        return False
    return first.onset < one.onset and not may_be_earlier(one, first, first.onset)


def edge_to(seen: Seen, service: str) -> list[StatedClaim]:
    """Say that someone who suffers depends on the service."""
    alerted_one = [seen.alert.fact.subject] if seen.alert else []
    victims = {*seen.hurt, *seen.delays.callers_waiting(service), *alerted_one} - {service}
    edges = seen.shelf.of(EdgeFact, lambda fact: fact.callee == service and fact.subject in victims)
    alerted = seen.alert.fact.subject if seen.alert else ""
    return [spot.says("depends_on") for spot in sorted(edges, key=lambda spot: spot.fact.subject != alerted)[:1]]


def waited_for(seen: Seen, service: str) -> list[StatedClaim]:
    """Say that a caller waits longer for the service, by a series that names it."""
    label = seen.places.inside(service)
    series = seen.shelf.of(SeriesFact, lambda fact: fact.direction == "up" and label in fact.labels.values())
    felt = [spot for spot in series if spot.fact.service in seen.delays.callers_waiting(service)]
    return [*moves(felt)[:2], *starts(felt)[:1]]


def root_error(seen: Seen, service: str) -> list[StatedClaim]:
    """Quote the error with which traces begin to fail in a service."""
    own = [spot for spot in seen.roots if spot.fact.service == service and spot.fact.error]
    return [spot.says("equals", field="error") for spot in own[:1]]


def quoted_error(seen: Seen, service: str, most: int = 1) -> list[StatedClaim]:
    """Quote what a service's log newly complains of."""
    return [quoted(spot) for spot in seen.errors if spot.fact.subject == service][:most]


def lines_about(seen: Seen, name: str, said: Sequence[StatedClaim]) -> Iterator[StatedClaim]:
    """Quote lines of cluster state that name an object, those that tell of trouble first, one of each text."""
    taken = {(claim.evidence, claim.fact) for claim in said}
    quiet: list[StatedClaim] = []
    called, home = seen.places.inside(name), seen.places.cluster(name)
    for spot in seen.shelf.of(TextFact, lambda fact: is_of_cluster(fact.asked, home)):
        line = _line_about(spot.fact, called)
        if line is None or (spot.evidence, spot.index) in taken:
            continue
        claim = spot.says("contains", line=line)
        if any(word in spot.fact.lines[line] for word in _TROUBLE):
            yield claim
        else:
            quiet.append(claim)
    yield from quiet


def _line_about(fact: TextFact, name: str) -> int | None:
    named = [at for at, line in enumerate(fact.lines[:_MOST_LINES]) if name in line[:_LONGEST_LINE]]
    loud = [at for at in named if any(word in fact.lines[at] for word in _TROUBLE)]
    return next(iter(loud or named), None)


def never_reached(seen: Seen, service: str = "") -> list[StatedClaim]:
    """Say what is not reached, and was not in all that was read: the number alone tells it, so no usual one is needed.

    Args:
        seen: What was read.
        service: Whose numbers count; those of all where it is empty.

    """
    found = seen.shelf.of(SeriesFact, lambda fact: service in {"", fact.service} and is_never_reached(fact))
    return [spot.says("equals", field="current") for spot in found]


def is_never_reached(fact: SeriesFact) -> bool:
    """Whether a number says all the time that something, or a part of it, is not reached."""
    if fact.direction != "flat" or fact.anomaly != "none" or fact.current is None:
        return False
    return is_out_of_reach(fact.metric, fact.current)


def healthy(seen: Seen, service: str) -> list[StatedClaim]:
    """Say that a service which would have to suffer is well, by its steadiest number."""
    if never_reached(seen, service):
        return []
    own = seen.shelf.of_service(SeriesFact, service)
    flat = [spot for spot in own if spot.fact.direction == "flat" and spot.fact.anomaly == "none"]
    steady = sorted(flat, key=lambda spot: (abs(spot.fact.effect), spot.fact.subject))
    return [spot.says("is_healthy") for spot in steady[:1] if abs(spot.fact.effect) < 1 and len(spot.fact.points) > 5]  # noqa: PLR2004


def too_late(spot: Spot[ChangeFact], seen: Seen) -> list[StatedClaim]:
    """Say that the symptom began before a change took effect."""
    first, at = complaint(seen.shelf), spot.fact.at
    if first is None or first.fact.onset is None or at is None or at <= first.fact.onset or start_fault(first.fact):
        return []
    return [first.precedes(Spot[Fact](evidence=spot.evidence, index=spot.index, fact=spot.fact))]
