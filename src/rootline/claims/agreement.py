"""When a value that a claim expects agrees with the value that evidence holds."""

import math
from typing import Literal

from pydantic import JsonValue

from rootline.claims.moments import moment, same_second
from rootline.domain.claim import Scalar

USUAL_TOLERANCE = 0.01
# Source: own choice. Two readings, each within the usual tolerance, must not be told apart by less.
_LEAST_MOVE = 2 * USUAL_TOLERANCE


def number(value: object) -> float | None:
    """The value as a finite number; None for text, truth values, nothing, infinities and whatever overflows."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        real = float(value)
    except OverflowError:
        return None
    return real if math.isfinite(real) else None


def near(actual: float, expected: float, tolerance: float = USUAL_TOLERANCE) -> bool:
    """Whether expected differs from actual by at most that share of actual; zero agrees with zero alone."""
    return abs(actual - expected) <= tolerance * abs(actual)


def heading(before: float, after: float, noise: float = 0.0) -> Literal["up", "down", "flat"]:
    """Where a level went: flat when the move is within the noise, or at most 2 % of the larger level."""
    move, larger = after - before, max(abs(before), abs(after))
    if abs(move) <= max(_LEAST_MOVE * larger, noise):
        return "flat"
    return "up" if move > 0 else "down"


def agrees(actual: JsonValue, expected: Scalar, tolerance: float) -> bool:
    """Whether a scalar of the evidence is what a selector expects.

    Numbers agree within the tolerance, moments to the second, text, truth values and null exactly.
    """
    if isinstance(actual, bool) or isinstance(expected, bool) or actual is None or expected is None:
        return actual is expected
    if isinstance(expected, str):
        return actual == expected or _same_moment(actual, expected)
    real, wanted = number(actual), number(expected)
    return real is not None and wanted is not None and near(real, wanted, tolerance)


def _same_moment(actual: JsonValue, expected: str) -> bool:
    one, other = moment(actual), moment(expected)
    return one is not None and other is not None and same_second(one, other)
