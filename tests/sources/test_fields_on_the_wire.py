"""What fields of other systems say: of alerts, log lines, spans and metrics; nothing in them breaks a reader."""

import re
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.signal import Span
from rootline.errors import ToolFault
from rootline.sources.alerts.severities import severity_of
from rootline.sources.alerts.wire import alert, condition, owner
from rootline.sources.logs.fields import LONGEST_LINE, first, line_of, literal, services
from rootline.sources.metrics.expressions import failing, grouped, single, worst
from rootline.sources.metrics.meters import Meter, error_ratio, meters
from rootline.sources.metrics.promql import (
    DEEPEST,
    LONGEST_EXPRESSION,
    any_of,
    bounded,
    by,
    is_label_name,
    is_metric_name,
    quoted,
    selector,
)
from rootline.sources.metrics.service_labels import candidates, every_candidate, service_of
from rootline.sources.traces.span_fields import MOST_ATTRIBUTES, error_of, kept, moment, ordered, status_of

AT = datetime(2026, 3, 1, tzinfo=UTC)
LABELS = st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=5)


@pytest.mark.parametrize(
    ("expression", "metric", "threshold"),
    [
        ("rate(http_errors_total[5m]) > 0.05", "http_errors_total", 0.05),
        ("up == 0", "up", 0.0),
        ('{job="cart"} > 1', "", 1.0),
        ('sum by (job) (rate(go_gc{a="b", c=~"d>1"}[5m])) > 2', "go_gc", 2.0),
        ('up{job="cart"} == 0', "up", 0.0),
        ("queue_depth >= 1e3", "queue_depth", 1000.0),
        ("free_bytes < -1.5", "free_bytes", -1.5),
        ("a_total > b_total", "a_total", None),
        ("used_bytes / quota_bytes > 0.9", "used_bytes", 0.9),
        ("(size_bytes - free_bytes) / size_bytes > 0.9", "size_bytes", 0.9),
        ('sum by (job) (rate(failed_total{path="a/b-c"}[1m])) / sum(every_total) > 0.05', "failed_total", 0.05),
        ("absent(up)", "", None),
        ("x_y > 1e999", "x_y", None),
        ("", "", None),
        ("> 5", "", 5.0),
        ("latency_s > 5 and on() vector(1)", "latency_s", None),
    ],
)
def test_a_plain_comparison_names_its_metric_and_its_number(
    expression: str, metric: str, threshold: float | None
) -> None:
    found = condition(expression)

    assert found == (metric, threshold)


@pytest.mark.parametrize(
    ("labels", "service"),
    [
        ({"service": "cart", "job": "x"}, "cart"),
        ({"destination_service_name": "cart", "job": "x"}, "cart"),
        ({"deployment": "cart"}, "cart"),
        ({"container": "cart"}, "cart"),
        ({"job": "cart"}, "cart"),
        ({"pod": "cart-1"}, "cart-1"),
        ({"node": "n1", "instance": "i1"}, "i1"),
        ({"namespace": "shop", "pod": "p"}, "shop"),
        ({"service": ""}, ""),
        ({}, ""),
    ],
)
def test_an_alert_speaks_of_a_service_or_else_of_a_place(labels: dict[str, str], service: str) -> None:
    assert owner(labels) == service


def test_a_configured_label_goes_before_all() -> None:
    assert owner({"service": "cart", "room": "attic"}, "room") == "attic"


@pytest.mark.parametrize(
    ("labels", "expression", "service"),
    [
        (
            {"job": "machines", "instance": "10.0.0.7:9100"},
            "node_avail_bytes / node_size_bytes < 0.05",
            "10.0.0.7:9100",
        ),
        ({"job": "machines", "node": "n7", "instance": "10.0.0.7:9100"}, "node_load1 > 20", "n7"),
        ({"job": "machines", "service": "disks", "instance": "10.0.0.7:9100"}, "node_load1 > 20", "disks"),
        ({"job": "machines", "instance": "10.0.0.7:9100"}, "up == 0", "machines"),
        ({"job": "machines"}, "node_load1 > 20", "machines"),
    ],
)
def test_an_alert_on_what_machines_tell_speaks_of_the_machine(
    labels: dict[str, str], expression: str, service: str
) -> None:
    assert alert(labels, {}, fired_at=AT, resolved_at=None, expression=expression).service == service


