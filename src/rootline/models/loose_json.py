"""Reading JSON whose shape nobody promised: what is not there or of another kind counts as empty."""

from typing import Any

HIGHEST_COUNT = 10**12


def members(value: object) -> dict[str, Any]:
    """Give an object's members, or none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Give a list's items, or none."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Give a string, or an empty one."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int:
    """Give a whole number from 0 to a million millions, or 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST_COUNT else 0


def error_words(body: object) -> str:
    """Find what an error body says, in the places where servers put it."""
    error = members(body).get("error", body)
    said = members(error).get("message") or members(error).get("detail") or error
    return text(said) or (str(said)[:1000] if said else "")
