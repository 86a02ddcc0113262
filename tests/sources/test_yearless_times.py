"""Times without a year are dated by when the line was received, over New Year and leap days too."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.sources.test_log_files import write

from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.last_lines import last_written
from rootline.sources.logs.files import LogFiles
from rootline.sources.logs.leading_time import split_time
from rootline.sources.logs.source import LogQuery
from rootline.sources.logs.yearless import AHEAD, split_yearless

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)
MICROS = timedelta(microseconds=123456)


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("I1123 03:04:05.123456       1 store.go:24] ready", AT + MICROS, "1 store.go:24] ready"),
        ("E1123 03:04:05 1 store.go:24] gone", AT, "1 store.go:24] gone"),
        ("Nov 23 03:04:05 node-1 cart[81]: gone", AT, "node-1 cart[81]: gone"),
        ("<11>Nov 23 03:04:05 node-1 cart[81]: gone", AT, "node-1 cart[81]: gone"),
        ("Nov 23 03:04:05.123456 node-1 cart: gone", AT + MICROS, "node-1 cart: gone"),
        ("Nov 23 05:04:05 +0200 node-1 cart: gone", AT, "node-1 cart: gone"),
        ("Nov 23 03:04:05 UTC node-1 cart: gone", AT, "node-1 cart: gone"),
        ("Nov  3 03:04:05 node-1 cart: gone", AT - timedelta(days=20), "node-1 cart: gone"),
        ("Nov 03 03:04:05 node-1 cart: gone", AT - timedelta(days=20), "node-1 cart: gone"),
    ],
)
def test_the_ways_of_syslog_and_klog_are_read(text: str, at: datetime, rest: str) -> None:
    assert split_yearless(text, RECEIVED) == split_time(text, RECEIVED) == (at, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nov 23 node-1 cart: gone",
        "Nov 31 03:04:05 node-1 cart: gone",
        "Now 23 03:04:05 node-1 cart: gone",
        "Nov 23 25:04:05 node-1 cart: gone",
        "I1323 03:04:05.123456 1 store.go:24] ready",
        "I0000 03:04:05.123456 1 store.go:24] ready",
        "D1123 03:04:05.123456 1 store.go:24] ready",
        "<1234>Nov 23 03:04:05 node-1 cart: gone",
        "Nov 23 03:04:05.123456" + "1" * 50_000,
    ],
)
def test_what_is_none_of_them_is_left_alone(text: str) -> None:
    assert split_yearless(text, RECEIVED) is None


def test_where_nobody_knows_when_a_line_was_received_it_is_not_dated() -> None:
    assert split_time("Nov 23 03:04:05 node-1 cart: gone") is None


def test_a_time_with_a_year_is_read_as_it_is() -> None:
    assert split_time("2019-11-23T03:04:05Z gone", RECEIVED) == (AT.replace(year=2019), "gone")


@pytest.mark.parametrize(
    ("text", "received", "year"),
    [
        ("Dec 31 23:59:59 a b: c", datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), 2026),
        ("I1231 23:59:59 1 b] c", datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), 2026),
        ("Jan  1 00:00:00 a b: c", datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), 2027),
        ("Nov 23 12:00:00 a b: c", RECEIVED, 2026),
        ("Nov 25 12:00:00 a b: c", RECEIVED, 2025),
        ("Feb 29 12:00:00 a b: c", RECEIVED, 2024),
        ("Feb 29 12:00:00 a b: c", datetime(2104, 2, 28, tzinfo=UTC), 2096),
    ],
)
def test_the_year_is_the_last_that_is_not_after_the_line_was_received(text: str, received: datetime, year: int) -> None:
    found = split_yearless(text, received)

    assert found is not None
    assert found[0].year == year


@pytest.mark.parametrize(("ahead", "year"), [(AHEAD, 2027), (AHEAD + timedelta(seconds=1), 2026)])
def test_a_local_time_may_be_ahead_of_utc_and_already_in_the_new_year(ahead: timedelta, year: int) -> None:
    received = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    found = split_yearless(f"{received + ahead:%b %d %H:%M:%S} a b: c", received)

    assert found is not None
    assert found[0].year == year


@pytest.mark.anyio
async def test_a_file_over_new_year_is_read_in_order_with_its_levels(tmp_path: Path) -> None:
    lines = [
        "Dec 31 23:59:58 node-1 cart[81]: ERROR no stock",
        "W1231 23:59:59.500000       1 store.go:24] slow, no error",
        "    a line of a stack trace without a time",
        "E0101 00:00:01.000001       1 store.go:30] gone",
        "Jan  1 00:00:02 node-1 cart[81]: back",
    ]
    file = write(tmp_path, "cart.log", *lines)
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    os.utime(file, times=((midnight + timedelta(minutes=5)).timestamp(),) * 2)
    window = Window(start=midnight - timedelta(minutes=1), end=midnight + timedelta(minutes=1))

    read = await LogFiles([file]).read(LogQuery(), window)

    assert [((one.at - midnight).total_seconds(), one.severity, one.text) for one in read.lines] == [
        (-2.0, "ERROR", "node-1 cart[81]: ERROR no stock"),
        (-0.5, "WARNING", "1 store.go:24] slow, no error"),
        (-0.5, "", "    a line of a stack trace without a time"),
        (1.000001, "ERROR", "1 store.go:30] gone"),
        (2.0, "", "node-1 cart[81]: back"),
    ]
    assert {one.service for one in read.lines} == {"cart"}


def test_when_a_file_that_is_gone_was_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        last_written(tmp_path / "none.log")
