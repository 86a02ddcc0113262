"""Parses JSON from outside whose parsed size is known to be bounded before it is parsed."""

import json
from typing import Any

MOST_PARSED_BYTES = 20 * 2**20
BYTES_A_VALUE = 90
"""Source: measured with CPython 3.11; a number, a short text or an empty list with its slot, rounded up."""
_BROKEN = object()
_SEPARATORS = (b",", b"[", b"{", b":")


class TooMuch(ValueError):
    """It would take more memory than one answer may."""


def parse(body: bytearray) -> Any:
    """Parse JSON and use the body up; raise ValueError that says in words what is wrong with it.

    An error keeps its traceback and that keeps the body, so the body is emptied whatever happens.
    """
    affordable(body)
    found = _parsed(body)
    body.clear()
    if found is _BROKEN:
        raise ValueError("it sent broken JSON")
    return found


def affordable(body: bytearray) -> None:
    """Raise ValueError that says why a body may not be parsed, and empty it."""
    why = _refusal(body)
    if why is not None:
        body.clear()
        raise why


def _parsed(body: bytearray) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _BROKEN


def is_too_much(body: bytes | bytearray) -> bool:
    """Whether a body would be refused for the memory that it takes, parsed."""
    return len(body) + _values(body) * BYTES_A_VALUE > MOST_PARSED_BYTES


def _values(body: bytes | bytearray) -> int:
    return sum(body.count(one) for one in _SEPARATORS)


def _refusal(body: bytearray) -> ValueError | None:
    if is_too_much(body):
        return TooMuch(f"it sent {_values(body):,} JSON values, more than is read at once")
    first = next((chr(byte) for byte in body[:1000] if not chr(byte).isspace()), "")
    if not first:
        return ValueError("it sent an empty answer")
    return ValueError("it sent a web page, not JSON") if first == "<" else None