@given(labels=LABELS, annotations=LABELS, expression=st.text(max_size=60), observed=st.text(max_size=12))
def test_any_labels_make_an_alert_of_bounded_texts(
    labels: dict[str, str], annotations: dict[str, str], expression: str, observed: str
) -> None:
    found = alert(labels, annotations, fired_at=AT, resolved_at=None, expression=expression, observed=observed)

    assert found.observed is None or abs(found.observed) < inf
    assert len(found.summary) <= 2000
    assert found.name


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ({"severity": "page"}, "critical"),
        ({"severity": " P2 "}, "high"),
        ({"severity": "warning"}, "medium"),
        ({"priority": "minor"}, "low"),
        ({"level": "debug"}, "info"),
        ({"severity": "", "level": "fatal"}, "critical"),
        ({"severity": "purple"}, "medium"),
        ({}, "medium"),
    ],
)
def test_the_words_of_other_systems_become_five_severities(labels: dict[str, str], severity: str) -> None:
    assert severity_of(labels) == severity


@pytest.mark.parametrize(
    ("metric", "labels", "found"),
    [
        ("http_requests_total", {"service": "cart", "job": "x"}, ("service", "cart")),
        ("http_requests_total", {"service_name": "cart", "service": "x"}, ("service_name", "cart")),
        ("kube_pod_status", {"service": "kube-state-metrics", "deployment": "cart"}, ("deployment", "cart")),
        ("container_cpu", {"job": "cadvisor", "container": "cart"}, ("container", "cart")),
        (
            "istio_requests_total",
            {"app": "x", "destination_service_name": "cart"},
            ("destination_service_name", "cart"),
        ),
        ("node_load1", {"instance": "n1"}, ("instance", "n1")),
        ("up", {}, ("", "")),
    ],
)
def test_the_label_that_names_a_service_depends_on_who_exports(
    metric: str, labels: dict[str, str], found: tuple[str, str]
) -> None:
    assert service_of(metric, labels) == found


@given(metric=st.text(max_size=30), configured=st.text(min_size=1, max_size=10))
def test_a_configured_label_is_asked_first_and_every_candidate_once(metric: str, configured: str) -> None:
    assert candidates(metric, configured)[0] == configured
    assert len(set(candidates(metric, configured))) == len(candidates(metric, configured))
    assert set(candidates(metric, configured)) <= set(every_candidate(configured))


def test_a_log_line_is_read_out_of_the_usual_fields() -> None:
    fields = {"service": "", "app": "cart", "level": "error", "traceID": "t1", "pod": "cart-1", "other": "x"}

    found = line_of(AT, "x" * (LONGEST_LINE + 1), fields, services(""))

    assert (found.service, found.severity, found.trace_id, found.instance) == ("cart", "error", "t1", "cart-1")
    assert len(found.text) == LONGEST_LINE
    assert line_of(AT, "a", {}, services(""), unnamed="file").service == "file"
    assert line_of(AT, "a", {"app": "cart", "room": "attic"}, services("room")).service == "attic"
    assert first({"a": "x" * 999}, ("b", "a")) == "x" * 300


@given(text=st.text(max_size=40))
def test_words_become_an_expression_that_finds_just_them(text: str) -> None:
    import re  # noqa: PLC0415 Python's engine stands in for RE2, whose special characters are these too

    assert re.fullmatch(literal(text), text, re.DOTALL)
    assert literal(literal("a.b")) == "a\\\\\\.b"


