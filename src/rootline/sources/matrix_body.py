"""Reads the samples of a range answer from its bytes into arrays; an object for each would take ten times as long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from rootline.domain.signal import Floats
from rootline.sources.parsing import parse

MOST_SAMPLES = 11_000
"""Source: Prometheus, "maximum resolution of 11,000 points per timeseries"."""
_BEGIN, _END = b'"values":[[', b'"]]'
_PUNCTUATION = b'[]"'
_NUMERALS = b"0123456789.eE+-NaInf"
_BETWEEN, _LAST = b',""],[', b',"'
"""What is left of a sample and the beginning of the next one, or of the last one, without the numbers."""


@dataclass(frozen=True, kw_only=True)
class Samples:
    """The samples of one series: Unix seconds and values, both of shape (n,).

    Neighbours that were sampled at the same moments share one array of times.
    """

    times: Floats
    values: Floats


def parse_matrix(body: bytearray) -> Any:
    """Parse an answer as JSON and use it up; samples written as Prometheus writes them become `Samples`.

    Raises:
        ValueError: It is not JSON, or it would take more memory than one answer may.

    """
    lifted: list[Samples] = []
    pieces = body.split(_BEGIN)
    body.clear()
    rest = bytearray().join(_without_samples(pieces, lifted))
    pieces.clear()
    answer = parse(rest)
    for one in _series(answer) if lifted else ():
        at = one.get("values")
        if isinstance(at, int) and 0 <= at < len(lifted):
            one["values"] = lifted[at]
    return answer


def _without_samples(pieces: Sequence[bytearray], lifted: list[Samples]) -> Iterator[bytes | bytearray]:
    """Yield the pieces between `_BEGIN` with each series' samples put into `lifted` and replaced by their place there.

    From the first series on that is written in any other way, everything stays as it is.
    """
    yield pieces[0]
    moments, times, is_plain = list[float](), np.zeros(0), True
    for piece in pieces[1:]:
        last = piece.rfind(_END, 0, piece.find(b"}")) if is_plain else -1
        numbers = _numbers(piece[:last]) if last >= 0 else None
        if numbers is None:
            is_plain = False
            yield _BEGIN
            yield piece
            continue
        yield b'"values":%d' % len(lifted)
        if numbers[0::2] != moments:
            moments = numbers[0::2]
            times = np.array(moments, dtype=np.float64)
        lifted.append(Samples(times=times, values=np.array(numbers[1::2], dtype=np.float64)))
        yield piece[last + len(_END) :]


def _numbers(text: bytearray) -> list[float] | None:
    """Read `1.5,"2"],[3,"4` as moments and values in turn; None where it is written in any other way."""
    rest = text.translate(None, _NUMERALS)
    count = len(rest) // len(_BETWEEN) + 1
    if count > MOST_SAMPLES or rest != _BETWEEN * (count - 1) + _LAST:
        return None
    plain = text.translate(None, _PUNCTUATION)
    try:
        numbers: list[float] = orjson.loads(b"[" + plain + b"]")
    except orjson.JSONDecodeError:  # NaN or an infinity, which JSON does not know
        return _with_no_numbers(plain)
    return numbers


def _with_no_numbers(text: bytearray) -> list[float] | None:
    try:
        return [float(one) for one in text.split(b",")]
    except ValueError:
        return None


def _series(answer: Any) -> list[dict[str, Any]]:
    data = answer.get("data") if isinstance(answer, dict) else None
    found = data.get("result") if isinstance(data, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
