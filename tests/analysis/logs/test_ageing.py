"""Errors that call something too old tell since when it has not been made anew, where they agree on it."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.logs.ageing import dates_from
from rootline.domain.signal import LogLine

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(at_s: float, text: str, severity: str = "ERROR") -> LogLine:
    return LogLine(at=NOON + timedelta(seconds=at_s), service="pay", text=text, severity=severity)


def expired(times: list[float], *, since_s: float = 0) -> list[LogLine]:
    return [line(at, f"the quote has expired: it was issued {at - since_s:.0f} s ago") for at in times]


def test_ages_that_grow_with_the_clock_point_to_the_moment_since_which_nothing_came_anew() -> None:
    found = dates_from(expired([31.2, 33.4, 36.9, 41.0, 44.6]))

    assert found is not None
    assert abs(found - NOON) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("replica is 90 seconds behind", 90),
        ("snapshot 2 minutes old", 120),
        ("lease of node-3 is 1.5h overdue", 5400),
        ("heartbeat was 2500 ms ago", 2.5),
    ],
)
def test_units_are_read_as_programs_write_them(text: str, seconds: float) -> None:
    found = dates_from([*expired([31, 35, 39, 43]), line(seconds, text)])

    assert found is not None
    assert abs(found - NOON) < timedelta(seconds=1)


def test_what_is_always_of_one_age_points_to_no_moment() -> None:
    late = [line(at, "the quote has expired: it was issued 140 s ago") for at in (31, 34, 37, 40, 43, 47)]

    assert dates_from(late) is None


@pytest.mark.parametrize("times", [[31, 40, 50], [31, 32, 33, 34, 35]], ids=["three", "within a moment"])
def test_too_few_or_too_close_ages_tell_nothing(times: list[float]) -> None:
    assert dates_from(expired(times)) is None


def test_what_is_no_error_or_tells_no_age_counts_for_nothing() -> None:
    told = [line(at, f"cart was opened {at} s ago", "INFO") for at in range(30, 50)]
    others = [line(at, f"no answer within {at} s, attempt {at}") for at in range(30, 50)]

    assert dates_from([*told, *others]) is None


def test_one_of_many_may_be_of_another_age() -> None:
    assert dates_from([*expired([31, 34, 37, 40, 43, 46]), *expired([45], since_s=-300)]) is not None
    assert dates_from([*expired([31, 40]), *expired([36, 45], since_s=-300)]) is None


@pytest.mark.parametrize("age", ["999999999 hours", "9" * 500 + " s", "31536001 seconds"])
def test_an_absurd_age_is_none(age: str) -> None:
    assert dates_from([line(at, f"issued {age} ago") for at in range(30, 50)]) is None
