"""A window is half-open, in UTC, and reads back as it was written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rootline.domain.window import Window, rfc3339

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 a zone is drawn beside it
    datetime(2100, 1, 1),  # noqa: DTZ001 see above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))]),
)
WINDOWS = st.builds(
    lambda start, length: Window(start=start, end=start + length),
    MOMENTS,
    st.timedeltas(timedelta(milliseconds=1), timedelta(days=60)),
)


def hours(first: float, last: float) -> Window:
    return Window(start=NOON + timedelta(hours=first), end=NOON + timedelta(hours=last))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOON, "2026-03-01T12:00:00Z"),
        (NOON.replace(microsecond=5_000), "2026-03-01T12:00:00.005Z"),
        (NOON.replace(microsecond=999), "2026-03-01T12:00:00.000Z"),
        (datetime(2026, 3, 1, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2026-03-01T12:00:00Z"),
        (datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-2))), "2026-03-02T01:30:00Z"),
    ],
)
def test_a_moment_is_written_in_utc(moment: datetime, text: str) -> None:
    assert rfc3339(moment) == text


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1), timedelta(microseconds=900)])
def test_a_window_without_a_length_is_refused(length: timedelta) -> None:
    with pytest.raises(ValidationError, match=r"a window ends after it starts, but .* is not after"):
        Window(start=NOON, end=NOON + length)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (hours(0, 1), True),
        (hours(-1, 0), False),
        (hours(1, 2), False),
        (hours(-1, 0.1), True),
        (hours(0.9, 2), True),
        (hours(0.2, 0.3), True),
        (hours(-5, 5), True),
        (hours(3, 4), False),
    ],
)
def test_two_windows_that_only_touch_share_no_time(other: Window, *, shared: bool) -> None:
    assert hours(0, 1).overlaps(other) is other.overlaps(hours(0, 1)) is shared


def test_the_start_belongs_to_a_window_and_the_end_does_not() -> None:
    window = hours(0, 1)

    assert [window.contains(NOON + timedelta(hours=one)) for one in (-0.01, 0, 0.5, 0.999, 1, 2)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_window_is_shown_as_an_interval() -> None:
    assert str(hours(0, 1)) == "2026-03-01T12:00:00Z/2026-03-01T13:00:00Z"
    assert hours(0, 1).duration == timedelta(hours=1)


@given(window=WINDOWS)
def test_a_window_reads_back_as_it_was_written(window: Window) -> None:
    assert Window.model_validate_json(window.model_dump_json()) == window
    assert Window(start=window.start, end=window.end) == window


@given(one=WINDOWS, other=WINDOWS)
def test_windows_overlap_where_one_holds_the_start_of_the_other(one: Window, other: Window) -> None:
    assert one.overlaps(other) == (one.contains(other.start) or other.contains(one.start))
