"""Planned work, as the gate asks about it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rootline.analysis.detection.gating import Exempt
from rootline.intake.maintenance import Calendar


def exempt_by(calendar: Calendar) -> Callable[[datetime], Sequence[Exempt]]:
    """Return who is exempt at a moment: the services of the windows that are open.

    A window that is narrowed by labels is about alerts alone, as a service's signals have none.
    """

    def at(moment: datetime) -> Sequence[Exempt]:
        return [
            Exempt(service=pattern, start=one.start.timestamp(), end=one.end.timestamp(), reason=one.name)
            for one in calendar.windows()
            if one.start <= moment < one.end and not one.matchers
            for pattern in one.services
        ]

    return at
