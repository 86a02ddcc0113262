"""The generalised ESD test: which samples are too extreme to belong to the rest."""

import math
from statistics import NormalDist

import numpy as np

from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats

_MAD_TO_SIGMA = 1.4826
_NORMAL = NormalDist()


def outliers(values: Floats, *, largest_share: float = 0.1, alpha: float = 0.05) -> Mask:
    """Mark outliers, most extreme first, as long as the test of all of them together holds.

    Args:
        values: Remainders, shape (n,), without NaN.
        largest_share: The most samples that may be outliers, as a share.
        alpha: Chance of marking any sample of pure normal noise.

    Returns:
        Marks, shape (n,); none under five samples or without any spread.

    Source: Rosner, "Percentage Points for a Generalized ESD Many-Outlier Procedure" (1983); median and MAD in
    place of mean and deviation as in Hochenbaum, Vallis and Kejariwal, "Automatic Anomaly Detection in the
    Cloud Via Statistical Learning" (2017).

    """
    marks = np.zeros(values.size, dtype=bool)
    most = int(largest_share * values.size)
    if values.size < 5 or not most:  # noqa: PLR2004  Rosner's table begins at five
        return marks
    middle = float(np.median(values))
    away = np.abs(values - middle)
    sigma = _MAD_TO_SIGMA * float(np.median(away))
    if sigma <= 0:
        return away > 0
    order = np.argsort(-away, kind="stable")[:most]
    critical = np.array([_critical(values.size, count, alpha) for count in range(1, most + 1)])
    beyond = np.flatnonzero(away[order] > critical * sigma)
    if beyond.size:
        marks[order[: int(beyond[-1]) + 1]] = True
    return marks


def _critical(samples: int, count: int, alpha: float) -> float:
    left = samples - count + 1
    freedom = left - 2
    quantile = student_quantile(1 - alpha / (2 * left), freedom)
    return (left - 1) * quantile / math.sqrt((freedom + quantile**2) * left)


def student_quantile(share: float, freedom: int) -> float:
    """The quantile of Student's t, to three digits from five degrees of freedom on.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
    """
    z = _NORMAL.inv_cdf(share)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
