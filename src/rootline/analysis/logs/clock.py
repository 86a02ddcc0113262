"""Which part of a comparison a written time belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from typing import Literal

from rootline.domain.moment import read_moment

Part = Literal[0, 1, 2]
BEFORE: Part = 0
NOW: Part = 1
LATER: Part = 2

_UTC = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|\+00:?00)")
_SECONDS = 19
_MILLIS = 1e11
_MICROS = 1e14
_NANOS = 1e17


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Tells lines before the split from those until the end and those after it, to the second."""

    split: datetime
    end: datetime

    def parts(self, times: Sequence[bytes]) -> Sequence[Part]:
        """BEFORE, NOW or LATER for each time as written; NOW where it cannot be read.

        Times in UTC and in one notation are compared as text, which is what makes a million of them cheap.
        """
        if not (times and _UTC.fullmatch(times[0]) and _UTC.fullmatch(times[-1])):
            return [self._part(read(time)) for time in times]
        split, end = self._text(self.split, times[0]), self._text(self.end, times[0])
        if min(times) >= split and max(times) < end:
            return list(repeat(NOW, len(times)))
        return [BEFORE if b"" < time < split else NOW if time < end else LATER for time in times]

    def _part(self, moment: datetime | None) -> Part:
        if moment is None:
            return NOW
        return BEFORE if moment < self.split else NOW if moment < self.end else LATER

    def _text(self, moment: datetime, like: bytes) -> bytes:
        blank = like[10:11].decode()
        return moment.astimezone(UTC).isoformat(sep=blank, timespec="seconds")[:_SECONDS].encode()


def read(time: bytes) -> datetime | None:
    """Read RFC 3339 text or Unix seconds, milliseconds, microseconds or nanoseconds; None for anything else.

    A time without a zone is taken as UTC.
    """
    text = time.decode(errors="replace")
    try:
        return _from_epoch(float(text)) if _is_number(text) else read_moment(text)
    except (ValueError, OverflowError, OSError):
        return None


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d{9,20}(?:\.\d{1,9})?(?:[eE]\+?\d{1,2})?|\d\.\d{1,17}[eE]\+?\d{1,2}", text))


def _from_epoch(number: float) -> datetime:
    scale = next((by for limit, by in ((_NANOS, 1e9), (_MICROS, 1e6), (_MILLIS, 1e3)) if number >= limit), 1.0)
    return datetime.fromtimestamp(number / scale, tz=UTC)
