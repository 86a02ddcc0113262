"""Parses JSON from outside whose parsed size is known to be bounded before it is parsed."""

import json
from typing import Any

MOST_PARSED_BYTES = 28 * 2**20
BYTES_A_VALUE = 90
"""Source: measured with CPython 3.11; a number, a short text or an empty list with its slot, rounded up."""
_SEPARATORS = (b",", b"[", b"{", b":")


class TooMuch(ValueError):
    """It would take more memory than one answer may."""


def parse(body: bytes) -> Any:
    """Parse JSON; raise ValueError that says in words what is wrong with it."""
    affordable(body)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("it sent broken JSON") from None


def affordable(body: bytes) -> bytes:
    """Return a body that may be parsed; raise ValueError that says why another may not."""
    values = sum(body.count(one) for one in _SEPARATORS)
    if len(body) + values * BYTES_A_VALUE > MOST_PARSED_BYTES:
        raise TooMuch(f"it sent {values:,} JSON values, more than is read at once")
    if not body.strip():
        raise ValueError("it sent an empty answer")
    if body.lstrip()[:1] == b"<":
        raise ValueError("it sent a web page, not JSON")
    return body
