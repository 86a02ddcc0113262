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
COUNTERS = {"container_cpu_usage_seconds_total": 0.4, "gc_pause_seconds_total": 0.01}


def history(services: int, seed: int = 7) -> str:
    """Write the OpenMetrics text; `service-0` becomes slow, fails more and holds more connections at `ONSET`."""
    noise = random.Random(seed)
    times = [*range(round(HOUR.start.timestamp()) - 3600, round(HOUR.end.timestamp()), EVERY_S)]
    names = [f"service-{number}" for number in range(services)]
    writers: list[Callable[[str, list[int], random.Random], Iterator[str]]] = [_durations, _requests]
    parts = ["# TYPE http_request_duration_seconds histogram\n", "# TYPE http_requests counter\n"]
    text = [line for head, write in zip(parts, writers, strict=True) for line in _block(head, write, names, times, noise)]
    for metric, rate in COUNTERS.items():
        text.append(f"# TYPE {metric.removesuffix('_total')} counter\n")
        text.extend(line for name in names for line in _counter(metric, name, rate, times, noise))
    for metric, level in GAUGES.items():
        text.append(f"# TYPE {metric} gauge\n")
        text.extend(line for name in names for line in _gauge(metric, name, level, times, noise))
    text.append("# TYPE up gauge\n")
    text.extend(f'up{{service="{name}",job="{name}"}} 1 {at}\n' for name in names for at in times)
    return "".join(text)


def _block(
    head: str,
    write: Callable[[str, list[int], random.Random], Iterator[str]],
    names: list[str],
    times: list[int],
    noise: random.Random,
) -> Iterator[str]:
    yield head
    for name in names:
        yield from write(name, times, noise)


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


def _counter(metric: str, name: str, rate: float, times: list[int], noise: random.Random) -> Iterator[str]:
    total = 0.0
    for at in times:
        total += EVERY_S * rate * noise.uniform(0.9, 1.1)
        yield f'{metric}{{service="{name}"}} {total:.4f} {at}\n'


def _gauge(metric: str, name: str, level: float, times: list[int], noise: random.Random) -> Iterator[str]:
    for at in times:
        full = 3.0 if metric.startswith("db_pool") and _sick(name, at) else 1.0
        yield f'{metric}{{service="{name}"}} {level * full * noise.uniform(0.97, 1.03):.6g} {at}\n'
