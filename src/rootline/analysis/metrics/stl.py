"""STL with ESD: the careful detector for one series, which may look at all of it."""

import numpy as np

from rootline.analysis.metrics.baseline import fenced, filled
from rootline.analysis.metrics.decomposition import decompose
from rootline.analysis.metrics.esd import outliers
from rootline.analysis.metrics.robust import Mask
from rootline.analysis.metrics.seasons import periods
from rootline.domain.signal import Series


def stl_esd(series: Series, *, period: int | None = None, largest_share: float = 0.1, alpha: float = 0.05) -> Mask:
    """Mark the samples that neither trend nor season explain.

    Args:
        series: Gaps repeat the last sample before them.
        period: Season length in samples; None reads it from the autocorrelation, 0 means no season.
        largest_share: The most samples that may be marked.
        alpha: Chance of marking any sample of pure noise.

    Returns:
        Marks, shape (n,). Unlike `robust_spikes` this looks at the whole series, so it is for looking back.

    """
    if not series.values.size:
        return np.zeros(0, dtype=bool)
    values = filled(np.where(np.isfinite(series.values), series.values, np.nan)[None, :])
    season = int(periods(fenced(values))[0]) if period is None else period
    parts = decompose(values[0], season)
    return outliers(parts.remainder, largest_share=largest_share, alpha=alpha)
