"""Statements that now run in another order."""

from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote

FAMILIES = {
    "lock": 0.9,
    "data": 0.6,
    "errors": 0.5,
    "auth": 0.5,
    "null": 0.5,
    "startup": 0.5,
    "queue": 0.4,
    "crash": 0.4,
}


def reordered(net: Net) -> list[Mechanism]:
    """Lines that stay word for word but swap places inside their file."""
    if not net.reordered:
        return []
    return [
        Mechanism(
            "statements reordered",
            FAMILIES,
            f"the same statements run in another order{quote(net.reordered[0])}",
            net.reordered[:3],
        )
    ]
