from datetime import UTC, datetime

import pytest

from rootline.sources.logs.leading_time import moment_in, split_time

AT = datetime(2026, 5, 21, 11, 3, 9, 114_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-21 11:03:09,114 worker starts",
        "2026-05-21T11:03:09.114Z worker starts",
        "2026-05-21T11:03:09.114 worker starts",
        "[2026-05-21 11:03:09.114] worker starts",
        "2026-05-21 11:03:09.114 UTC worker starts",
        "2026-05-21 13:03:09.114 +0200 worker starts",
        "2026-05-21T13:03:09.114+02:00 worker starts",
        "2026/05/21 11:03:09.114 worker starts",
        "[2026/05/21 11:03:09.114] worker starts",
    ],
)
def test_the_usual_ways_to_begin_a_line_are_read(text: str) -> None:
    assert split_time(text) == (AT, "worker starts")


@pytest.mark.parametrize(
    "text", ["worker starts", "", "2026-05-21", "2026-13-45 11:03:09 x", "11:03:09 x", "2026/13/45 11:03:09 x"]
)
def test_a_line_that_begins_with_no_time_is_left_alone(text: str) -> None:
    assert split_time(text) is None


def test_the_time_of_a_request_is_taken_out_of_its_line() -> None:
    line = '10.0.0.1 - ada [21/May/2026:13:03:09 +0200] "GET /x HTTP/1.1" 500 12'

    assert split_time(line) == (AT.replace(microsecond=0), '10.0.0.1 - ada "GET /x HTTP/1.1" 500 12')


@pytest.mark.parametrize(
    "when", ["21/Mai/2026:13:03:09 +0200", "31/Feb/2026:13:03:09 +0200", "21/May/2026:13:03:09", "x"]
)
def test_what_is_no_time_of_a_request_is_left_alone(when: str) -> None:
    assert split_time(f'10.0.0.1 - ada [{when}] "GET /x HTTP/1.1" 500 12') is None


def test_a_minus_after_the_time_is_no_zone() -> None:
    assert split_time("2026-05-21 11:03:09.114 - worker starts") == (AT, "- worker starts")


def test_numbers_are_seconds_or_parts_of_them() -> None:
    assert moment_in("1779361389") == moment_in("1779361389000") == moment_in("1779361389000000000")
    assert moment_in("soon") is None
