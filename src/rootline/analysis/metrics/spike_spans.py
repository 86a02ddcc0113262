"""Where a series spikes inside a window, by the detector that is asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from rootline.analysis.metrics.counters import as_rates
from rootline.analysis.metrics.density import kde
from rootline.analysis.metrics.resolutions import at_resolutions
from rootline.analysis.metrics.robust import Mask
from rootline.analysis.metrics.spikes import robust_spikes
from rootline.analysis.metrics.stl import stl_esd
from rootline.domain.signal import Series
from rootline.domain.window import Window

Detector = Literal["robust", "stl_esd", "kde"]
_MOST = 20


@dataclass(frozen=True, kw_only=True)
class SpikeSpan:
    """A stretch of samples in alarm: its first and last sample in Unix seconds, how many, and the value furthest out.

    `seen_at` is the resolution that sees it: `samples`, or means over `5m`, `30m` or `6h`. `furthest` is in the
    series' own unit (for a counter its rate per second): the sample furthest from the median of the whole series.
    """

    seen_at: str
    first: float
    last: float
    samples: int
    furthest: float


def spike_spans(series: Series, window: Window, detector: Detector) -> list[SpikeSpan]:
    """Find the stretches of a window in which a detector is in alarm, by resolution and then by time; 20 at most.

    Args:
        series: All samples that are known; those before the window tell what is normal.
        window: The stretches that end before it or begin after it are left out.
        detector: `robust` never looks ahead and also looks at means over 5 minutes, 30 minutes and 6 hours where
            at least 24 of them are known; `stl_esd` takes trend and season away and looks at the whole series;
            `kde` asks how rare a value is among those before it.

    """
    rated = replace(series, values=as_rates([series.metric], series.values[None, :], series.times)[1][0])
    spans = (one for seen_at, flags in _FLAGS[detector](rated) for one in _spans(rated, flags, seen_at))
    low, high = window.start.timestamp(), window.end.timestamp()
    return [one for one in spans if one.last >= low and one.first < high][:_MOST]


def _robust(series: Series) -> Iterator[tuple[str, Mask]]:
    yield "samples", robust_spikes(series).flags
    for one in at_resolutions(series):
        yield _NAMES[one.seconds], one.flags


def _stl_esd(series: Series) -> Iterator[tuple[str, Mask]]:
    yield "samples", stl_esd(series)


def _kde(series: Series) -> Iterator[tuple[str, Mask]]:
    yield "samples", kde(series).flags


_NAMES = {300.0: "5m", 1800.0: "30m", 21600.0: "6h"}
_FLAGS: Mapping[Detector, Callable[[Series], Iterator[tuple[str, Mask]]]] = {
    "robust": _robust,
    "stl_esd": _stl_esd,
    "kde": _kde,
}


def _spans(series: Series, flags: Mask, seen_at: str) -> Iterator[SpikeSpan]:
    known = np.isfinite(series.values)
    if not known.any():
        return
    times, values, marked = series.times[known], series.values[known], flags[known]
    away = np.abs(values - np.median(values))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2).tolist():
        furthest = start + int(np.argmax(away[start:stop]))
        yield SpikeSpan(
            seen_at=seen_at,
            first=float(times[start]),
            last=float(times[stop - 1]),
            samples=stop - start,
            furthest=float(values[furthest]),
        )
