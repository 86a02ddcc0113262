"""What a metric's name says: which question it answers, which way hurts, of which resource and service."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rootline.analysis.detection.normality import comparable, is_duration, learned, shortest
from rootline.analysis.detection.policy import Horizon, Policy
from rootline.analysis.detection.signals import is_watched, place_of, sense_of, signal_of
from rootline.analysis.metrics.harm import is_of_the_node, is_own, more_is_better
from rootline.analysis.metrics.units import counter_hint, guess_unit, words
from rootline.analysis.metrics.views import view_of
from rootline.domain.signal import Series


@pytest.mark.parametrize(
    ("metric", "signal", "sense"),
    [
        ("http_requests_total", "rate", 0),
        ("http_request_duration_seconds", "duration", 1),
        ("http_errors_total", "errors", 1),
        ("availability", "errors", -1),
        ("container_cpu_usage_seconds_total", "utilisation of cpu", 1),
        ("process_resident_memory_bytes", "utilisation of memory", 1),
        ("node_filesystem_free_bytes", "utilisation of disk", -1),
        ("receive_bandwidth", "utilisation of network", 1),
        ("db_pool_pending", "saturation of connections", 1),
        ("queue_depth", "saturation of queue", 1),
        ("kube_deployment_replicas_available", "utilisation", -1),
        ("go_goroutines", "utilisation of threads", 1),
        ("cache_hits_total", "utilisation", -1),
        ("colour", "other", 0),
    ],
)
def test_a_metric_is_one_signal_that_hurts_one_way(metric: str, signal: str, sense: int) -> None:
    assert (str(signal_of(metric)), sense_of(metric)) == (signal, sense)


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("requests_per_second", "1/s"),
        ("requests_per_min", "1/min"),
        ("requests_per_user", ""),
        ("latency_p99_ms", "ms"),
        ("latency_ms_p99", "ms"),
        ("latencyMillis", "ms"),
        ("gc_pause_ns", "ns"),
        ("rpc_us_avg", "us"),
        ("cpu_percentage", "percent"),
        ("cpu_pct_max", "percent"),
        ("heap_mb", "MB"),
        ("heap_mib_total", "MiB"),
        ("orders_count", "count"),
        ("request_duration_seconds_bucket", "s"),
        ("request_bytes_sum", "bytes"),
        ("load", ""),
        ("", ""),
    ],
)
def test_a_name_tells_its_unit_past_what_is_counted_or_averaged(metric: str, unit: str) -> None:
    assert guess_unit(metric) == unit


@pytest.mark.parametrize(
    ("metric", "parts"),
    [
        ("http_request-duration.seconds", ["http", "request", "duration", "seconds"]),
        ("networkReceiveBytes", ["network", "receive", "bytes"]),
        ("HTTPErrors", ["httperrors"]),
        ("p99", ["p99"]),
        ("cpu%", ["cpu%"]),
        ("__a__", ["a"]),
        ("", []),
    ],
)
def test_a_name_is_split_at_every_usual_border(metric: str, parts: list[str]) -> None:
    assert words(metric) == parts


@given(metric=st.text(max_size=300))
def test_any_name_at_all_is_classified(metric: str) -> None:
    assert view_of(metric) in {"rate", "errors", "duration", "utilisation", "saturation", "other"}
    assert counter_hint(metric) in {"counter", "gauge", "unknown"}
    assert sense_of(metric) in {-1, 0, 1}
    assert isinstance(guess_unit(metric), str)
    assert {type(one(metric)) for one in (is_own, is_of_the_node, more_is_better, is_watched)} == {bool}


@pytest.mark.parametrize(
    ("metric", "own", "node"),
    [
        ("http_server_duration", True, False),
        ("http_client_duration", False, False),
        ("upstream_latency", False, False),
        ("node_cpu_seconds_total", False, True),
        ("host_load", False, True),
        ("cpu_usage", True, False),
    ],
)
def test_what_a_service_calls_and_what_it_runs_on_is_not_its_own(metric: str, *, own: bool, node: bool) -> None:
    assert (is_own(metric), is_of_the_node(metric), is_watched(metric)) == (own, node, not node)


def one(metric: str, unit: str = "", service: str = "cart", **labels: str) -> Series:
    return Series(
        service=service, metric=metric, times=np.array([0.0]), values=np.array([1.0]), unit=unit, labels=labels
    )


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        ({}, "cart"),
        ({"callee": "store"}, "store"),
        ({"peer_service": "db"}, "db"),
        ({"callee": "", "destination": "mq"}, "mq"),
        ({"pod": "a"}, "cart"),
    ],
)
def test_a_call_that_its_caller_measured_speaks_of_the_called_one(labels: dict[str, str], place: str) -> None:
    assert place_of(one("rpc_duration", **labels)) == place


@pytest.mark.parametrize(
    ("unit", "values", "least"),
    [
        ("s", [1.0], 1e-3),
        ("ms", [1.0], 1.0),
        ("us", [1.0], 1e3),
        ("ns", [1.0], 1e6),
        ("", [4.0, 2.0, 6.0], 0.4),
        ("", [0.0, -1.0], 1.0),
        ("", [], 1.0),
    ],
)
def test_below_a_shortest_duration_none_is_told_from_another(unit: str, values: list[float], least: float) -> None:
    assert shortest(one("latency", unit), np.array(values)) == pytest.approx(least)


def test_twice_as_slow_is_as_far_at_ten_milliseconds_as_at_ten_seconds() -> None:
    series = [one("latency", "s"), one("latency", "s"), one("load")]
    values = np.array([[0.01, 0.02], [10.0, 20.0], [3.0, 6.0]])

    scaled = comparable(series, values)

    assert np.diff(scaled)[:, 0].tolist() == pytest.approx([math.log(2), math.log(2), 3.0])
    assert [is_duration(each) for each in series] == [True, True, False]
    assert values[0, 0] == 0.01


@pytest.mark.parametrize("metric", ["load", "availability", "http_errors_total"])
def test_normal_noise_is_learned_as_its_own_deviation(metric: str) -> None:
    noise = np.random.default_rng(3).normal(50, 2, size=(1, 4000))

    found = learned([one(metric)], noise, 0.99)

    assert found.level[0] == pytest.approx(50, abs=0.2)
    assert found.spread[0] == pytest.approx(2, rel=0.1)


def test_the_tail_that_does_not_hurt_widens_nothing() -> None:
    values = np.array([[10.0] * 90 + [0.0] * 10])

    errors, availability = (learned([one(metric)], values, 0.95).spread[0] for metric in ("errors", "availability"))

    assert errors == pytest.approx(0.2)
    assert availability == pytest.approx(10 / 1.6449, rel=1e-3)


@pytest.mark.parametrize(
    ("metric", "unit", "level", "least"),
    [
        ("latency", "s", 3.0, 0.1),
        ("load", "", 100.0, 2.0),
        ("used", "ratio", 0.1, 0.01),
        ("used", "percent", 10.0, 1.0),
        ("requests", "1/s", 0.5, 0.05),
        ("requests", "count", 10.0, 1.0),
        ("requests", "count", 100.0, 2.0),
    ],
)
def test_the_least_change_that_matters_depends_on_the_unit(metric: str, unit: str, level: float, least: float) -> None:
    found = learned([one(metric, unit)], np.full((1, 30), level), 0.99)

    assert found.spread[0] == pytest.approx(least)


POLICY: dict[str, object] = {
    "version": "1.0",
    "windows": [{"name": "5m", "bin_s": 60, "history_bins": 60}],
    "hold": 3,
    "first_tail": 0.95,
    "tail": 0.99,
    "user_facing": {"views": ["errors"], "score": 6},
    "agreeing": {"signals": 2, "score": 4},
    "creeping": 8,
    "least_events": 1,
    "release_slots": 5,
    "cool_down_s": 600,
    "kept": 3,
}


def test_a_policy_reads_back_as_it_was_written() -> None:
    policy = Policy.model_validate(POLICY)

    assert Policy.model_validate_json(policy.model_dump_json()) == policy
    assert [Horizon(name=name, bin_s=60, history_bins=9).length_s for name in ("5m", "30m", "6h")] == [300, 1800, 21600]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", ""),
        ("version", "one two"),
        ("version", "x" * 61),
        ("windows", []),
        ("windows", [{"name": "1h", "bin_s": 60, "history_bins": 60}]),
        ("windows", [{"name": "5m", "bin_s": 0, "history_bins": 60}]),
        ("windows", [{"name": "5m", "bin_s": 60, "history_bins": 2}]),
        ("hold", 0),
        ("hold", 11),
        ("first_tail", 0.5),
        ("tail", 1.0),
        ("user_facing", {"views": ["colour"], "score": 6}),
        ("user_facing", {"views": ["errors"], "score": 0}),
        ("agreeing", {"signals": 1, "score": 4}),
        ("agreeing", {"signals": 7, "score": 4}),
        ("creeping", 0),
        ("least_events", -1),
        ("least_delay_s", -0.01),
        ("release_slots", 0),
        ("cool_down_s", -1),
        ("kept", -0.1),
        ("threshold", 7),
    ],
)
def test_a_policy_that_cannot_be_obeyed_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Policy.model_validate({**POLICY, field: value})
