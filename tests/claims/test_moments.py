"""Moments as claims write them and as people are shown them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rootline.claims.agreement import agrees, number
from rootline.claims.moments import clock, moment, same_second, shown, span
from rootline.domain.claim import Scalar
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEST = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T13:00:00+01:00", NOON),
        ("2026-03-01T12:00:00.250Z", NOON.replace(microsecond=250_000)),
        ("2026-03-01T04:00:00-08:00", NOON),
    ],
)
def test_a_moment_with_its_zone_is_read_in_utc(text: str, read: datetime) -> None:
    assert moment(text) == read
    assert moment(text).tzinfo is UTC  # type: ignore[union-attr]  # the line above says it is one


@pytest.mark.parametrize(
    "given_text",
    [
        "2026-03-01T12:00:00",
        "2026-03-01",
        "2026-03-01 12:00:00Z",
        "",
        "T",
        "noon",
        "2026-13-01T12:00:00Z",
        "2026-03-01T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-03-01T12:00:00Z" + " " * 40,
        1740830400,
        None,
        ["2026-03-01T12:00:00Z"],
    ],
)
def test_anything_else_is_no_moment(given_text: object) -> None:
    assert moment(given_text) is None


@given(text=st.text(max_size=60) | st.text(alphabet="0123456789-:TZ+.", max_size=45))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = moment(text)

    assert read is None or read.utcoffset() == timedelta(0)


@given(at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.sampled_from([UTC, WEST])))  # noqa: DTZ001
def test_a_moment_that_is_shown_is_read_back_to_the_millisecond(at: datetime) -> None:
    read = moment(shown(at))

    assert read is not None
    assert same_second(read, at.astimezone(UTC))
    assert abs(read - at) < timedelta(milliseconds=1)


def test_a_day_is_told_only_where_it_is_another() -> None:
    assert clock(NOON) == "12:00:00"
    assert clock(NOON, beside=NOON + timedelta(hours=3)) == "12:00:00"
    assert clock(NOON, beside=NOON + timedelta(days=1)) == "2026-03-01 12:00:00"
    assert clock(NOON.astimezone(WEST)) == "12:00:00"


@pytest.mark.parametrize(
    "at", [datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.max.replace(tzinfo=WEST)]
)
def test_a_moment_outside_the_calendar_is_said_to_be_impossible(at: datetime) -> None:
    assert clock(at) == shown(at) == "an impossible time"


@pytest.mark.parametrize(
    ("minutes", "seconds", "text"),
    [
        (0, 3600, "12:00–13:00 UTC"),
        (0, 90, "12:00:00–12:01:30 UTC"),
        (0.5, 60, "12:00:30–12:01:30 UTC"),
        (0, 86_400, "12:00–2026-03-02 12:00 UTC"),
    ],
)
def test_a_span_is_as_short_as_it_can_be_told(minutes: float, seconds: float, text: str) -> None:
    start = NOON + timedelta(minutes=minutes)

    assert span(Window(start=start, end=start + timedelta(seconds=seconds))) == text


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (7, 7.0),
        (-1.5, -1.5),
        (0, 0.0),
        (True, None),
        (False, None),
        (None, None),
        ("7", None),
        ([7], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_only_a_finite_number_is_a_number(value: object, read: float | None) -> None:
    assert number(value) == read


@pytest.mark.parametrize(
    ("actual", "expected", "same"),
    [
        (100, 101.0, True),
        (100, 102.0, False),
        (100.0, "100", False),
        ("100", 100.0, False),
        ("a", "a", True),
        ("a", "A", False),
        ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00.900+01:00", True),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z", False),
        (True, True, True),
        (True, 1.0, False),
        (1, True, False),
        (0, False, False),
        (None, None, True),
        (None, 0.0, False),
        ("", None, False),
        ([1], 1.0, False),
        ({}, "x", False),
        (10**400, 1e308, False),
    ],
)
def test_what_was_expected_agrees_by_its_kind(actual: JsonValue, expected: Scalar, *, same: bool) -> None:
    assert agrees(actual, expected, 0.01) is same
