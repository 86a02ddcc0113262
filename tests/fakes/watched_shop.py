"""Three hours of three services for a watch, as OpenMetrics: one may become slow."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

START = int(datetime(2026, 3, 2, 6, 0, tzinfo=UTC).timestamp())
SCRAPE_S, MINUTES, SLOW_FROM = 15, 180, 150
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SERVICES = ("web", "cart", "stock")


def latencies(
    service: str, minute: float, slow_one: str, dice: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Durations of one scrape interval's requests."""
    slow = 6.0 if service == slow_one and minute >= SLOW_FROM else 1.0
    return slow * dice.lognormal(-2.2, 0.4, size=300)


def watched_samples(slow_one: str = "cart", *, start: int = START) -> str:
    """OpenMetrics text: a histogram and a counter by status for each service, scraped every 15 s."""
    dice, lines = np.random.default_rng(5), []
    counts: Mapping[str, list[float]] = {service: [0.0] * (len(BUCKETS) + 2) for service in SERVICES}
    rows: dict[str, list[str]] = {"http_request_duration_seconds": [], "http_requests": []}
    for service in SERVICES:
        for at in range(start, start + 60 * MINUTES, SCRAPE_S):
            took = latencies(service, (at - start) / 60, slow_one, dice)
            held = counts[service]
            for place, bound in enumerate(BUCKETS):
                held[place] += float((took <= bound).sum())
            held[-2] += took.size
            held[-1] += float(took.sum())
            name = "http_request_duration_seconds"
            rows[name] += [
                *(
                    f'{name}_bucket{{service="{service}",le="{bound}"}} {count} {at}'
                    for bound, count in zip((*BUCKETS, "+Inf"), held[:-1], strict=True)
                ),
                f'{name}_count{{service="{service}"}} {held[-2]} {at}',
                f'{name}_sum{{service="{service}"}} {held[-1]} {at}',
            ]
            rows["http_requests"].append(f'http_requests_total{{service="{service}",code="200"}} {held[-2]} {at}')
    for name, kind in (("http_request_duration_seconds", "histogram"), ("http_requests", "counter")):
        lines += [f"# TYPE {name} {kind}", *rows[name]]
    return "\n".join(lines) + "\n"
