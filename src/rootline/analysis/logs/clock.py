"""Which part of a comparison a written time belongs to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, NamedTuple, Self

from rootline.domain.moment import read_moment

Part = Literal[0, 1, 2]
BEFORE: Part = 0
NOW: Part = 1
LATER: Part = 2

_DATE = re.compile(rb"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d|)")
_EPOCH = re.compile(rb"(\d{10}(?:\d{3}){0,3})(?:\.\d{1,9})?")
_SECONDS = 19
_EPOCH_DIGITS = 10
_MILLIS = 1e11
_MICROS = 1e14
_NANOS = 1e17


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Tells lines before the split from those until the end and those after it, to the second."""

    split: datetime
    end: datetime

    def places(self, times: Sequence[bytes]) -> Mapping[Part, Sequence[int]]:
        """The places of the times that belong to each part; a time that cannot be read is taken for now.

        Times in one notation, as the first and the last are, are compared as text: that makes a million of them cheap.
        """
        like = _notation(times)
        if like is None:
            parts = [self._part(read(time)) if time else NOW for time in times]
        else:
            split, end = _text(self.split, like), _text(self.end, like)
            earliest, latest = min(times), max(times)
            if earliest > b"" and latest < split:
                return {BEFORE: range(len(times))}
            if split <= earliest and latest < end:
                return {NOW: range(len(times))}
            parts = [BEFORE if b"" < time < split else NOW if time < end else LATER for time in times]
        return {part: [at for at, one in enumerate(parts) if one == part] for part in sorted(set(parts))}

    def _part(self, moment: datetime | None) -> Part:
        if moment is None:
            return NOW
        return BEFORE if moment < self.split else NOW if moment < self.end else LATER


class _Notation(NamedTuple):
    """How a time is written: what stands before its hour and its zone, or as so many digits of Unix time."""

    before_hour: bytes = b""
    zone: bytes = b""
    digits: int = 0

    @classmethod
    def of(cls, time: bytes) -> Self | None:
        """The notation of a time; None where it cannot be compared as text."""
        date, epoch = _DATE.fullmatch(time), _EPOCH.fullmatch(time)
        if date:
            return cls(before_hour=date[1], zone=date[2])
        return cls(digits=len(epoch[1])) if epoch else None


def _notation(times: Sequence[bytes]) -> _Notation | None:
    """The notation of the first time, where the last one is written in the same way."""
    first = _Notation.of(times[0]) if times else None
    return first if first and first == _Notation.of(times[-1]) else None


@lru_cache(maxsize=64)
def _text(moment: datetime, like: _Notation) -> bytes:
    """The moment's second, written like this."""
    if like.digits:
        return b"%d" % (int(moment.timestamp()) * 10 ** (like.digits - _EPOCH_DIGITS))
    zone = read_moment(f"2000-01-01T00:00:00{like.zone.decode()}").tzinfo
    return moment.astimezone(zone).isoformat(sep=like.before_hour.decode(), timespec="seconds")[:_SECONDS].encode()


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
