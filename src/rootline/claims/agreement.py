"""When a value that a claim expects agrees with the value that evidence holds."""

import math

from pydantic import JsonValue

from rootline.claims.moments import moment, same_second
from rootline.domain.claim import Scalar
from rootline.domain.levels import near


def number(value: object) -> float | None:
    """The value as a finite number; None for text, truth values, nothing, infinities and whatever overflows."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        real = float(value)
    except OverflowError:
        return None
    return real if math.isfinite(real) else None


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
