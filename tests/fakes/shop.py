"""The counters, histograms and gauges of a small made-up shop, one of whose services becomes slow, as OpenMetrics."""

from collections.abc import Iterator

from tests.fakes.incident import HOUR, ONSET

EVERY_S = 30
BOUNDS = ("0.1", "0.5", "1", "5", "+Inf")
SERVICES = ("checkout", "cart", "payment")
SLOW = "payment"
FAILING = "checkout"


def samples(*, slow: str = SLOW, failing: str = FAILING) -> str:
    """Two hours of samples, the second of which is `HOUR`: one service becomes slow, another fails and is alerted."""
    times = [*range(round(HOUR.start.timestamp()) - 3600, round(HOUR.end.timestamp()), EVERY_S)]
    return "".join(
        [
            "# TYPE http_request_duration_seconds histogram\n",
            *(line for service in SERVICES for line in _histogram(service, times, is_slow=service == slow)),
            "# TYPE http_requests counter\n",
            *(line for service in SERVICES for line in _requests(service, times, is_failing=service == failing)),
            "# TYPE container_memory_working_set_bytes gauge\n",
            *(
                f'container_memory_working_set_bytes{{job="kubelet",container="{service}",pod="{service}-1"}} '
                f"{100_000_000 + at % 7000} {at}\n"
                for service in SERVICES
                for at in times
            ),
            "# TYPE up gauge\n",
            *(f'up{{job="{service}",instance="{service}:80"}} 1 {at}\n' for service in SERVICES for at in times),
            "# TYPE ALERTS gauge\n",
            *(_alerts(times, failing) if failing else ()),
        ]
    )


def _wobble(at: int) -> int:
    return (at // EVERY_S * 7919) % 11 - 5


def _histogram(service: str, times: list[int], *, is_slow: bool) -> Iterator[str]:
    under, total = dict.fromkeys(BOUNDS, 0), 0.0
    for at in times:
        slow = is_slow and at >= ONSET.timestamp()
        calls = 300 + 5 * _wobble(at)
        fast = calls * (90 + _wobble(at)) // 100
        inside = (0, calls // 10, calls // 5, calls, calls) if slow else (fast, calls, calls, calls, calls)
        under = {bound: under[bound] + count for bound, count in zip(BOUNDS, inside, strict=True)}
        total += calls * (2.5 if slow else 0.06)
        labels = f'service="{service}",job="{service}"'
        for bound in BOUNDS:
            yield f'http_request_duration_seconds_bucket{{{labels},le="{bound}"}} {under[bound]} {at}\n'
        yield f"http_request_duration_seconds_sum{{{labels}}} {total} {at}\n"
        yield f"http_request_duration_seconds_count{{{labels}}} {under['+Inf']} {at}\n"


def _requests(service: str, times: list[int], *, is_failing: bool) -> Iterator[str]:
    good = bad = 0
    rows = []
    for at in times:
        failing = is_failing and at >= ONSET.timestamp()
        calls = 300 + 5 * _wobble(at)
        good, bad = good + calls - (60 if failing else 1), bad + (60 if failing else 1)
        rows.append((at, good, bad))
    for code, place in (("200", 1), ("500", 2)):
        for row in rows:
            yield f'http_requests_total{{service="{service}",job="{service}",code="{code}"}} {row[place]} {row[0]}\n'


def _alerts(times: list[int], failing: str) -> Iterator[str]:
    labels = f'alertname="{failing.capitalize()}Errors",alertstate="firing",severity="page",service="{failing}"'
    for at in times:
        if at >= ONSET.timestamp() + 180:
            yield f"ALERTS{{{labels}}} 1 {at}\n"
