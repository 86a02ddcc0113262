import pytest
from tests.fakes.spans import AROUND, NOON, span

from rootline.analysis.traces import TraceFindings, analyse
from rootline.analysis.traces.periods import Timing
from rootline.domain.signal import Span


def found(*spans: Span) -> TraceFindings:
    return analyse(spans, AROUND, onset=NOON)


def page(trace: str, begin_s: float, *, db_s: float) -> list[Span]:
    return [
        span(f"{trace}1", "web/GET /", begin_s, db_s + 0.2, trace=trace),
        span(f"{trace}2<{trace}1", "cart/List", begin_s + 0.1, db_s + 0.1, trace=trace),
        span(f"{trace}3<{trace}2", "db/SELECT", begin_s + 0.1, db_s, trace=trace),
    ]


def test_self_time_names_the_operation_that_got_slower() -> None:
    findings = found(*page("a", -60, db_s=0.1), *page("b", 60, db_s=2.1))

    slower = findings.operations[0]
    assert (slower.service, slower.operation, slower.count, slower.baseline_count) == ("db", "SELECT", 1, 1)
    assert (slower.self_time, slower.baseline_self_time) == (
        Timing(p50_s=2.1, p95_s=2.1),
        Timing(p50_s=0.1, p95_s=0.1),
    )


def test_slow_traces_are_contrasted_with_those_before_the_onset() -> None:
    contrast = found(*page("a", -60, db_s=0.1), *page("b", 60, db_s=2.1)).slow[0]

    assert (contrast.service, contrast.compared_with, contrast.slow_traces, contrast.normal_traces) == (
        "web",
        "baseline",
        1,
        1,
    )
    assert [(one.service, round(one.share, 3)) for one in contrast.contributions] == [("db", 1.0)]


def test_without_a_baseline_the_window_itself_gives_the_normal_traces() -> None:
    normal = [one for at in range(5) for one in page(f"n{at}", 10 + at, db_s=0.1)]

    contrast = found(*normal, *page("b", 60, db_s=2.1)).slow[0]

    assert (contrast.compared_with, contrast.slow_traces, contrast.normal_traces) == ("window", 1, 5)
    assert contrast.contributions[0].service == "db"


def test_slow_traces_alone_show_where_their_time_went() -> None:
    contrast = found(*page("b", 60, db_s=9.7)).slow[0]

    assert contrast.compared_with == "nothing"
    assert (contrast.contributions[0].service, round(contrast.contributions[0].share, 2)) == ("db", 0.98)


def test_an_error_begins_at_the_deepest_span_whose_children_are_fine() -> None:
    findings = found(
        span("1", "web/GET /", 5, 0.9, error="502"),
        span("2<1", "cart/List", 5.1, 0.7, error="upstream failed"),
        span("3<2", "stock/Reserve", 5.2, 0.5, error="pool exhausted after 5000 ms"),
        span("4<3", "db/SELECT", 5.3, 0.1),
    )

    assert [(root.service, root.message, root.reached) for root in findings.error_roots] == [
        ("stock", "pool exhausted after 5000 ms", ("cart", "web"))
    ]


def test_errors_that_differ_in_a_number_are_one_root_and_counted_around_the_onset() -> None:
    spans = [
        span(f"{at}", "web/GET", begin, 0.1, trace=f"t{at}", error=f"timeout after {at} ms")
        for at, begin in enumerate((-9.0, 3.0, 4.0))
    ]

    root = found(*spans).error_roots[0]

    assert (root.count, root.baseline_count, root.message) == (2, 1, "timeout after 1 ms")


def test_an_error_without_a_span_of_the_callee_names_the_peer() -> None:
    failing = span("1", "pay/POST charges", 3, 0.2, error="503", attributes={"server.address": "api.example"})

    assert found(failing).error_roots[0].peer == "api.example"


def test_many_calls_one_after_the_other_are_an_n_plus_one() -> None:
    loop = [span(f"c{at}<1", f"db/get item {at}", 1 + at * 0.1, 0.09) for at in range(20)]

    repetition = found(span("1", "cart/List", 1, 2), *loop).repetitions[0]

    assert (repetition.manner, repetition.most, repetition.operation) == ("n_plus_one", 20, "get item <*>")
    assert repetition.share == pytest.approx(0.9)


def test_many_calls_at_once_are_a_fan_out() -> None:
    burst = [span(f"c{at}<1", "search/Shard", 1.1, 0.9) for at in range(8)]

    assert found(span("1", "web/Search", 1, 1), *burst).repetitions[0].manner == "fan_out"


