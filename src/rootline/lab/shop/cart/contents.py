"""The lines of a cart."""

from ..lib import clock
from ..lib.wire import Json

KEPT_S = 7 * 24 * 3600


def merged(items: list[Json], product: str, quantity: int) -> list[Json]:
    """Return the lines with so many more of a product; each product has one line."""
    others = [line for line in items if line["product"] != product]
    before = sum(int(line["quantity"]) for line in items if line["product"] == product)
    return [*others, {"product": product, "quantity": before + quantity, "at": clock.now()}]


def without_old(items: list[Json]) -> list[Json]:
    """Leave out what was chosen more than a week ago."""
    now = clock.now()
    return [line for line in items if now - float(line.get("at", now)) < KEPT_S]
