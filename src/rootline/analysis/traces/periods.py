"""Before and after the onset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from rootline.domain.window import Window


@dataclass(frozen=True, kw_only=True)
class Periods:
    """Where the baseline begins and ends and where the current part ends, Unix seconds."""

    start: float
    split: float
    end: float

    @classmethod
    def of(cls, window: Window, onset: datetime | None, starts: Sequence[float]) -> Self:
        """Split at the onset; without one, whatever precedes the window is the baseline.

        The baseline begins with the window, or with the first of the starts where that is earlier.
        """
        first = min([window.start.timestamp(), *starts])
        return cls(start=first, split=(onset or window.start).timestamp(), end=window.end.timestamp())

    def rate_change(self, now: int, before: int) -> float | None:
        """The current rate over the baseline's, both of counts; None where there is nothing to compare with."""
        if before == 0 or self.split <= self.start or self.end <= self.split:
            return None
        return now / (self.end - self.split) / (before / (self.split - self.start))

    def before(self, moment: float) -> bool:
        """Whether the moment belongs to the baseline."""
        return moment < self.split

    def after(self, moment: float) -> bool:
        """Whether the moment belongs to the current part."""
        return self.split <= moment < self.end


@dataclass(frozen=True, kw_only=True)
class Timing:
    """A sample of durations, seconds. `None` stands for a Timing without samples."""

    p50_s: float
    p95_s: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self | None:
        """Summarise the values; None for no values."""
        ordered = sorted(values)
        return cls(p50_s=quantile(ordered, 0.5), p95_s=quantile(ordered, 0.95)) if ordered else None


def quantile(ordered: Sequence[float], share: float) -> float:
    """Interpolate between the two nearest ranks of sorted, non-empty values; `share` is 0 to 1.

    Source: Hyndman and Fan, Sample Quantiles in Statistical Packages (1996), definition 7.
    """
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean, 0 for no values."""
    return sum(values) / len(values) if values else 0.0
