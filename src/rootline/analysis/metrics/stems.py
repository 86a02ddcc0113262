"""One metric under its several names: as a backend stores it, and as it is read."""

_STORED = ("_bucket", "_count", "_sum", "_total")


def is_of(metric: str, told: str) -> bool:
    """Whether a metric that was read is the one that somebody, such as an alert's rule, names.

    `http_requests_total` is read as `http_requests_per_second` or `http_requests_error_ratio`, and
    `latency_seconds_bucket` as `latency_seconds_p99`.
    """
    if not told:
        return False
    stem = next((told.removesuffix(part) for part in _STORED if told.endswith(part)), told)
    return metric == told or (stem != told and metric.startswith(f"{stem}_"))
