"""Services that write other lines about a request than usual."""

from datetime import UTC, datetime, timedelta

from rootline.analysis.logs.behaviour import LogBehaviour, log_behaviours
from rootline.analysis.logs.summary import grouped
from rootline.domain.signal import LogLine
from rootline.domain.window import Window

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(minutes=1))
USUAL = ("request received by the cart handler", "cart rows were loaded from storage", "cart reply was sent back")


def request(number: int, at: datetime, *texts: str, service: str = "cart", traced: bool = True) -> list[LogLine]:
    trace = f"trace-{number}" if traced else ""
    return [
        LogLine(at=at + timedelta(milliseconds=place), service=service, text=text, trace_id=trace)
        for place, text in enumerate(texts)
    ]


def found(*now: str, traced: bool = True) -> list[LogBehaviour]:
    lines = [
        line
        for at in range(120)
        for line in request(at, START - timedelta(seconds=240 - 2 * at), *USUAL, traced=traced)
    ]
    for at in range(20):
        lines += request(1000 + at, START + timedelta(seconds=1 + 2 * at), *now, traced=traced)
    return log_behaviours(grouped(lines, (), WINDOW), WINDOW)


def test_lines_that_are_missing_are_told_with_their_shares() -> None:
    (told,) = found(USUAL[0])

    assert told.service == "cart"
    assert told.changed > 0.8
    assert {(one.template, one.usual, one.now) for one in told.changes} == {
        (USUAL[1], 1.0, 0.0),
        (USUAL[2], 1.0, 0.0),
    }


def test_a_line_that_is_new_is_told() -> None:
    (told,) = found(*USUAL, "stock level could not be negative here")

    assert [(one.template, one.usual, one.now) for one in told.changes] == [
        ("stock level could not be negative here", 0.0, 1.0)
    ]


def test_the_same_lines_as_ever_are_no_change() -> None:
    assert found(*USUAL) == []


def test_lines_without_a_trace_say_nothing_of_requests() -> None:
    assert found(USUAL[0], traced=False) == []


def test_no_lines_at_all_are_no_change() -> None:
    assert log_behaviours([], WINDOW) == []


LOADED = ("rows are asked for", "rows were handed out")
KEPT = ("a row is reserved for them", "the row stands reserved")


def mixed(loads: int, keeps: int, *now: tuple[str, ...]) -> list[LogBehaviour]:
    """A service with two kinds of requests, so many of each now; every fourth of the past is of the second kind."""
    lines: list[LogLine] = []
    for at in range(120):
        kind = KEPT if at % 4 == 0 else LOADED
        lines += request(at, START - timedelta(seconds=240 - 2 * at), *kind)
    for at, texts in enumerate([*[LOADED] * loads, *[KEPT] * keeps, *now]):
        lines += request(1000 + at, START + timedelta(seconds=1 + at), *texts)
    return log_behaviours(grouped(lines, (), WINDOW), WINDOW)


def test_other_requests_than_usual_are_not_other_doings() -> None:
    assert mixed(loads=0, keeps=24) == []
    assert mixed(loads=24, keeps=0) == []


def test_what_is_missing_in_one_kind_of_requests_is_found_whatever_the_mix() -> None:
    (told,) = mixed(4, 20, *[LOADED[:1]] * 12)

    assert [(one.template, one.usual) for one in told.changes] == [(LOADED[1], 1.0)]


def test_requests_that_begin_with_nothing_known_miss_their_first_line() -> None:
    (told,) = mixed(10, 0, *[("it went wrong before anything was read",)] * 20)

    assert {one.template for one in told.changes} >= {LOADED[0], "it went wrong before anything was read"}


def test_one_odd_request_of_a_few_is_chance() -> None:
    assert mixed(3, 0, (LOADED[0], "a row could not be read")) == []
