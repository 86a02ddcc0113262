"""Made-up days of made-up services, one sample a minute, with noise that is the same each time."""

from collections.abc import Mapping

import numpy as np

from rootline.analysis.detection.board import Board, board
from rootline.domain.signal import Floats, Series

START = 1_700_000_000.0
DAY = 600


def minutes(count: int = DAY) -> Floats:
    return START + 60.0 * np.arange(count, dtype=np.float64)


def noisy(level: float, *, seed: int, share: float = 0.05, count: int = DAY) -> Floats:
    return level * (1 + share * np.random.default_rng(seed).standard_normal(count))


def series(
    service: str, metric: str, values: Floats, *, unit: str = "", labels: Mapping[str, str] | None = None
) -> Series:
    return Series(
        service=service, metric=metric, unit=unit, labels=labels or {}, times=minutes(values.size), values=values
    )


def shop(services: int = 4) -> list[Series]:
    """Quiet services, each with latency, failures, traffic, processor and memory."""
    found: list[Series] = []
    for at in range(services):
        name = f"service-{at}"
        found += [
            series(name, "http_latency_p99", noisy(0.2, seed=10 * at, share=0.1), unit="s"),
            series(name, "http_error_ratio", np.abs(noisy(0.002, seed=10 * at + 1, share=0.5)), unit="ratio"),
            series(name, "http_requests_per_second", noisy(20.0, seed=10 * at + 2), unit="1/s"),
            series(name, "cpu_usage_percent", noisy(30.0, seed=10 * at + 3), unit="percent"),
            series(name, "memory_usage_bytes", noisy(2e8, seed=10 * at + 4, share=0.01), unit="bytes"),
        ]
    return found


def changed(found: list[Series], service: str, metric: str, span: slice, factor: float) -> list[Series]:
    """The same with one row multiplied over a span of minutes."""
    return [_multiplied(one, span, factor) if (one.service, one.metric) == (service, metric) else one for one in found]


def _multiplied(one: Series, span: slice, factor: float) -> Series:
    values = one.values.copy()
    values[span] = factor * values[span]
    return Series(
        service=one.service, metric=one.metric, unit=one.unit, labels=one.labels, times=one.times, values=values
    )


def shown(found: list[Series]) -> Board:
    return board(found)
