"""Plans, feedback and incidents as rows. Each function runs inside the caller's transaction."""

from datetime import datetime
from uuid import UUID

from rootline.domain.incident import Feedback, Incident, Transition
from rootline.domain.plan import Plan
from rootline.errors import NotFound
from rootline.store.bodies import read, write
from rootline.store.postgres.pool import Cursor
from rootline.store.sql import statement


async def add_plan(cursor: Cursor, investigation: UUID, plan: Plan) -> None:
    """Insert the plan, unless its hash is there."""
    values = {
        "investigation": investigation,
        "sha256": plan.sha256,
        "rank": plan.hypothesis_rank,
        "state": plan.state,
        "risk": plan.risk,
        "body": write(plan),
    }
    await cursor.execute(statement("add_plan"), values)


async def read_plans(cursor: Cursor, investigation: UUID) -> tuple[Plan, ...]:
    """Return the plans in the order of storing."""
    await cursor.execute(statement("read_plans"), {"investigation": investigation})
    return tuple(read(Plan, row[0]) for row in await cursor.fetchall())


async def add_feedback(cursor: Cursor, feedback: Feedback) -> None:
    """Insert the feedback, unless the very same is there."""
    values = {
        "investigation": feedback.investigation,
        "rank": feedback.hypothesis_rank,
        "verdict": feedback.verdict,
        "at": feedback.at,
        "body": write(feedback),
    }
    await cursor.execute(statement("add_feedback"), values)


async def read_feedback(cursor: Cursor, investigation: UUID) -> tuple[Feedback, ...]:
    """Return the feedback in the order of storing."""
    await cursor.execute(statement("read_feedback"), {"investigation": investigation})
    return tuple(read(Feedback, row[0]) for row in await cursor.fetchall())


async def lock_incident(cursor: Cursor, incident: UUID) -> None:
    """Become the one writer of the incident until the transaction ends."""
    await cursor.execute(statement("lock_incident"), {"incident": incident})


async def add_incident(cursor: Cursor, incident: Incident) -> None:
    """Insert the incident; its state is where its transitions lead."""
    values = {
        "id": incident.id,
        "severity": incident.severity,
        "opened_at": incident.opened_at,
        "body": write(incident, without=("state",)),
    }
    await cursor.execute(statement("open_incident"), values)


async def lock_intake(cursor: Cursor) -> None:
    """Become the one who decides about the tenant's incidents until the transaction ends."""
    await cursor.execute(statement("lock_intake"))


async def add_revision(cursor: Cursor, incident: Incident) -> None:
    """Insert what the incident is called and how bad it is by now."""
    values = {"incident": incident.id, "body": write(incident, without=("state",))}
    await cursor.execute(statement("add_incident_revision"), values)


async def read_incident(cursor: Cursor, incident: UUID, *, as_opened: bool = False) -> Incident:
    """Return the incident in its present state (or as it was when it opened), or raise NotFound."""
    name = "read_incident_as_opened" if as_opened else "read_incident"
    await cursor.execute(statement(name), {"incident": incident})
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no incident {incident} here.")
    return _incident(*row)


async def list_open_incidents(cursor: Cursor, since: datetime) -> tuple[Incident, ...]:
    """Return the incidents that alerts can join, oldest first."""
    await cursor.execute(statement("list_open_incidents"), {"since": since})
    return tuple(_incident(*row) for row in await cursor.fetchall())


async def list_incidents(cursor: Cursor, limit: int) -> tuple[Incident, ...]:
    """Return incidents, newest first."""
    await cursor.execute(statement("list_incidents"), {"limit": limit})
    return tuple(_incident(*row) for row in await cursor.fetchall())


def _incident(body: str, state: str) -> Incident:
    return read(Incident, body, {"state": state})


async def add_transition(cursor: Cursor, transition: Transition) -> None:
    """Insert the transition behind the last one."""
    values = {
        "incident": transition.incident,
        "before": transition.before,
        "after": transition.after,
        "at": transition.at,
        "body": write(transition),
    }
    await cursor.execute(statement("add_transition"), values)


async def read_transitions(cursor: Cursor, incident: UUID) -> tuple[Transition, ...]:
    """Return the transitions, first to last."""
    await cursor.execute(statement("read_transitions"), {"incident": incident})
    return tuple(read(Transition, row[0]) for row in await cursor.fetchall())
