from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.scene import scene_of
from tests.fakes.spans import AROUND, NOON, span

from rootline.domain.evidence import Reading
from rootline.domain.fact import OperationFact
from rootline.domain.signal import Alert, Series, Span
from rootline.models.builtin.naming import named
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.metrics.source import RecordedMetrics
from rootline.sources.traces.source import RecordedTraces
from rootline.tools.analyze_traces import analyze_traces

ALERT = Alert(name="slow", service="web", severity="high", fired_at=NOON)


async def read(*spans: Span, metrics: Series | None = None) -> Reading:
    scene = scene_of(
        Sources(
            traces=RecordedTraces(spans),
            alerts=RecordedAlerts([ALERT]),
            metrics=RecordedMetrics([metrics] if metrics else []),
        ),
        AROUND,
    )
    return await analyze_traces(scene=scene)


def page(trace: str, at_s: float, *, rows: int = 1, row_s: float = 0.01, callee: str = "db/SELECT") -> list[Span]:
    whole = 0.1 + rows * row_s
    below = [span(f"{3 + row}<2", callee, at_s + 0.06 + row * row_s, row_s, trace=trace) for row in range(rows)]
    return [
        span("1", "web/GET /", at_s, whole, trace=trace),
        span("2<1", "cart/List", at_s + 0.05, whole - 0.06, trace=trace),
        *below,
    ]


def notes(reading: Reading, service: str) -> list[str]:
    facts = [one for one in reading.facts if isinstance(one, OperationFact) and one.service == service]
    return [note for one in facts for note in one.notes]


@pytest.mark.anyio
async def test_a_loop_of_calls_is_noted_where_it_is_made() -> None:
    reading = await read(*page("a", -600), *page("b", -300), *page("c", 60, rows=30), *page("d", 120, rows=30))

    assert any(note.startswith("n plus one: 30 calls of SELECT in db") for note in notes(reading, "cart"))


@pytest.mark.anyio
async def test_the_critical_path_of_the_slowest_trace_is_told_step_by_step() -> None:
    reading = await read(*page("a", -600), *page("b", 60), *page("c", 120, row_s=2.0))

    assert "slowest trace c, 2.1 s, own time on its critical path: web GET / 0.06 s > cart List" in reading.summary
    assert "on the critical path of the slowest trace c: 2 s its own" in notes(reading, "db")
    shown = {one.service: one.trace_id for one in reading.facts if isinstance(one, OperationFact)}
    assert shown == {"web": "c", "cart": "c", "db": "c"}


@pytest.mark.anyio
async def test_a_callee_that_leaves_no_spans_any_more_is_noted() -> None:
    before = [one for at in range(4) for one in page(f"b{at}", -600 + 60 * at)]
    silent = [one for at in range(4) for one in page(f"a{at}", 60 + 60 * at, rows=0)]

    reading = await read(*before, *silent)

    assert "missing spans: db answered 100 % of its calls before, 0 % now" in notes(reading, "cart")


@pytest.mark.anyio
async def test_parents_that_never_arrive_are_noted_with_who_usually_calls() -> None:
    before = [one for at in range(4) for one in page(f"b{at}", -600 + 60 * at)]
    orphaned = [one for at in range(4) for one in page(f"a{at}", 60 + 60 * at) if one.service != "cart"]

    reading = await read(*before, *orphaned)

    assert (
        notes(reading, "db")[0] == "missing spans: the caller of 100 % of its calls, 0 % before, usually called by cart"
    )


@pytest.mark.parametrize(
    ("note", "cause"),
    [
        ("n plus one: 30 calls of SELECT in db a time, 1 before", "call_in_a_loop"),
        ("retry: 3 calls of Charge in bank a time, 1 before", "retry_storm"),
        ("waits: gap before first child 0.4 s", "work_waits_in_a_queue"),
        ("waits: db.pool.wait_ms 0.4 s", "connections_exhausted"),
        ("fan out: 30 calls of push-queue in mail a time, 2 before", "its_requests_fail"),
        ("80 % of what slow retrieve-gap-pool traces have more", "its_requests_fail"),
        ("missing spans: retry-queue answered 100 % of its calls before, 0 % now", "its_requests_fail"),
    ],
)
def test_a_cause_is_named_by_what_traces_show_and_never_by_the_name_of_an_operation(note: str, cause: str) -> None:
    assert named(None, [note], has_errors=True)[1] == cause


@pytest.mark.anyio
async def test_a_trace_within_the_step_before_the_onset_is_one_of_those_that_went_wrong() -> None:
    times = NOON.timestamp() + 60.0 * np.arange(-29, 30, dtype=np.float64)
    minute = Series(service="web", metric="latency_p99_seconds", times=times, values=np.r_[[0.2] * 29, [4.0] * 30])
    spans = [*page("a", -600), *page("b", -40, rows=30)]

    reading = await read(*spans, metrics=minute)

    assert any(
        note.startswith("n plus one: 30 calls of SELECT in db a time, 1 before") for note in notes(reading, "cart")
    )


def facts_of(reading: Reading, service: str) -> list[OperationFact]:
    return [one for one in reading.facts if isinstance(one, OperationFact) and one.service == service]


@pytest.mark.anyio
async def test_how_many_times_as_often_as_before_a_call_is_repeated_is_told() -> None:
    reading = await read(*page("a", -600), *page("b", -300), *page("c", 60, rows=30), *page("d", 120, rows=30))

    assert [one.repeats for one in facts_of(reading, "cart")] == [30.0]
    assert [one.repeats for one in facts_of(reading, "web")] == [0.0]


@pytest.mark.anyio
async def test_by_way_of_whom_failing_requests_came_is_told_and_noted() -> None:
    bad = [one for at in range(4) for one in handed(f"b{at}", 60.0 + at, "desk/POST /order", error="no number")]
    good = [one for at in range(4) for one in handed(f"g{at}", 60.0 + at, "web/GET /")]

    reading = await read(*bad, *good)

    assert [one.by_way_of for one in facts_of(reading, "pricing")] == [["desk"]]
    assert "fails over what desk hand on" in notes(reading, "pricing")


def handed(trace: str, at_s: float, caller: str, *, error: str = "") -> list[Span]:
    return [
        span("1", caller, at_s, 1.0, trace=trace, error=error),
        span("2<1", "pricing/POST /quote", at_s + 0.1, 0.1, trace=trace, error=error),
    ]


@pytest.mark.anyio
async def test_through_which_new_version_calls_fail_is_told_and_noted() -> None:
    good = [one for at in range(30) for one in versioned(f"g{at}", -60.0 + at, "v1")]
    bad = [one for at in range(6) for one in versioned(f"b{at}", 60.0 + at, "v2", error="no number")]

    reading = await read(*good, *bad)

    told = (
        "6 of 6 calls of POST /quote that went through desk v2 went wrong, and 0 of 30 through the versions before it"
    )
    assert [one.version_contrast for one in facts_of(reading, "pricing")] == [told]
    assert notes(reading, "pricing")[0] == told
    assert told in reading.summary


def versioned(trace: str, at_s: float, version: str, *, error: str = "") -> list[Span]:
    above, below = handed(trace, at_s, "desk/POST /order", error=error)
    return [replace(above, attributes={**above.attributes, "service.version": version}), below]
