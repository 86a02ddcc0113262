import pytest

from rootline.analysis.metrics.units import counter_hint, guess_unit
from rootline.analysis.metrics.views import view_of


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("requests_per_sec", "1/s"),
        ("queries_per_request", ""),
        ("http_request_duration_seconds", "s"),
        ("http_request_duration_seconds_sum", "s"),
        ("rpc.latency.p99.ms", "ms"),
        ("process_resident_memory_bytes", "bytes"),
        ("node_network_receive_bytes_total", "bytes"),
        ("disk_used_ratio", "ratio"),
        ("cpu_percent", "percent"),
        ("http_requests_total", "count"),
        ("networkReceiveBytes", "bytes"),
        ("queue_depth", ""),
    ],
)
def test_a_name_tells_its_unit(metric: str, unit: str) -> None:
    assert guess_unit(metric) == unit


@pytest.mark.parametrize(
    ("metric", "hint"),
    [("http_requests_total", "counter"), ("memory_usage", "gauge"), ("hits", "unknown")],
)
def test_a_name_tells_whether_it_counts(metric: str, hint: str) -> None:
    assert counter_hint(metric) == hint


@pytest.mark.parametrize(
    ("metric", "view"),
    [
        ("http_requests_total", "rate"),
        ("http_request_errors_total", "errors"),
        ("http_5xx_rate", "errors"),
        ("request_latency_p99", "duration"),
        ("container_cpu_usage_seconds_total", "utilisation"),
        ("container_memory_working_set_bytes", "utilisation"),
        ("queue_depth", "saturation"),
        ("db_connection_pool_wait_seconds", "saturation"),
        ("colour", "other"),
        ("varnish_hits_ratio", "utilisation"),
        ("keyspace_hit_rate", "utilisation"),
        ("page_hits", "rate"),
        ("http_request_duration_seconds_per_second", "rate"),
        ("http_request_duration_seconds_mean", "duration"),
        ("http_response_size_bytes_mean", "other"),
        ("http_response_bytes_per_second", "rate"),
        ("last_client_response_size", "other"),
        ("http_request_duration_seconds_count", "rate"),
    ],
)
def test_a_metric_belongs_to_one_view(metric: str, view: str) -> None:
    assert view_of(metric) == view
