"""One meter becomes one PromQL expression."""

from collections.abc import Mapping, Sequence

from rootline.sources.metrics.meters import Meter
from rootline.sources.metrics.promql import by, matchers, quoted, selector
from rootline.sources.metrics.source import Aggregate

# Source: OpenTelemetry semantic conventions for HTTP and gRPC, the span metrics of its collector and of Tempo, Envoy's
# and Micrometer's tags, and the names that common client libraries use. The first label that is there tells.
_GRPC_FAULTS = "Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss|Unimplemented|2|4|12|13|14|15"
_STATUS = "5..|(?i:status_code_error|error|failed|failure)"
_OUTCOME = "(?i:error|server_error|failed|failure|exception|timeout)"
_FAILURES = {
    **dict.fromkeys(("code", "status", "status_code", "http_status_code"), _STATUS),
    **dict.fromkeys(("http_response_status_code", "response_code"), _STATUS),
    "envoy_response_code_class": "5",
    **dict.fromkeys(("grpc_code", "grpc_status", "rpc_grpc_status_code"), _GRPC_FAULTS),
    **dict.fromkeys(("outcome", "result"), _OUTCOME),
}
UP = "up"
"""Whether a target could be scraped. Source: Prometheus, "Jobs and instances"."""
_LOW_IS_BAD = ("up", "ready", "available", "free", "success", "healthy", "alive")


def failing(labels: Sequence[str]) -> dict[str, str]:
    """Return the label, and the pattern of its values, by which failed events are told; empty where none is known."""
    told = next((label for label in _FAILURES if label in labels), "")
    return {told: _FAILURES[told]} if told else {}


def single(meter: Meter, equal: Mapping[str, str], rate_s: int) -> str:
    """Read every series of a meter for itself."""
    chosen = selector(meter.stored, equal) if meter.manner != "mean" else ""
    if meter.manner == "gauge":
        return chosen
    if meter.manner == "quantile":
        return f"histogram_quantile({meter.quantile}, rate({chosen}[{rate_s}s]))"
    if meter.manner == "mean":
        total, count = (selector(f"{meter.raw}_{part}", equal) for part in ("sum", "count"))
        return f"rate({total}[{rate_s}s]) / rate({count}[{rate_s}s])"
    return _counted(meter, chosen, rate_s)


def grouped(
    meter: Meter,
    equal: Mapping[str, str],
    rate_s: int,
    labels: Sequence[str],
    *,
    aggregate: Aggregate = "",
    bad: Mapping[str, str] | None = None,
) -> str:
    """Read a meter once for each group of labels.

    Counts add up, quantiles and means are taken over the whole group, and of gauges the worst counts; a formula is
    computed as it says.
    """
    if meter.formula is not None:
        return meter.formula.written(by(labels), "".join(f"{one}," for one in matchers(equal)), rate_s)
    if meter.manner == "gauge":
        return f"{aggregate or worst(meter.name)} {by(labels)} ({single(meter, equal, rate_s)})"
    if meter.manner == "quantile":
        buckets = f"rate({selector(meter.stored, equal)}[{rate_s}s])"
        return f"histogram_quantile({meter.quantile}, sum {by(['le', *labels])} ({buckets}))"
    if meter.manner == "mean":
        total, count = (f"rate({selector(f'{meter.raw}_{part}', equal)}[{rate_s}s])" for part in ("sum", "count"))
        return f"sum {by(labels)} ({total}) / sum {by(labels)} ({count})"
    counted = _counted(meter, selector(meter.raw, equal), rate_s)
    if meter.manner == "error_ratio":
        every, bad_ones = f"sum {by(labels)} ({counted})", selector(meter.raw, equal, alike=bad or {})
        failed = f"sum {by(labels)} ({_counted(meter, bad_ones, rate_s)})"
        return f"({failed} or 0 * {every}) / {every}"
    return f"{aggregate or 'sum'} {by(labels)} ({counted})"


def _counted(meter: Meter, chosen: str, rate_s: int) -> str:
    """Read how often a second something is counted: a counter, or the observations of a native histogram."""
    rate = f"rate({chosen}[{rate_s}s])"
    return f"histogram_count({rate})" if meter.is_native else rate


def are_native(names: Sequence[str]) -> str:
    """Ask which of several metrics are native histograms: the label `native` tells."""
    asked = (
        f'label_replace(count(histogram_count({selector(name, {})})), "native", {quoted(name)}, "", "")'
        for name in names
    )
    return " or ".join(asked)


def worst(metric: str) -> Aggregate:
    """Return how the worst of several gauges is found: the least of what should be high, else the most.

    Of `up` it is the share of targets that are, since a service of which one is down is not.
    """
    if metric == UP:
        return "avg"
    return "min" if set(metric.lower().split("_")) & set(_LOW_IS_BAD) else "max"
