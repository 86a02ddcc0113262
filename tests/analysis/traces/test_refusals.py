"""Refusals that nobody calls failures: those of a door's own, when they are new."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.traces.analysis import analyse
from rootline.analysis.traces.forest import plant
from rootline.analysis.traces.refusals import is_refusal
from rootline.domain.signal import Span
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def answered(at_s: float, code: str, *, status: str = "unset", parent: str | None = None, name: str = "") -> Span:
    return Span(
        trace_id=f"t{at_s}",
        span_id=name or f"s{at_s}",
        parent_id=parent,
        service="door",
        operation="GET /page",
        start=NOON + timedelta(seconds=at_s),
        duration_s=0.01,
        status="error" if status == "error" else "unset",
        attributes={"http.response.status_code": code},
    )


def refused_at(spans: list[Span]) -> list[float]:
    forest = plant(spans)
    return [forest.starts[at] - NOON.timestamp() for at in sorted(forest.refused)]


def calls(bad_after: int, of: int = 60, code: str = "429") -> list[Span]:
    return [answered(at, code if at >= bad_after and at % 2 else "200") for at in range(of)]


def test_what_is_newly_refused_has_failed() -> None:
    forest = plant(calls(40))

    assert [at for at in range(60) if forest.failed(at)] == list(range(41, 60, 2))


def test_errors_begin_where_requests_are_newly_refused() -> None:
    window = Window(start=NOON, end=NOON + timedelta(minutes=1))

    found = analyse(calls(40), window, onset=NOON + timedelta(seconds=40))

    assert [(one.service, one.message, one.count, one.baseline_count) for one in found.error_roots] == [
        ("door", "429", 10, 0)
    ]


@pytest.mark.parametrize(
    "spans",
    [
        calls(0),
        calls(60),
        calls(52),
        [answered(at, "404" if at % 20 == 19 else "200") for at in range(60)],
        [answered(at, "500" if at >= 40 else "200") for at in range(60)],
        [answered(at, "429" if at >= 40 else "200", status="error") for at in range(60)],
    ],
    ids=["ever", "never", "a few", "once in a while", "no refusal", "told by itself"],
)
def test_nothing_else_counts_as_newly_refused(spans: list[Span]) -> None:
    assert refused_at(spans) == []


def test_a_refusal_of_which_the_caller_tells_is_the_callers() -> None:
    callers = [answered(at, "200", status="error", name=f"c{at}") for at in range(40, 60)]
    below = [answered(at + 0.1, "404", parent=f"c{at}", name=f"b{at}") for at in range(40, 60)]

    assert refused_at([answered(at, "200") for at in range(40)] + callers + below) == []


def test_more_refusals_than_before_are_new_when_they_are_many_times_as_many() -> None:
    spans = [answered(at, "404" if at % 20 == 0 or at >= 60 else "200") for at in range(80)]

    assert refused_at(spans) == [float(at) for at in range(60, 80)]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("404", True),
        ("499", True),
        ("399", False),
        ("500", False),
        ("", False),
        ("4xx", False),
        ("4040", False),
        ("٤٠٤", False),
    ],
)
def test_a_refusal_is_a_status_of_400_to_499(code: str, *, refusal: bool) -> None:
    assert is_refusal(answered(0, code)) is refusal
