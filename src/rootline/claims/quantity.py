"""Numbers with their unit as people write them: three significant digits, and the unit that keeps them short."""

from collections.abc import Sequence

_DIGITS = 3
_ROUND = 5
_LONGEST_UNIT = 40
# Source: SI prefixes (bytes: IEC 80000-13) and the Prometheus base units; each: least size, divisor, what is written.
_SCALES: dict[str, tuple[tuple[float, float, str], ...]] = {
    "s": ((60.0, 1.0, "s"), (1.0, 1.0, "s"), (1e-3, 1e-3, "ms"), (0.0, 1e-6, "µs")),
    "bytes": ((2.0**30, 2.0**30, "GiB"), (2.0**20, 2.0**20, "MiB"), (2.0**10, 2.0**10, "KiB"), (0.0, 1.0, "bytes")),
    "ratio": ((0.0, 0.01, "%"),),
    "percent": ((0.0, 1.0, "%"),),
    "us": ((0.0, 1.0, "µs"),),
    "1/s": ((0.0, 1.0, "/s"),),
    "count": ((0.0, 1.0, ""),),
}


def digits(value: float) -> str:
    """Write a number with three significant digits and thousands separators, as 3,840 or 0.0123.

    Very small and very large numbers are written as 1.23e-09.
    """
    if value == 0:
        return "0"
    if not 10**-_ROUND <= abs(value) < 10.0**15:
        return f"{value:.{_DIGITS - 1}e}"
    rounded = float(f"{value:.{_DIGITS}g}")
    places = max(_DIGITS - 1 - _magnitude(rounded), 0)
    text = f"{rounded:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantities(values: Sequence[float], unit: str) -> tuple[tuple[str, ...], str]:
    """Write values of one unit in one scale, which their largest chooses; return the numbers and the unit's sign."""
    largest = max((abs(value) for value in values), default=0.0)
    scales = _SCALES.get(unit, ((0.0, 1.0, unit[:_LONGEST_UNIT]),))
    _, divisor, sign = next((scale for scale in scales if largest >= scale[0]), scales[-1])
    if largest == 0:
        divisor, sign = (1.0, "s") if unit == "s" else (divisor, sign)
    return tuple(digits(value / divisor) for value in values), sign


def quantity(value: float, unit: str) -> str:
    """Write one value with its unit, as 212 ms, 4.2 % or 1.5 GiB; a whole number without a unit stays exact."""
    if not unit and value == int(value) and abs(value) < 10.0**15:
        return str(int(value))
    (number,), sign = quantities((value,), unit)
    return f"{number} {sign}".strip()


def _magnitude(value: float) -> int:
    """The exponent of ten of the first digit."""
    return int(f"{abs(value):e}".split("e")[1])
