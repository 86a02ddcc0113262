"""One metric under its several names."""

import pytest

from rootline.analysis.metrics.stems import is_of


@pytest.mark.parametrize(
    ("metric", "told", "same"),
    [
        ("http_requests_error_ratio", "http_requests_total", True),
        ("http_requests_per_second", "http_requests_total", True),
        ("latency_seconds_p99", "latency_seconds_bucket", True),
        ("memory_bytes", "memory_bytes", True),
        ("memory_bytes_p99", "memory_bytes", False),
        ("http_retries_per_second", "http_requests_total", False),
        ("anything", "", False),
        ("", "", False),
    ],
)
def test_what_is_read_is_found_under_the_name_that_a_rule_uses(metric: str, told: str, same: bool) -> None:
    assert is_of(metric, told) is same
