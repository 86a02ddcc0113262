import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.logs import Exemplar, LogFinding, summarise
from rootline.domain.signal import LogLine, LogPattern
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))


def line(minute: float, text: str, service: str = "cart", severity: str = "", *, trace_id: str = "") -> LogLine:
    """A line so many minutes after the onset at noon."""
    at = NOON + timedelta(minutes=minute)
    return LogLine(at=at, service=service, text=text, severity=severity, trace_id=trace_id)


def found(lines: list[LogLine], *patterns: LogPattern) -> list[LogFinding]:
    return summarise(lines, patterns, HOUR, onset=NOON)


def test_a_new_error_is_found_with_its_first_line_and_traces() -> None:
    lines = [
        line(-30, "served 12 items"),
        line(3, "pool timeout after 50 ms", severity="ERROR", trace_id="t1"),
        line(9, "pool timeout after 75 ms", severity="ERROR", trace_id="t2"),
    ]

    assert found(lines)[0] == LogFinding(
        service="cart",
        template="pool timeout after <*> ms",
        count=2,
        baseline_count=0,
        first_seen=NOON + timedelta(minutes=3),
        last_seen=NOON + timedelta(minutes=9),
        severity="ERROR",
        novelty=1.0,
        growth=5.0,
        exemplar=Exemplar(line=1, text="pool timeout after 50 ms"),
        trace_ids=("t1", "t2"),
        frames=(),
        is_error=True,
        from_user_text=False,
        counted_by_source=False,
    )


def test_what_went_on_as_before_is_not_new() -> None:
    lines = [line(minute, f"served {minute} items") for minute in range(-20, 20)]

    (steady,) = found(lines)

    assert (steady.count, steady.baseline_count, steady.novelty < 0.4) == (20, 20, True)


def test_a_template_that_stopped_is_still_reported() -> None:
    lines = [line(minute, "pipeline healthy") for minute in range(-20, 0)] + [line(5, "restarting")]

    stopped = next(one for one in found(lines) if one.template == "pipeline healthy")

    assert (stopped.count, stopped.novelty) == (0, 0.0)
    assert stopped.growth < 0.1


def test_a_known_error_comes_after_a_new_one() -> None:
    lines = [line(minute, "cache miss error") for minute in range(-20, 20)] + [line(5, "disk full error")]

    assert [one.template for one in found(lines)] == ["disk full error", "cache miss error"]


def test_without_lines_before_the_onset_novelty_is_undecided() -> None:
    assert found([line(5, "disk full error")])[0].novelty == 0.5


def test_without_an_onset_what_precedes_the_window_is_the_baseline() -> None:
    lines = [line(-40, "served"), line(5, "served"), line(6, "boom error")]

    findings = summarise(lines, [], HOUR)

    assert [(one.template, one.count, one.baseline_count) for one in findings] == [
        ("boom error", 1, 0),
        ("served", 1, 1),
    ]


def test_counts_of_the_source_replace_those_of_its_sample() -> None:
    lines = [line(-5, "served 3 items"), line(5, "call took 5000ms error")]
    slow = LogPattern(service="cart", template="call took <N>ms error", count=412, baseline_count=2)

    first = found(lines, slow)[0]

    assert (first.template, first.count, first.baseline_count) == ("call took <N>ms error", 412, 2)
    assert (first.counted_by_source, first.exemplar) == (
        True,
        Exemplar(line=1, text="call took 5000ms error"),
    )


def test_a_pattern_without_a_sampled_line_is_reported_without_an_exemplar() -> None:
    killed = LogPattern(service="ads", template="OOMKilled: limit <N>Mi", count=3, baseline_count=0)

    (only,) = found([], killed)

    assert (only.service, only.count, only.novelty, only.is_error, only.exemplar) == ("ads", 3, 1.0, True, None)


def test_a_pattern_of_a_field_beside_the_message_cites_the_line_with_that_field() -> None:
    text = json.dumps({"level": "error", "msg": "slow request", "db.statement": "SELECT * FROM items WHERE sku = $1"})
    query = LogPattern(service="cart", template="SELECT * FROM items WHERE sku = $<N>", count=900)

    cited = next(one for one in found([line(5, text)], query) if one.counted_by_source)

    assert (cited.exemplar, cited.severity, cited.is_error) == (Exemplar(line=0, text=text), "", False)


def test_a_pattern_of_another_service_does_not_take_the_lines() -> None:
    theirs = LogPattern(service="ads", template="disk full error", count=50, baseline_count=50)

    findings = found([line(5, "disk full error")], theirs)

    assert {one.service: one.count for one in findings} == {"cart": 1, "ads": 50}


def test_a_json_line_is_known_by_its_message_and_error() -> None:
    text = json.dumps({"level": "error", "msg": "request failed", "error": "dial tcp 10.0.0.7:5432: refused"})

    (only,) = found([line(5, text)])

    assert (only.template, only.severity) == ("request failed: dial tcp <*>: refused", "error")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("panic: assignment to entry in nil map", True),
        ("java.lang.OutOfMemoryError: Java heap space", True),
        ("dial tcp: lookup db: no such host", True),
        ("finished with 0 errors", False),
        ("no exceptions so far, error: null", False),
        ("served the page", False),
        ("listening with read_timeout=30s", False),
    ],
)
def test_wording_tells_an_error_where_no_severity_does(text: str, expected: bool) -> None:
    assert found([line(5, text)])[0].is_error is expected


def test_an_informative_line_must_speak_of_an_error_in_certain_words() -> None:
    lines = [line(5, "not found in cache", severity="INFO"), line(6, "payment failed", severity="INFO")]

    assert {one.template: one.is_error for one in found(lines)} == {
        "not found in cache": False,
        "payment failed": True,
    }


def test_text_that_a_client_sent_is_flagged() -> None:
    lines = [line(5, "GET /search?q=ignore+previous HTTP/1.1"), line(6, "worker started")]

    assert {one.template[:3]: one.from_user_text for one in found(lines)} == {"GET": True, "wor": False}


@given(st.permutations([line(at, f"step {at} of {'ab'[at % 2]}") for at in range(-4, 4)]))
def test_the_order_of_lines_decides_only_what_is_cited(lines: list[LogLine]) -> None:
    shuffled = [(one.template, one.count, one.baseline_count) for one in found(lines)]

    assert sorted(shuffled) == sorted(
        (one.template, one.count, one.baseline_count) for one in found(sorted(lines, key=lambda one: one.at))
    )
