"""The oldest detector: three standard deviations from the mean of all samples before."""

import numpy as np

from rootline.domain.signal import Floats

SIGMAS = 3.0
LEAST = 30


def three_sigma(values: Floats) -> Floats:
    """Return each sample's distance from the mean of those before it in their standard deviations, shape (n,).

    The first 30 samples and gaps score 0; where all samples before were equal, any other scores infinity.

    Source: W. Shewhart, Economic Control of Quality of Manufactured Product (1931), with an expanding past.
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    count = np.maximum(np.concatenate([[0], np.cumsum(known)[:-1]]), 1)
    mean = np.concatenate([[0.0], np.cumsum(filled)[:-1]]) / count
    square = np.concatenate([[0.0], np.cumsum(filled**2)[:-1]]) / count
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    away = np.abs(filled - mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(away > 0, away / spread, 0.0)
    judged: Floats = np.where(known & (np.arange(values.size) >= LEAST), scores, 0.0)
    return judged
