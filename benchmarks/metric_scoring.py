"""Score 240-point series: ours against statsmodels' robust STL with a generalised ESD test.

Run with statsmodels and scipy installed beside Rootline: `python benchmarks/metric_scoring.py`.
Both see the same made-up series: a season, noise, and in three of four series one event (a short spike, a
lasting shift, a dip, or a shift that recovers). Event F1 counts as the cloud monitoring suite does. Times are
processor seconds, the best of many, so that a busy machine does not decide.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tsa.seasonal import STL

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.evals.scorers.events import count_events, total

START = datetime(2026, 1, 1, tzinfo=UTC)
POINTS, STEP_S = 240, 60
WINDOW = Window(start=START, end=datetime.fromtimestamp(START.timestamp() + POINTS * STEP_S, UTC))
TIMES = START.timestamp() + STEP_S * np.arange(POINTS, dtype=np.float64)
LARGEST_SHARE, ALPHA, SMOOTHER = 0.1, 0.001, 35
ROUNDS = 9

Flags = NDArray[np.bool_]
Result = TypeVar("Result")


def made_up(count: int, period: int, seed: int) -> tuple[list[Series], list[Flags]]:
    """Series with known events."""
    rng = np.random.default_rng(seed)
    series, labels = [], []
    for number in range(count):
        values = 100 + 5 * np.sin(2 * np.pi * np.arange(POINTS) / period + rng.uniform(0, 6)) + rng.normal(0, 1, POINTS)
        start, label = int(rng.integers(60, 200)), np.zeros(POINTS, dtype=bool)
        length = [0, int(rng.integers(1, 4)), POINTS - start, int(rng.integers(8, 30))][number % 4]
        label[start : start + length] = True
        values[label] += rng.choice([-1, 1]) * rng.uniform(6, 14)
        series.append(Series(service="s", metric=f"m{number}", times=TIMES, values=values))
        labels.append(label)
    return series, labels


def alerts_of(finding: MetricFinding) -> Flags:
    """The samples from the onset to the end."""
    flags = np.zeros(POINTS, dtype=bool)
    if finding.onset is not None:
        end = finding.ended.timestamp() if finding.ended else np.inf
        flags[(finding.onset.timestamp() <= TIMES) & (end > TIMES)] = True
    return flags


def stl_esd(values: NDArray[np.float64], period: int) -> Flags:
    """The peer: robust STL, then Rosner's generalised ESD on the remainder, with the settings that served it best.

    Tried were seasonal smoothers of 7, 13 and 35, alphas of 0.05 and 0.001, mean and deviation or median and MAD,
    and the remainder with or without the trend.
    """
    left = STL(values, period=period, seasonal=SMOOTHER, robust=True).fit().resid
    flags, places = np.zeros(left.size, dtype=bool), np.arange(left.size)
    removed, last = [], 0
    for count in range(1, int(LARGEST_SHARE * left.size) + 1):
        rest = left[places]
        away = np.abs(rest - rest.mean()) / rest.std(ddof=1)
        worst = int(np.argmax(away))
        size = left.size - count + 1
        quantile = stats.t.ppf(1 - ALPHA / (2 * size), size - 2)
        critical = (size - 1) * quantile / np.sqrt((size - 2 + quantile**2) * size)
        removed.append(places[worst])
        last = count if away[worst] > critical else last
        places = np.delete(places, worst)
    flags[removed[:last]] = True
    return flags


def timed(call: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds a call takes, and what it returns."""
    started = time.process_time()
    result = call()
    return time.process_time() - started, result


def main() -> None:
    """Print time per series, event F1 of both, and the ratio of their times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=2000)
    parser.add_argument("--peer-series", type=int, default=120)
    parser.add_argument("--periods", type=int, nargs="+", default=[24, 60])
    options = parser.parse_args()
    for period in options.periods:
        series, labels = made_up(options.series, period, seed=period)
        tried = [timed(partial(stl_esd, line.values, period)) for line in series[: options.peer_series]]
        scored = [timed(partial(score, series, WINDOW)) for _ in range(ROUNDS)]
        ours, theirs = min(seconds for seconds, _ in scored) / len(series), min(seconds for seconds, _ in tried)
        found = {finding.metric: finding for finding in scored[0][1]}
        peer = [flags for _, flags in tried]
        judged = labels[: len(peer)]
        our_f1 = total(count_events(label, alerts_of(found[f"m{at}"])) for at, label in enumerate(judged)).f1
        peer_f1 = total(map(count_events, judged, peer)).f1
        print(f"period {period}: ours {ours * 1e6:.0f} us a series, event F1 {our_f1:.3f}; ", end="")
        print(f"STL+ESD {theirs * 1e6:.0f} us, event F1 {peer_f1:.3f}; {theirs / ours:.0f} times faster")


if __name__ == "__main__":
    main()
