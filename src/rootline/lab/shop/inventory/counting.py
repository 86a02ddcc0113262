"""Counting what there is. The warehouse refills what runs low, so counts never end."""

from ..lib.wire import Json

REFILL_BELOW = 100
FULL = 100_000


def enough(row: Json, quantity: int) -> bool:
    """Whether so many can be taken."""
    return int(row["count"]) >= quantity


def taken(row: Json, quantity: int) -> Json:
    """Return the row with so many fewer."""
    left = int(row["count"]) - quantity
    return {**row, "count": FULL if left < REFILL_BELOW else left}
