"""Messages with the evidence that their results made, as rows: one call of a function of the database stores them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rootline.domain.evidence import Evidence
from rootline.domain.session import Message
from rootline.store.bodies import write
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.sql import statement


async def add_at_once(
    tenant: TenantPool, investigation: UUID, placed: Mapping[int, Message], evidence: Sequence[Evidence]
) -> None:
    """Store messages at their places behind new evidence, in a transaction of its own that is asked for once."""
    await tenant.at_once(statement("add_turn_at_once"), _values(investigation, placed, evidence))


async def add(
    cursor: Cursor, investigation: UUID, placed: Mapping[int, Message], evidence: Sequence[Evidence] = ()
) -> None:
    """Store messages at their places behind new evidence, inside the caller's transaction."""
    await cursor.execute(statement("add_turn"), _values(investigation, placed, evidence))


def _values(investigation: UUID, placed: Mapping[int, Message], evidence: Sequence[Evidence]) -> dict[str, object]:
    """Render what the function is given: long bodies are sent as they are, not within JSON once more."""
    return {
        "investigation": investigation,
        "messages": json.dumps([_message(at, one) for at, one in placed.items()]),
        "evidence": json.dumps([_evidence(one) for one in evidence]),
        "bodies": [write(one) for one in evidence],
    }


def _message(sequence: int, message: Message) -> dict[str, Any]:
    results = [{"evidence": one.evidence, "is_error": one.is_error, "body": write(one)} for one in message.results]
    return {
        "sequence": sequence,
        "role": message.role,
        "body": write(message, without=("calls", "results")),
        "calls": [write(call) for call in message.calls],
        "results": results,
    }


def _evidence(one: Evidence) -> dict[str, str]:
    return {
        "label": one.label,
        "status": one.reading.status,
        "sha256": one.sha256,
        "taken_at": one.taken_at.isoformat(),
    }
