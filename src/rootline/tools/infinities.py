"""The infinite samples of series: they are no level, and they are told rather than taken for missing."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from rootline.domain.fact import Infinite, SeriesFact
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.tools.wording import clock

WHY = "An infinite sample was divided by zero or has no limit; levels leave it out."


def infinite(series: Series, window: Window) -> Infinite | None:
    """Say which samples in the window are infinite; None where there are none."""
    if series.infinite is None:
        return None
    start, end = np.searchsorted(series.times, [window.start.timestamp(), window.end.timestamp()]).tolist()
    far, times = series.infinite[start:end], series.times[start:end]
    places = np.flatnonzero(np.isinf(far))
    if not places.size:
        return None
    first, last = (datetime.fromtimestamp(float(times[place]), UTC) for place in (places[0], places[-1]))
    up, down = bool((far[places] > 0).any()), bool((far[places] < 0).any())
    known = int(np.isfinite(series.values[start:end]).sum())
    return Infinite(
        value="+Inf or -Inf" if up and down else "+Inf" if up else "-Inf",
        first=first,
        last=last,
        samples=int(places.size),
        total=known + int(places.size),
    )


def infinite_text(fact: SeriesFact) -> str:
    """Write it behind a series; empty where nothing is infinite."""
    found = fact.infinite
    if found is None:
        return ""
    if found.samples == found.total:
        return f", {found.value} in all {found.total} samples"
    return f", {found.value} in {found.samples} of {found.total} samples {clock(found.first)} to {clock(found.last)}"


def why(facts: Sequence[SeriesFact]) -> list[str]:
    """Explain it once, where it is said of any."""
    return [WHY] if any(one.infinite for one in facts) else []