@pytest.mark.parametrize(
    ("microseconds", "at"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_500_000, datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
        (1e30, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1e30, datetime(1970, 1, 1, tzinfo=UTC)),
        (inf, datetime(1970, 1, 1, tzinfo=UTC)),
        (nan, datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_that_cannot_be_one_is_the_beginning(microseconds: float, at: datetime) -> None:
    assert moment(microseconds) == at


@pytest.mark.parametrize(
    ("attributes", "told", "status"),
    [
        ({}, "", "unset"),
        ({}, "STATUS_CODE_ERROR", "error"),
        ({}, "Ok", "ok"),
        ({}, "2", "error"),
        ({}, "1", "ok"),
        ({"otel.status_code": "ERROR"}, "", "error"),
        ({"error": "true"}, "", "error"),
        ({"error": "timeout"}, "ok", "error"),
        ({"error": "false"}, "", "unset"),
        ({"error": "0"}, "ok", "ok"),
    ],
)
def test_the_status_of_a_span_in_the_words_of_three_systems(attributes: dict[str, str], told: str, status: str) -> None:
    assert status_of(attributes, told) == status


@pytest.mark.parametrize(
    ("attributes", "told", "events", "error"),
    [
        ({}, "", [], ""),
        ({"error": "true"}, "", [], ""),
        ({"error": "timeout"}, "", [], "timeout"),
        ({"otel.status_description": "refused"}, "", [], "refused"),
        ({}, "told", [{"exception.message": "thrown"}], "told"),
        ({}, "", [{"other": "x"}, {"exception.message": "thrown"}], "thrown"),
        ({}, "", [{"exception.type": "IOError", "event": "error"}], "error"),
        ({}, "x" * 999, [], "x" * 300),
    ],
)
def test_a_spans_own_words_about_its_error(
    attributes: dict[str, str], told: str, events: list[dict[str, str]], error: str
) -> None:
    assert error_of(attributes, told, events) == error


def test_of_many_attributes_the_first_are_kept_and_each_is_cut() -> None:
    found = kept((f"{at}" + "k" * 400, "v" * 400) for at in range(100))

    assert len(found) == MOST_ATTRIBUTES
    assert {(len(key), len(value)) for key, value in found.items()} == {(300, 300)}


def test_a_span_that_came_twice_is_one_and_they_stand_in_order() -> None:
    def span(name: str, second: int) -> Span:
        start = AT + timedelta(seconds=second)
        return Span(trace_id="t", span_id=name, parent_id=None, service="a", operation="x", start=start, duration_s=1)

    assert [one.span_id for one in ordered([span("b", 2), span("a", 1), span("b", 2)])] == ["a", "b"]


@given(value=st.text(max_size=40))
def test_a_value_can_never_end_its_own_string(value: str) -> None:
    text = selector("up", {"job": value})

    assert text.startswith('up{job="')
    assert bounded(text) == text if text.isprintable() else True
    inside = text[len('up{job="') : -len('"}')]
    assert not inside.replace("\\\\", "").replace('\\"', "").count('"')


@pytest.mark.parametrize("metric", ["", "a b", "1a", "a{", "a\n", "ä", "a;b", "a[5m]", 'a.b"', "a" * 301])
def test_what_is_no_metrics_name_is_refused(metric: str) -> None:
    with pytest.raises(ToolFault, match="is no metric's name"):
        selector(metric, {})
    assert not is_metric_name(metric)


def test_a_name_of_opentelemetrys_is_selected_by_its_label() -> None:
    assert selector("http.server.duration", {}) == '{__name__="http.server.duration"}'
    assert selector("a/b-c", {"x": "1"}) == '{__name__="a/b-c",x="1"}'
    assert any_of(["http.server.duration", "up"]) == '"http\\\\.server\\\\.duration|up"'


@pytest.mark.parametrize("label", ["", "a.b", "a-b", "1a", "a b", 'a"', "ä", "a:b"])
def test_what_is_no_labels_name_is_refused(label: str) -> None:
    with pytest.raises(ToolFault, match="is no label's name"):
        selector("up", {label: "x"})
    assert not is_label_name(label)


def test_matchers_stand_in_order_and_patterns_behind_them() -> None:
    assert selector("up", {"b": "2", "a": "1"}, alike={"code": "5.."}) == 'up{a="1",b="2",code=~"5.."}'
    assert selector("up", {}) == "up"
    assert by(["a", "b"]) == "by (a, b)"
    assert quoted('a"b\\c\n\x01') == '"a\\"b\\\\c\\n\\x01"'


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("a" * (LONGEST_EXPRESSION + 1), rf"has {LONGEST_EXPRESSION + 1} characters; write at most"),
        ("up\x00", "characters that cannot be printed"),
        ("rate(up[5m)]", "is not balanced"),
        ("rate(up[5m]", "is not balanced"),
        ("up)", "is not balanced"),
        ('up{a="b}', "is not balanced"),
        ("up{a=`b}", "is not balanced"),
        ("(" * (DEEPEST + 1) + ")" * (DEEPEST + 1), rf"is nested {DEEPEST + 1} deep; write at most {DEEPEST}"),
    ],
)
def test_an_expression_of_someone_else_is_refused_with_a_reason(expression: str, why: str) -> None:
    with pytest.raises(ToolFault, match=why):
        bounded(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "up",
        'sum by (a) (rate(x{a="]})"}[5m]))',
        "up{a='\\'b'}",
        "up{a=`\\`}",
        "(" * DEEPEST + ")" * DEEPEST,
        "a\n+\tb",
        "",
    ],
)
def test_brackets_inside_of_strings_do_not_count(expression: str) -> None:
    assert bounded(expression) == expression


GAUGE = Meter(name="queue_depth", manner="gauge", raw="queue_depth", unit="")
RATE = Meter(name="http_requests_per_second", manner="rate", raw="http_requests_total", unit="1/s")
P99 = Meter(name="http_seconds_p99", manner="quantile", raw="http_seconds", unit="s", quantile="0.99")
MEAN = Meter(name="http_seconds_mean", manner="mean", raw="http_seconds", unit="s")


