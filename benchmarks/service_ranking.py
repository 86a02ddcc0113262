"""Rank services by their metrics: ours against the robust scorer of PyPI's `fse-baro`.

Run with `fse-baro` installed beside Rootline: `python benchmarks/service_ranking.py`.
Both see the same made-up hour: ten metrics a service, one service at fault, its callers slowed by it. Ours
scores every series, dates its onset and walks the calls; the peer scores every column.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from baro.root_cause_analysis import robust_scorer

from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.services import ServiceScore, rank_services
from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge, Series
from rootline.domain.window import Window

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
POINTS, STEP_S, FAULT_AT = 240, 15, 180
TIMES = START + STEP_S * np.arange(POINTS, dtype=np.float64)
METRICS = {
    "latency_seconds": 0.1,
    "latency_p99_seconds": 0.4,
    "errors": 2.0,
    "requests": 500.0,
    "cpu_usage_percent": 30.0,
    "memory_usage_bytes": 2e8,
    "network_receive_bytes": 1e5,
    "network_transmit_bytes": 1e5,
    "queue_depth": 5.0,
    "threads": 40.0,
}
BEFORE = Window(start=datetime.fromtimestamp(START, UTC), end=datetime.fromtimestamp(TIMES[FAULT_AT], UTC))
DURING = Window(start=BEFORE.end, end=datetime.fromtimestamp(TIMES[-1] + 1, UTC))

Result = TypeVar("Result")


def made_up(services: int, seed: int) -> tuple[list[Series], Graph, str]:
    """The series, who calls whom, and the service at fault."""
    rng = np.random.default_rng(seed)
    callers = [int(rng.integers(0, number)) if number else -1 for number in range(services)]
    culprit = int(rng.integers(services // 2, services))
    slowed, above = {culprit: 1.0}, callers[culprit]
    while above >= 0:
        slowed[above], above = 0.8 * min(slowed.values()), callers[above]
    series = []
    for number in range(services):
        for metric, level in METRICS.items():
            values = level * (1 + 0.05 * rng.normal(size=POINTS))
            if number in slowed and metric.startswith("latency"):
                values[FAULT_AT:] += METRICS["latency_seconds"] * 3 * slowed[number]
            if number == culprit and metric.startswith("cpu"):
                values[FAULT_AT:] *= 3
            series.append(Series(service=f"svc{number}", metric=metric, times=TIMES, values=values))
    edges = [
        Edge(caller=f"svc{caller}", callee=f"svc{at}", found_in="traces")
        for at, caller in enumerate(callers)
        if caller >= 0
    ]
    return series, Graph.of(edges), f"svc{culprit}"


def ours(series: list[Series], graph: Graph) -> list[ServiceScore]:
    """From raw series to ranked services."""
    return rank_services(score(series, DURING, baseline=BEFORE), graph)


def timed(call: Callable[[], Result], rounds: int) -> tuple[float, Result]:
    """The least processor seconds of some calls, and what the last one returned."""
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        result = call()
        seconds.append(time.process_time() - started)
    return min(seconds), result


def main() -> None:
    """Print time, time per service and the rank of the service at fault for both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, nargs="+", default=[20, 200, 2000])
    options = parser.parse_args()
    for services in options.services:
        series, graph, culprit = made_up(services, seed=services)
        columns = {f"{line.service}_{line.metric}": line.values for line in series}  # noqa: PD011  ours, not pandas'
        table = pd.DataFrame(columns).assign(time=TIMES)
        mine, ranked = timed(partial(ours, series, graph), rounds=5)
        theirs, answer = timed(partial(robust_scorer, table, inject_time=TIMES[FAULT_AT]), rounds=1)
        our_rank = 1 + [entry.service for entry in ranked].index(culprit)
        peer_rank = 1 + list(dict.fromkeys(name.split("_")[0] for name in answer["ranks"])).index(culprit)
        each = mine / services * 1e6
        print(f"{services} services: ours {mine * 1e3:.1f} ms ({each:.0f} us each), rank {our_rank}; ", end="")
        print(f"fse-baro {theirs * 1e3:.0f} ms, rank {peer_rank}; {theirs / mine:.0f} times faster")


if __name__ == "__main__":
    main()
