"""When an incident that a watch opened is over, and when it comes back. One that has alerts follows those instead."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Ongoing
from rootline.analysis.detection.policy import Policy
from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.window import Window, rfc3339
from rootline.intake.moving import OPEN, QUIET
from rootline.store.intake import Intake
from rootline.store.journal import Journal
from rootline.store.refusals import Refused

ACTOR = "rootline watch"
CREEPING = "creeping"
Alerted = Callable[[UUID], Awaitable[bool]]


async def never_alerted(_: UUID) -> bool:
    """Know of no alert of any incident."""
    return False


def alerted_by(intake: Intake) -> Alerted:
    """Return what finds out whether an incident has alerts."""

    async def alerted(incident: UUID) -> bool:
        return bool(await intake.notices([incident]))

    return alerted


def is_calm(rule: str, now: Ongoing, features: Sequence[Feature], policy: Policy) -> bool:
    """Whether an incident that a rule opened shows no more.

    What was opened by what creeps is over when no longer window shows it; anything else when nothing was a candidate
    for as many slots as the gate takes to let go of it.
    """
    if rule != CREEPING:
        return now.quiet >= policy.release_slots
    longer = (one for one in features if one.window != policy.windows[0].name)
    return not any(one.signal.view in policy.user_facing.views and abs(one.score) >= policy.creeping for one in longer)


async def calm_down(journal: Journal, one: Incident, slot: datetime, seen: datetime | None) -> None:
    """Move an incident on that is calm at a slot: it is mitigated at once, and resolved half an hour after it showed.

    `seen` is when it was last seen. What somebody else has moved meanwhile counts.
    """
    last = max(seen or one.window.end, one.window.end)
    with suppress(Refused):
        if one.state in OPEN:
            longer = Window(start=one.window.start, end=max(last, one.window.end))
            await journal.revise_incident(one.model_copy(update={"window": longer}))
            await journal.move_incident(_move(one, "mitigated", slot, f"nothing deviates since {rfc3339(last)}"))
        elif one.state == "mitigated" and slot - last >= QUIET:
            minutes = int(QUIET.total_seconds() // 60)
            await journal.move_incident(_move(one, "resolved", slot, f"nothing deviated for {minutes} minutes"))


async def acknowledge(journal: Journal, one: Incident, slot: datetime, why: str) -> None:
    """Note that an incident goes on while its service is silenced or worked on: somebody knows of it."""
    if one.state == "detected":
        with suppress(Refused):
            await journal.move_incident(_move(one, "acknowledged", slot, why))


async def take_up(journal: Journal, one: Incident, slot: datetime, why: str) -> None:
    """Bring an incident back that was mitigated and shows again."""
    if one.state == "mitigated":
        with suppress(Refused):
            await journal.move_incident(_move(one, "detected", slot, why))


def _move(one: Incident, after: IncidentState, at: datetime, reason: str) -> Transition:
    return Transition(incident=one.id, before=one.state, after=after, at=at, actor=ACTOR, reason=reason)
