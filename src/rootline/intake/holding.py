"""Why an alert opens nothing: silenced by its vendor, planned work, noise by a person's word, or not firing here."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rootline.domain.notice import Notice
from rootline.intake.alert_state import AlertState
from rootline.intake.keys import key_of
from rootline.intake.maintenance import Maintenance

MAINTENANCE = "maintenance: "


def held_back(one: Notice, windows: Sequence[Maintenance], at: datetime) -> str:
    """Return why an alert that fires is kept without opening anything; empty when it counts."""
    if one.suppressed and not one.suppressed.startswith(MAINTENANCE):
        return one.suppressed
    covering = next((window for window in windows if window.covers(one, at)), None)
    return f"{MAINTENANCE}{covering.name}" if covering else ""


def let_through(
    held: Mapping[str, AlertState], windows: Sequence[Maintenance], placed: Collection[str], now: datetime
) -> list[Notice]:
    """Return the alerts that still fire when the work on them is over, as notices of now."""
    waiting = [
        state.latest
        for fingerprint, state in held.items()
        if state.is_firing and state.latest.suppressed.startswith(MAINTENANCE) and fingerprint not in placed
    ]
    return [_anew(one, now) for one in waiting if not held_back(one, windows, now)]


def _anew(one: Notice, now: datetime) -> Notice:
    return one.model_copy(update={"key": key_of(one.key, "let through"), "at": now, "suppressed": ""})
