"""Sessions, investigations and messages as rows. Each function runs inside the caller's transaction."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rootline.domain.session import Investigation, Message, Session
from rootline.errors import NotFound
from rootline.store.bodies import read, write
from rootline.store.postgres.pool import Cursor
from rootline.store.sql import statement


async def add_session(cursor: Cursor, session: Session) -> bool:
    """Insert the session; False when its id is taken."""
    values = {"id": session.id, "opened_at": session.opened_at, "active_at": session.active_at, "body": write(session)}
    await cursor.execute(statement("open_session"), values)
    return cursor.rowcount == 1


async def read_session(cursor: Cursor, session: UUID) -> Session:
    """Return the session with its last activity, or raise NotFound."""
    await cursor.execute(statement("read_session"), {"session": session})
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no session {session} here.")
    return _session(*row)


async def list_sessions(cursor: Cursor, limit: int) -> tuple[Session, ...]:
    """Return the most recently active sessions first."""
    await cursor.execute(statement("list_sessions"), {"limit": limit})
    return tuple(_session(*row) for row in await cursor.fetchall())


def _session(body: str, active_at: Any) -> Session:
    return read(Session, body).model_copy(update={"active_at": active_at})


async def lock(cursor: Cursor, investigation: UUID) -> None:
    """Become the one writer of the investigation until the transaction ends."""
    await cursor.execute(statement("lock_investigation"), {"investigation": investigation})


async def lock_investigation(cursor: Cursor, investigation: UUID) -> Investigation:
    """Become the one writer of the investigation and return it, or raise NotFound."""
    await lock(cursor, investigation)
    return await read_investigation(cursor, investigation)


async def add_investigation(cursor: Cursor, investigation: Investigation) -> None:
    """Insert a running investigation."""
    values = {
        "id": investigation.id,
        "session": investigation.session,
        "trigger": investigation.question.trigger,
        "opened_at": investigation.opened_at,
        "body": write(investigation, without=("state", "outcome")),
    }
    await cursor.execute(statement("open_investigation"), values)


async def find_investigation(cursor: Cursor, investigation: UUID) -> Investigation | None:
    """Return the investigation in its present state, or None."""
    await cursor.execute(statement("read_investigation"), {"investigation": investigation})
    row = await cursor.fetchone()
    return None if row is None else _investigation(*row)


async def read_investigation(cursor: Cursor, investigation: UUID) -> Investigation:
    """Return the investigation in its present state, or raise NotFound."""
    found = await find_investigation(cursor, investigation)
    if found is None:
        raise _none(investigation)
    return found


def _none(investigation: UUID) -> NotFound:
    return NotFound(f"There is no investigation {investigation} here.")


async def list_investigations(cursor: Cursor, session: UUID | None, limit: int) -> tuple[Investigation, ...]:
    """Return investigations, newest first."""
    await cursor.execute(statement("list_investigations"), {"session": session, "limit": limit})
    return tuple(_investigation(*row) for row in await cursor.fetchall())


async def list_judged(cursor: Cursor, limit: int) -> tuple[Investigation, ...]:
    """Return finished investigations with feedback, newest first."""
    await cursor.execute(statement("list_judged"), {"limit": limit})
    return tuple(_investigation(*row) for row in await cursor.fetchall())


def _investigation(body: str, state: str, outcome: str | None) -> Investigation:
    return read(Investigation, body, {"state": state, "outcome": outcome})


async def read_messages(cursor: Cursor, investigation: UUID) -> tuple[Message, ...]:
    """Return the messages in order."""
    await cursor.execute(statement("read_messages"), {"investigation": investigation, "places": None})
    return tuple(_message(*row) for _, *row in await cursor.fetchall())


async def read_messages_at(cursor: Cursor, investigation: UUID, places: Sequence[int]) -> dict[int, Message]:
    """Return the messages that are stored at these places."""
    await cursor.execute(statement("read_messages"), {"investigation": investigation, "places": list(places)})
    return {sequence: _message(*row) for sequence, *row in await cursor.fetchall()}


def _message(body: str, calls: list[str], results: list[str]) -> Message:
    parts = {"calls": [json.loads(call) for call in calls], "results": [json.loads(result) for result in results]}
    return read(Message, body, parts)
