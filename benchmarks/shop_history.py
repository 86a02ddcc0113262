"""Two hours of a made-up shop of any size, as a Prometheus would have scraped it: ten metrics a service."""

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from rootline.domain.window import Window

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
ONSET = START + timedelta(minutes=40)
EVERY_S = 15
BOUNDS = ("0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf")
GAUGES = {
    "container_memory_working_set_bytes": 2e8,
    "queue_depth": 12.0,
    "db_pool_connections_in_use": 20.0,
    "cache_hit_ratio": 0.9,
    "disk_used_ratio": 0.6,
    "open_files": 300.0,
}
Lines = Callable[[str], Iterator[str]]
COUNTERS = {"container_cpu_usage_seconds_total": 0.4, "gc_pause_seconds_total": 0.01}


def history(services: int, seed: int = 7) -> str:
    """Write the OpenMetrics text; `service-0` becomes slow, fails more and holds more connections at `ONSET`."""
    noise = random.Random(seed)
    times = [*range(round(HOUR.start.timestamp()) - 3600, round(HOUR.end.timestamp()), EVERY_S)]
    names = [f"service-{number}" for number in range(services)]

    def block(head: str, lines: Lines) -> Iterator[str]:
        yield f"# TYPE {head}\n"
        for name in names:
            yield from lines(name)

    return "".join(
        [
            *block("http_request_duration_seconds histogram", lambda name: _durations(name, times, noise)),
            *block("http_requests counter", lambda name: _requests(name, times, noise)),
            *(line for metric in COUNTERS for line in block(*_counter(metric, times, noise))),
            *(line for metric in GAUGES for line in block(*_gauge(metric, times, noise))),
            *block("up gauge", lambda name: (f'up{{service="{name}",job="{name}"}} 1 {at}\n' for at in times)),
        ]
    )


def _sick(name: str, at: int) -> bool:
    return name == "service-0" and at >= ONSET.timestamp()


def _durations(name: str, times: list[int], noise: random.Random) -> Iterator[str]:
    under, total = [0] * len(BOUNDS), 0.0
    for at in times:
        calls, scale = 150 + noise.randrange(30), 0.9 if _sick(name, at) else 0.06
        shares = (1 - math.exp(-float(bound) / scale) for bound in BOUNDS)
        under = [held + round(calls * share) for held, share in zip(under, shares, strict=True)]
        total += calls * scale
        for bound, held in zip(BOUNDS, under, strict=True):
            yield f'http_request_duration_seconds_bucket{{service="{name}",le="{bound}"}} {held} {at}\n'
        yield f'http_request_duration_seconds_sum{{service="{name}"}} {total:.3f} {at}\n'
        yield f'http_request_duration_seconds_count{{service="{name}"}} {under[-1]} {at}\n'


def _requests(name: str, times: list[int], noise: random.Random) -> Iterator[str]:
    good, bad = 0, 0
    for at in times:
        failed = noise.randrange(20, 40) if _sick(name, at) else noise.randrange(2)
        good, bad = good + 150 + noise.randrange(30), bad + failed
        yield f'http_requests_total{{service="{name}",code="200"}} {good} {at}\n'
        yield f'http_requests_total{{service="{name}",code="500"}} {bad} {at}\n'


def _counter(metric: str, times: list[int], noise: random.Random) -> tuple[str, Lines]:
    def lines(name: str) -> Iterator[str]:
        total = 0.0
        for at in times:
            total += EVERY_S * COUNTERS[metric] * noise.uniform(0.9, 1.1)
            yield f'{metric}{{service="{name}"}} {total:.4f} {at}\n'

    return f"{metric.removesuffix('_total')} counter", lines


def _gauge(metric: str, times: list[int], noise: random.Random) -> tuple[str, Lines]:
    def lines(name: str) -> Iterator[str]:
        for at in times:
            full = 3.0 if metric.startswith("db_pool") and _sick(name, at) else 1.0
            yield f'{metric}{{service="{name}"}} {GAUGES[metric] * full * noise.uniform(0.97, 1.03):.6g} {at}\n'

    return f"{metric} gauge", lines