@pytest.mark.parametrize(
    ("meter", "alone", "together"),
    [
        (GAUGE, 'queue_depth{a="b"}', 'max by (s) (queue_depth{a="b"})'),
        (RATE, 'rate(http_requests_total{a="b"}[60s])', 'sum by (s) (rate(http_requests_total{a="b"}[60s]))'),
        (
            P99,
            'histogram_quantile(0.99, rate(http_seconds_bucket{a="b"}[60s]))',
            'histogram_quantile(0.99, sum by (le, s) (rate(http_seconds_bucket{a="b"}[60s])))',
        ),
        (
            MEAN,
            'rate(http_seconds_sum{a="b"}[60s]) / rate(http_seconds_count{a="b"}[60s])',
            'sum by (s) (rate(http_seconds_sum{a="b"}[60s])) / sum by (s) (rate(http_seconds_count{a="b"}[60s]))',
        ),
    ],
)
def test_a_meter_is_read_alone_and_for_groups(meter: Meter, alone: str, together: str) -> None:
    assert single(meter, {"a": "b"}, 60) == alone
    assert grouped(meter, {"a": "b"}, 60, ["s"]) == together
    assert bounded(together) == together


def test_the_share_of_failed_events_is_zero_where_none_failed() -> None:
    ratio = error_ratio(RATE)

    text = grouped(ratio, {}, 60, ["s"], bad={"code": "5.."})

    every = "sum by (s) (rate(http_requests_total[60s]))"
    assert text == f'(sum by (s) (rate(http_requests_total{{code=~"5.."}}[60s])) or 0 * {every}) / {every}'
    assert (ratio.name, ratio.unit) == ("http_requests_error_ratio", "ratio")


@pytest.mark.parametrize(
    ("labels", "told", "bad", "good"),
    [
        (["code", "method"], "code", "500 503 5xx", "200 404 4xx 1500 50"),
        (["outcome", "status"], "status", "502 error ERROR failed", "200 success errors_seen ok"),
        (["http_response_status_code"], "http_response_status_code", "500", "301"),
        (["span_name", "status_code"], "status_code", "STATUS_CODE_ERROR", "STATUS_CODE_UNSET STATUS_CODE_OK"),
        (["envoy_response_code_class"], "envoy_response_code_class", "5", "2 4 50"),
        (["grpc_code"], "grpc_code", "Internal Unavailable 14", "OK NotFound 0 5"),
        (["outcome", "uri"], "outcome", "SERVER_ERROR failure", "SUCCESS CLIENT_ERROR REDIRECTION"),
        (["result"], "result", "error timeout", "success ok"),
    ],
)
def test_how_failed_events_are_told(labels: list[str], told: str, bad: str, good: str) -> None:
    ((label, pattern),) = failing(labels).items()

    assert label == told
    assert [value for value in f"{bad} {good}".split() if re.fullmatch(pattern, value)] == bad.split()


@pytest.mark.parametrize("labels", [["method"], []])
def test_where_no_label_tells_of_failures_none_is_made_up(labels: list[str]) -> None:
    assert failing(labels) == {}


@pytest.mark.parametrize(
    ("metric", "join"),
    [("up", "avg"), ("redis_up", "min"), ("replicas_ready", "min"), ("memory_free", "min"), ("queue_depth", "max")],
)
def test_of_several_gauges_the_worst_counts(metric: str, join: str) -> None:
    assert worst(metric) == join


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["queue_depth"], {"queue_depth": "gauge"}),
        (["http_requests_total"], {"http_requests_per_second": "rate", "http_requests_total": "rate"}),
        (
            ["s_bucket", "s_count", "s_sum"],
            {
                "s_p50": "quantile",
                "s_p95": "quantile",
                "s_p99": "quantile",
                "s_per_second": "rate",
                "s_count": "rate",
                "s_mean": "mean",
            },
        ),
        (["s_bucket"], {"s_p50": "quantile", "s_p95": "quantile", "s_p99": "quantile"}),
        (["s_count", "s_sum"], {"s_mean": "mean", "s_per_second": "rate", "s_count": "rate"}),
        (["s_created", "build_info", "ALERTS", "ALERTS_FOR_STATE"], {}),
        ([], {}),
    ],
)
def test_what_can_be_read_of_raw_names(names: list[str], shown: dict[str, str]) -> None:
    assert {name: meter.manner for name, meter in meters(names).items()} == shown


@given(
    names=st.lists(
        st.from_regex(r"[a-z]{1,3}(_(bucket|count|sum|total|created|info)){0,2}", fullmatch=True), max_size=8
    )
)
def test_every_meter_of_any_names_can_be_asked(names: list[str]) -> None:
    for meter in meters(names).values():
        assert bounded(grouped(meter, {"a": 'b"c'}, 60, ["s"]))
        assert meter.stored in names or meter.manner in {"mean", "rate"}
