from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs.clock import BEFORE, LATER, NOW, Clock, Part

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOCK = Clock(split=NOON, end=NOON + timedelta(hours=1))
EAST = timezone(timedelta(hours=5, minutes=30))
NOTATIONS: dict[str, Callable[[datetime], str]] = {
    "utc": lambda at: at.isoformat().replace("+00:00", "Z"),
    "no zone": lambda at: at.strftime("%Y-%m-%d %H:%M:%S,000"),
    "east": lambda at: at.astimezone(EAST).isoformat(),
    "seconds": lambda at: f"{at.timestamp():.0f}",
    "parts of seconds": lambda at: f"{at.timestamp():.3f}",
    "milliseconds": lambda at: f"{at.timestamp() * 1000:.0f}",
    "microseconds": lambda at: f"{int(at.timestamp()) * 10**6}",
    "nanoseconds": lambda at: f"{int(at.timestamp()) * 10**9}",
    "exponent": lambda at: f"{at.timestamp():.9e}",
}


def parts(times: list[str]) -> list[Part]:
    found = {at: part for part, places in CLOCK.places([time.encode() for time in times]).items() for at in places}
    return [found[at] for at in range(len(times))]


@pytest.mark.parametrize("notation", NOTATIONS)
@given(minutes=st.lists(st.integers(-90, 150), max_size=12))
def test_a_time_belongs_to_its_part_in_whatever_notation(notation: str, minutes: list[int]) -> None:
    expected = [BEFORE if minute < 0 else NOW if minute < 60 else LATER for minute in minutes]

    assert parts([NOTATIONS[notation](NOON + timedelta(minutes=minute)) for minute in minutes]) == expected


def test_a_time_that_is_not_there_or_cannot_be_read_is_now() -> None:
    before = NOTATIONS["utc"](NOON - timedelta(minutes=5))

    assert parts(["", "", ""]) == [NOW] * 3
    assert parts(["soon", before, "9" * 30]) == [NOW, BEFORE, NOW]
    assert parts([before, "", before]) == [BEFORE, NOW, BEFORE]


def test_two_notations_at_the_ends_are_read_one_by_one() -> None:
    times = [NOTATIONS[name](NOON - timedelta(minutes=5)) for name in ("utc", "east", "seconds", "milliseconds")]

    assert parts(times) == [BEFORE] * 4
