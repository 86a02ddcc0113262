"""Before which moments what is stored is let go of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

TOLD, SEEN, FOUND = timedelta(days=90), timedelta(days=365), timedelta(days=3 * 365)
"""Source: the data model. Deliveries and expired sessions; signals and metrics; incidents and what explains them."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What was told, seen or found before these moments is kept no longer.

    Attributes:
        told: For deliveries, and for sessions with their plain questions, which count from when they expire.
        seen: For alerts, changes, and what a watch measured.
        found: For incidents, and investigations that explain or were judged.

    """

    told: datetime
    seen: datetime
    found: datetime

    @classmethod
    def at(cls, now: datetime) -> Self:
        """Return what is older than it is kept, at a moment."""
        return cls(told=now - TOLD, seen=now - SEEN, found=now - FOUND)
