"""What a watch remembers of every series: as much as teaches what is normal, and never more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from rootline.domain.signal import Series

MOST_SERIES = 20_000
"""Source: ours; a day of so many series at one sample a minute is a quarter of a gigabyte."""
_Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(kw_only=True)
class History:
    """Series by service, metric and labels, cut to the last `length`."""

    length: timedelta
    most: int = MOST_SERIES
    left_out: int = 0
    _kept: dict[_Key, Series] = field(default_factory=dict)

    def keep(self, found: Iterable[Series], until: datetime) -> None:
        """Append what was read; samples not after the last known one are known already, and old ones are forgotten.

        Where there are more than `most`, the new ones are left out and counted.
        """
        since = (until - self.length).timestamp()
        self.left_out = 0
        for one in found:
            key = one.service, one.metric, tuple(sorted(one.labels.items()))
            before = self._kept.get(key)
            if before is None and len(self._kept) >= self.most:
                self.left_out += 1
                continue
            self._kept[key] = _after(before, one, since)
        gone = [key for key, one in self._kept.items() if not one.times.size or one.times[-1] < since]
        for key in gone:
            del self._kept[key]

    def series(self) -> list[Series]:
        """Return everything, ordered by service, metric and labels."""
        return [self._kept[key] for key in sorted(self._kept)]


def _after(before: Series | None, one: Series, since: float) -> Series:
    times, values = one.times, one.values
    if before is not None and before.times.size:
        fresh = times > before.times[-1]
        times = np.concatenate([before.times, times[fresh]])
        values = np.concatenate([before.values, values[fresh]])
    recent = times > since
    return Series(
        service=one.service,
        metric=one.metric,
        unit=one.unit,
        labels=one.labels,
        times=times[recent],
        values=values[recent],
    )
