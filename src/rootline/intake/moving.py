"""How an incident's state follows its alerts, and which moves people may make."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.notice import Notice
from rootline.errors import NotApproved
from rootline.intake.alert_state import AlertState
from rootline.tools.wording import cut

QUIET = timedelta(minutes=30)
"""Source: ours; how long all alerts have to be gone before an incident counts as resolved."""
OPEN: frozenset[IncidentState] = frozenset({"detected", "acknowledged", "investigating"})
UNSEEN: frozenset[IncidentState] = frozenset({"detected", "investigating"})
"""Where nobody may have taken note yet: an incident is also investigated unasked, at once."""
ACTOR = "rootline"
_BY_HAND: Mapping[IncidentState, frozenset[IncidentState]] = {
    "acknowledged": UNSEEN | {"mitigated"},
    "investigating": OPEN - {"investigating"},
    "mitigated": OPEN,
    "resolved": OPEN | {"mitigated", "inconclusive"},
    "suppressed": OPEN | {"mitigated"},
    "inconclusive": OPEN,
    "learned": frozenset({"resolved", "inconclusive"}),
}


def moved_by(incident: Incident, after: IncidentState, *, at: datetime, actor: str, reason: str = "") -> Transition:
    """Return the move that a person asks for.

    Raises:
        NotApproved: There is no such move from where the incident is.

    """
    if incident.state not in _BY_HAND.get(after, frozenset()):
        known = ", ".join(name for name, states in _BY_HAND.items() if incident.state in states) or "nothing"
        raise NotApproved(
            f"Incident {incident.id} is {incident.state} and cannot become {after}. From there it can become: {known}."
        )
    return _move(incident, after, at=at, actor=actor, reason=reason)


def followed(
    incident: Incident, states: Sequence[AlertState], new: Sequence[Notice], now: datetime
) -> Transition | None:
    """Return the move that follows from an incident's alerts, None when it stays where it is."""
    told = next((one for one in new if one.acknowledged_by), None)
    if not states:
        return None
    if incident.state == "mitigated":
        return _out_of_mitigated(incident, states, new, now)
    if incident.state not in OPEN:
        return None
    if not any(state.troubles(now) for state in states):
        return _move(incident, "mitigated", at=now, actor=ACTOR, reason=_gone(states))
    if told is not None and incident.state in UNSEEN:
        actor = f"{told.vendor}: {cut(told.acknowledged_by, 100)}"
        return _move(incident, "acknowledged", at=now, actor=actor, reason="acknowledged there")
    return None


def absorbed(incident: Incident, whole: UUID, now: datetime) -> Transition:
    """Return the move of an incident that turns out to be a part of another."""
    return _move(incident, "suppressed", at=now, actor=ACTOR, reason=f"part of incident {whole}")


def _out_of_mitigated(
    incident: Incident, states: Sequence[AlertState], new: Sequence[Notice], now: datetime
) -> Transition | None:
    again = next((one for one in new if one.state == "firing"), None)
    if again is not None and any(state.is_firing for state in states):
        return _move(incident, "detected", at=now, actor=again.vendor, reason=f"{cut(again.name, 100)} fires")
    last = max(state.latest.at for state in states)
    if not any(state.troubles(now) for state in states) and now - last >= QUIET:
        minutes = int(QUIET.total_seconds() // 60)
        return _move(incident, "resolved", at=now, actor=ACTOR, reason=f"no alert for {minutes} minutes")
    return None


def _gone(states: Sequence[AlertState]) -> str:
    return f"all {len(states)} alerts are resolved" if len(states) > 1 else "its alert is resolved"


def _move(incident: Incident, after: IncidentState, *, at: datetime, actor: str, reason: str) -> Transition:
    return Transition(incident=incident.id, before=incident.state, after=after, at=at, actor=actor, reason=reason)
