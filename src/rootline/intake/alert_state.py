"""What an alert is now, out of everything that was told of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from rootline.domain.notice import Notice

FLAPPING_WITHIN = timedelta(minutes=30)
FLAPPING_TURNS = 3
CALM_AFTER = timedelta(minutes=10)
"""Source: ours; an alert that fired and was resolved twice within half an hour flaps, until it kept still for ten."""


@dataclass(frozen=True, kw_only=True)
class AlertState:
    """One alert: its notices in order of time, the latest of which says whether it fires."""

    notices: tuple[Notice, ...]

    @property
    def latest(self) -> Notice:
        """The notice that counts."""
        return self.notices[-1]

    @property
    def is_firing(self) -> bool:
        """Whether it fires."""
        return self.latest.state == "firing"

    def flaps(self, now: datetime) -> bool:
        """Whether it changed so often of late that its being resolved means nothing yet."""
        changes = [after.at for before, after in pairwise(self.notices) if before.state != after.state]
        recent = [at for at in changes if at > now - FLAPPING_WITHIN]
        return len(recent) >= FLAPPING_TURNS and now - recent[-1] < CALM_AFTER

    def troubles(self, now: datetime) -> bool:
        """Whether it keeps its incident open: it fires, or it only seems to be resolved."""
        return self.is_firing or self.flaps(now)


def by_alert(notices: Iterable[Notice]) -> Mapping[str, AlertState]:
    """Return what each alert is, by fingerprint.

    Notices can come in any order: what happened later counts, and being resolved goes before firing at the same time.
    """
    ordered = sorted(notices, key=lambda one: (one.fingerprint, one.at, one.state == "resolved", one.key))
    return {
        fingerprint: AlertState(notices=tuple(of)) for fingerprint, of in groupby(ordered, lambda one: one.fingerprint)
    }
