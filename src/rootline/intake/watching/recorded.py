"""Watches a recording slot by slot, as it would have been watched while it was live."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from rootline.domain.anomaly import WatchRound
from rootline.domain.signal import Floats
from rootline.domain.window import Window
from rootline.intake.watching.watcher import Watcher
from rootline.sources.metrics.source import MetricQuery, MetricSource

_EVER = Window(start=datetime(1971, 1, 1, tzinfo=UTC), end=datetime(2200, 1, 1, tzinfo=UTC))


async def rounds_of_recording(watcher: Watcher, window: Window) -> AsyncIterator[WatchRound]:
    """Yield a round for each interval of the recorded samples, or one at the window's end where there are none.

    The interval is the watcher's, or that of the samples where it is longer.
    """
    times = await _sampled(watcher.metrics)
    apart_s = float(np.median(np.diff(times))) if times.size > 1 else 0.0
    watcher = replace(watcher, interval=max(watcher.interval, timedelta(seconds=apart_s)))
    last = datetime.fromtimestamp(times[-1], UTC) if times.size else window.end
    count = int((times[-1] - times[0]) // watcher.interval.total_seconds()) + 1 if times.size else 1
    for back in reversed(range(count)):
        one = await watcher.evaluate(last - back * watcher.interval)
        if one is not None:
            yield one


async def _sampled(metrics: MetricSource) -> Floats:
    """Return every moment at which a recording has a sample, in order, in Unix seconds."""
    found = await metrics.series(MetricQuery(), _EVER)
    return np.unique(np.concatenate([np.zeros(0), *(one.times for one in found)]))
