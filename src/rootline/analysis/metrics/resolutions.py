"""The same question at 5 minutes, 30 minutes and 6 hours, so that a blip is told from a shift."""

from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.robust import Mask
from rootline.analysis.metrics.spikes import DEFAULT, Sensitivity, robust_spikes
from rootline.domain.signal import Series

RESOLUTIONS_S = (300.0, 1800.0, 21600.0)
_LEAST_SAMPLES = 24


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """What one resolution sees: its length in seconds and, for each sample of the series, whether it is in alarm."""

    seconds: float
    flags: Mask


def at_resolutions(series: Series, sensitivity: Sensitivity = DEFAULT) -> list[Resolved]:
    """Look for spikes in the means over 5 minutes, 30 minutes and 6 hours.

    A resolution finer than the samples, or with fewer than 24 means, is left out. A sample is in alarm at a
    resolution from the end of the bin on that raised it, so a coarse answer comes late and never looks ahead.

    Returns:
        Finest first. A spike that only the finest sees is noise to whoever pages on the coarser ones.

    """
    if series.times.size < _LEAST_SAMPLES:
        return []
    step = float(np.median(np.diff(series.times)))
    span = float(series.times[-1] - series.times[0])
    usable = [seconds for seconds in RESOLUTIONS_S if seconds >= step and span >= _LEAST_SAMPLES * seconds]
    return [_resolved(series, seconds, sensitivity) for seconds in usable]


def _resolved(series: Series, seconds: float, sensitivity: Sensitivity) -> Resolved:
    bins = np.floor(series.times / seconds).astype(np.int64)
    places, first = np.unique(bins, return_index=True)
    known = np.isfinite(series.values)
    total = np.add.reduceat(np.where(known, series.values, 0.0), first)
    count = np.add.reduceat(known.astype(np.float64), first)
    means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    coarse = Series(
        service=series.service,
        metric=series.metric,
        times=(places + 1).astype(np.float64) * seconds,
        values=means,
        unit=series.unit,
        labels=series.labels,
    )
    alarm = robust_spikes(coarse, sensitivity).flags
    closed = np.searchsorted(coarse.times, series.times, side="right") - 1
    flags = np.where(closed >= 0, alarm[np.maximum(closed, 0)], False)
    return Resolved(seconds=seconds, flags=flags)
