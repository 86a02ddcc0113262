"""Where a service's own numbers tell that it is slow only because calls that it makes are."""

from collections.abc import Iterator

from rootline.analysis.metrics.harm import is_own
from rootline.analysis.metrics.units import TO_SECONDS, words
from rootline.analysis.metrics.views import view_of
from rootline.domain.fact import SeriesFact
from rootline.models.builtin.seen import Seen

# Source: how programs name what they measure of calls that they make, beside the words of OpenTelemetry's conventions.
_CALLS = frozenset(["call", "calls", "external", "remote", "lookup", "lookups"])
_MOST_OF_IT = 0.8
"""Source: ours; of what its own requests take longer."""


def waits_for_calls(name: str, seen: Seen) -> bool:
    """Whether calls that a service makes take longer by most of what its own requests do.

    Means are compared with means and quantiles with quantiles, of those that still are slow.
    """
    slower = [*_slower(name, seen)]
    own: dict[str, float] = {}
    for how, by_s, is_call in slower:
        if not is_call:
            own[how] = max(by_s, own.get(how, 0.0))
    return any(by_s >= _MOST_OF_IT * own.get(how, float("inf")) for how, by_s, is_call in slower if is_call)


def _slower(name: str, seen: Seen) -> Iterator[tuple[str, float, bool]]:
    """Yield of each duration that rose which statistic it is, by how many seconds, and whether it is of calls made."""
    for spot in seen.shelf.of_service(SeriesFact, name):
        fact, said = spot.fact, words(spot.fact.metric)
        if view_of(fact.metric) != "duration" or fact.unit not in TO_SECONDS or not _rose(fact):
            continue
        by_s = ((fact.current or 0.0) - (fact.baseline or 0.0)) * TO_SECONDS[fact.unit]
        yield said[-1], by_s, bool(_CALLS.intersection(said)) or not is_own(fact.metric)


def _rose(fact: SeriesFact) -> bool:
    known = fact.current is not None and fact.baseline is not None
    return known and fact.direction == "up" and fact.ended is None
