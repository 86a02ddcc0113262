"""One alerting rule of Prometheus, and what the shop's rules ask for."""

RATE = "15s"


def alert(name: str, expression: str, lasts: str, severity: str, said: str) -> dict[str, object]:
    """Write a rule: it fires for a service once its expression has held for so long."""
    return {
        "alert": name,
        "expr": expression,
        "for": lasts,
        "labels": {"severity": severity},
        "annotations": {"summary": f"{{{{ $labels.service }}}}: {said}"},
    }


def requests(status: str = "", over: str = RATE, before: str = "") -> str:
    """Requests a second of each service, of a status, over a time that ended so long ago."""
    ended = f" offset {before}" if before else ""
    return f"sum by (service) (rate(http_server_requests_total{{{status}}}[{over}]{ended}))"


def slow(service: str, name: str, quantile: float, longest_s: float, lasts: str, over: str = RATE) -> dict[str, object]:
    """Write the rule that a quantile of a service's response times is above so many seconds."""
    buckets = f'sum by (service, le) (rate(http_server_request_duration_seconds_bucket{{service="{service}"}}[{over}]))'
    said = f"the {quantile * 100:.0f}th percentile of response times is above {longest_s * 1000:.0f} ms"
    return alert(name, f"histogram_quantile({quantile}, {buckets}) > {longest_s}", lasts, "high", said)
