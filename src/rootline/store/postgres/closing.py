"""The end of an investigation as a row: it can have one only, and nothing comes after it."""

from uuid import UUID

from rootline.domain.hypothesis import Outcome
from rootline.domain.session import InvestigationState
from rootline.store.postgres.pool import Cursor
from rootline.store.sql import statement


async def add_closing(cursor: Cursor, investigation: UUID, state: InvestigationState, outcome: Outcome | None) -> None:
    """Close the investigation."""
    values = {"investigation": investigation, "state": state, "outcome": outcome}
    await cursor.execute(statement("add_closing"), values)
