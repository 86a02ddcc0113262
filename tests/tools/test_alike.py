"""One and the same error of several services, as traces show it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.traces.analysis import analyse
from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.tools.failing import Failing, alike

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))
ERROR = "TypeError: cannot unpack non-iterable NoneType object"


def calls(service: str, called: str, error: str, *, first: int = 1) -> list[Span]:
    return [
        Span(
            trace_id=f"{service}{second}",
            span_id=f"{service}{second}",
            parent_id=None,
            service=service,
            operation=f"GET {called}",
            start=NOON + timedelta(seconds=second),
            duration_s=0.01,
            status="error" if second >= first else "unset",
            error=error if second >= first else "",
            attributes={"peer.service": called},
        )
        for second in range(-120, 20)
    ]


def told(*spans: Sequence[Span]) -> list[tuple[str, tuple[str, ...]]]:
    every = [one for of in spans for one in of]
    found = analyse(every, HOUR, onset=NOON)
    failing = Failing(found=found, services=frozenset(one.service for one in every))
    return [(one.error, tuple(name for name, _ in one.where)) for one in alike(failing)]


def test_what_several_fail_over_alike_is_told_with_the_first_of_them_first() -> None:
    assert told(calls("desk", "till", ERROR, first=4), calls("basket", "shelf", ERROR)) == [(ERROR, ("basket", "desk"))]


def test_numbers_in_an_error_make_it_no_other_error() -> None:
    ones = (calls("desk", "till", "IndexError: 17 of 16"), calls("basket", "shelf", "IndexError: 9 of 8"))

    assert told(*ones) == [("IndexError: <*> of <*>", ("basket", "desk"))]


@pytest.mark.parametrize(
    "spans",
    [
        (calls("desk", "till", ERROR),),
        (calls("desk", "till", ERROR), calls("basket", "shelf", "KeyError: 'kind'")),
        (calls("desk", "till", ERROR), calls("basket", "till", ERROR)),
        (calls("desk", "till", "IOError: timed out"), calls("basket", "shelf", "IOError: timed out")),
        (calls("desk", "till", "it is closed"), calls("basket", "shelf", "it is closed")),
        (calls("desk", "till", "KeyError: basket"), calls("basket", "shelf", "KeyError: basket")),
        (calls("desk", "till", ERROR, first=-120), calls("basket", "shelf", ERROR, first=-120)),
    ],
    ids=["one service", "two errors", "one callee", "who is away", "no fault of code", "who is named", "as ever"],
)
def test_nothing_else_is_alike(spans: Sequence[Sequence[Span]]) -> None:
    assert told(*spans) == []


def test_without_traces_nothing_is_alike() -> None:
    assert alike(Failing()) == ()
