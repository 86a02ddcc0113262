"""The samples that are judged, without their season and without gaps."""

from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np

from rootline.analysis.metrics.baseline import filled
from rootline.analysis.metrics.onset import Places
from rootline.analysis.metrics.robust import Mask, Normal, normal, with_noise
from rootline.analysis.metrics.seasons import Expectation
from rootline.domain.signal import Floats, is_complete


class Judged(NamedTuple):
    """The samples of a window, shape (m, n), and what their spread depends on, shape (m,).

    `adjusted` is without the season and has NaN for gaps, `carried` has them filled, and `known` tells which samples
    were measured; it is None when all were. `scale` is the largest size of each row, `counts` tells the rows of whole
    numbers, and `doubt` is that of the season; it is None without one.
    """

    adjusted: Floats
    carried: Floats
    known: Mask | None
    scale: Floats
    counts: Mask
    doubt: Floats | None

    @classmethod
    def of(cls, window: Floats, season: Expectation | None) -> Self:
        """Take the season off a window, and fill its gaps."""
        adjusted = window if season is None else window - season.inside
        known = known_samples(adjusted)
        carried = adjusted if known is None else filled(adjusted)
        scale = np.abs(carried).max(axis=1)
        return cls(adjusted, carried, known, scale, _whole(carried), None if season is None else season.doubt)

    def rows(self, chosen: Places) -> Self:
        """Some rows of them."""
        window = self.adjusted[chosen]
        doubt = None if self.doubt is None else self.doubt[chosen]
        return type(self)(
            window, self.carried[chosen], known_samples(window), self.scale[chosen], self.counts[chosen], doubt
        )

    def state(self, samples: Floats) -> Normal:
        """What is normal for them by the samples of a normal time."""
        state = with_noise(normal(samples, self.scale, self.counts), self.carried)
        if self.doubt is None:
            return state
        return replace(state, upward=state.upward * self.doubt, downward=state.downward * self.doubt)


def known_samples(window: Floats) -> Mask | None:
    """Which samples were measured; None when all were, which is the usual case and cheaper."""
    return None if is_complete(window) else np.isfinite(window)


def _whole(carried: Floats) -> Mask:
    """Which rows hold whole numbers; most of the others are told by their first one."""
    whole: Mask = carried[:, 0] == np.rint(carried[:, 0])
    return (carried == np.rint(carried)).all(axis=1) if whole.any() else whole
