"""Planned work, as the gate asks about it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from rootline.analysis.detection.gating import Exempt
from rootline.intake.maintenance import Calendar


def exempt_by(
    calendar: Calendar, cluster: str = "", clusters: Collection[str] = ()
) -> Callable[[datetime], Sequence[Exempt]]:
    """Return who is exempt at a moment: the services of the windows that are open.

    A window that is narrowed by labels is about alerts alone, as a service's signals have none. One of several
    clusters heeds the patterns that begin with its own name, and those that begin with none.
    """

    def at(moment: datetime) -> Sequence[Exempt]:
        return [
            Exempt(service=pattern, start=one.start.timestamp(), end=one.end.timestamp(), reason=one.name)
            for one in calendar.windows()
            if one.start <= moment < one.end and not one.matchers
            for pattern in _heeded(one.services, cluster, clusters)
        ]

    return at


def _heeded(patterns: Collection[str], cluster: str, clusters: Collection[str]) -> Iterator[str]:
    """Yield the patterns that concern a cluster, without its name."""
    for pattern in patterns:
        place, slash, inside = pattern.partition("/")
        if not slash or place not in clusters:
            yield pattern
        elif place == cluster:
            yield inside