def test_calls_again_after_an_error_are_retries_under_any_numbered_name() -> None:
    findings = found(
        span("1", "cart/Pay", 1, 3),
        span("2<1", "pay/Charge", 1, 0.5, error="503"),
        span("3<1", "pay/Charge (retry 1)", 2, 0.5, error="503"),
    )

    assert [(one.manner, one.operation, one.most) for one in findings.repetitions] == [("retry", "Charge", 2)]


def test_a_loop_that_was_always_there_is_not_reported() -> None:
    def loop(trace: str, begin_s: float) -> list[Span]:
        calls = [span(f"{trace}{at}<{trace}", "db/get", begin_s + at, 0.5, trace=trace) for at in range(6)]
        return [span(trace, "cart/List", begin_s, 9, trace=trace), *calls]

    assert found(*loop("a", -60), *loop("b", 60)).repetitions == ()


def test_a_growing_gap_before_the_first_child_is_a_queue() -> None:
    def handled(trace: str, begin_s: float, gap_s: float) -> list[Span]:
        return [
            span(f"{trace}1", "web/GET", begin_s, gap_s + 0.2, trace=trace),
            span(f"{trace}2<{trace}1", "web/handler", begin_s + gap_s, 0.1, trace=trace),
        ]

    sign = found(*handled("a", -9, 0.01), *handled("b", 9, 1.5)).queueing[0]

    assert (sign.sign, sign.unit, round(sign.value, 3)) == ("gap before first child", "s", 1.5)
    assert sign.baseline == pytest.approx(0.01, abs=1e-4)


def test_attributes_that_speak_of_waiting_are_read_with_their_unit() -> None:
    waited = {"queue_wait_ms": "4380", "queue_depth": "237", "retries": "3"}

    signs = found(span("1", "web/GET", 3, 5, attributes=waited)).queueing

    assert [(one.sign, one.unit, one.value) for one in signs] == [
        ("queue_depth", "", 237.0),
        ("queue_wait_ms", "s", 4.38),
    ]


def test_parents_that_never_arrived_are_counted_with_the_usual_callers() -> None:
    findings = found(*page("a", -60, db_s=0.1), *page("b", 60, db_s=0.1)[2:])

    assert [(one.service, one.share, one.baseline_share, one.usual_callers) for one in findings.missing] == [
        ("db", 1.0, 0.0, ("cart",))
    ]


def test_a_callee_that_no_longer_answers_is_lost() -> None:
    alone = [span(f"{at}", "cart/List", at, 0.1, trace=f"x{at}", error="refused") for at in range(3)]

    findings = found(*page("a", -60, db_s=0.1), *alone)

    assert [(one.service, one.callee, one.share, one.baseline_share) for one in findings.lost] == [
        ("cart", "db", 0.0, 1.0)
    ]


def test_rates_of_calls_are_compared_over_the_length_of_their_time() -> None:
    quiet = [span(f"a{at}", "web/GET", -60 * at - 60, 0.1, trace=f"a{at}") for at in range(10)]
    busy = [span(f"b{at}", "web/GET", 10 + at, 0.1, trace=f"b{at}") for at in range(50)]

    assert found(*quiet, *busy).operations[0].rate_change == pytest.approx(5)


def test_the_critical_path_follows_the_children_that_ended_last() -> None:
    findings = found(
        span("1", "web/GET", 0, 10),
        span("2<1", "ads/Fast", 0, 1),
        span("3<1", "cart/First", 0, 4),
        span("4<1", "pay/Second", 4, 5.5),
        span("5<4", "bank/Charge", 5, 4),
    )

    path = [(step.service, step.depth) for step in findings.critical_path]
    assert path == [("web", 0), ("cart", 1), ("pay", 1), ("bank", 2)]


def test_no_spans_give_no_findings() -> None:
    assert found() == TraceFindings(
        operations=(),
        behaviours=(),
        error_roots=(),
        slow=(),
        slowed=(),
        repetitions=(),
        queueing=(),
        missing=(),
        lost=(),
        critical_path=(),
        edges=(),
        traces=0,
        spans=0,
        duplicates=0,
    )


def test_the_order_of_the_input_does_not_change_the_findings() -> None:
    spans = [*page("a", -60, db_s=0.1), *page("b", 60, db_s=2.1)]

    assert found(*reversed(spans)) == found(*spans)
