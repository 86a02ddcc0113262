"""How much likelier two shares of bad calls are than one for all."""

import numpy as np

from rootline.domain.signal import Floats

Numbers = float | Floats


def best_moment(bad: Floats) -> float:
    """How much likelier two shares are than one where calls in order of time are parted at the best moment, in nats.

    `bad` has shape (n,) and holds 0 and 1.
    """
    if not bad.size:
        return 0.0
    before, count = np.cumsum(bad) - bad, np.arange(bad.size, dtype=np.float64)
    return float(gained(bad.sum() - before, bad.size - count, before, count).max())


def gained(bad: Numbers, count: Numbers, bad_beside: Numbers, beside: Numbers) -> Floats:
    """How much likelier a larger share of bad calls in one of two groups is than one share for both, in nats.

    All are counts, or shape (n,). 0 where the share is no larger, or a group is empty.

    Source: the logarithm of the likelihood ratio of two binomial shares (Wilks, 1938).
    """
    both = _likely(np.add(bad, bad_beside), np.add(count, beside))
    is_larger = np.multiply(bad, beside) > np.multiply(bad_beside, count)
    found: Floats = np.where(is_larger, _likely(bad, count) + _likely(bad_beside, beside) - both, 0.0)
    return found


def _likely(bad: Numbers, count: Numbers) -> Floats:
    """The logarithm of the likelihood of so many bad ones at their own share; nothing for none."""
    share = np.divide(bad, np.maximum(count, 1))
    good = np.subtract(count, bad)
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = np.multiply(bad, np.log(share)), good * np.log1p(-share)
    found: Floats = np.where(np.equal(bad, 0), 0.0, one) + np.where(np.equal(good, 0), 0.0, other)
    return found
