"""Reads the samples of a range answer from its bytes into arrays; an object for each would take ten times as long."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from rootline.domain.signal import Floats
from rootline.sources.parsing import parse

MOST_SAMPLES = 11_000
"""Source: Prometheus, "maximum resolution of 11,000 points per timeseries"."""
_BEGIN, _END = b'"values":[[', b"]]"
_PUNCTUATION = b'[]"'
_NUMERALS = b"0123456789.eE+-NaInf"
_BETWEEN = b',""],['
"""What is left of a sample and the beginning of the next one without the numbers."""


@dataclass(frozen=True, kw_only=True)
class Samples:
    """The samples of one series: Unix seconds and values, both of shape (n,)."""

    times: Floats
    values: Floats


def parse_matrix(body: bytearray) -> Any:
    """Parse an answer as JSON and use it up; samples written as Prometheus writes them become `Samples`.

    Raises:
        ValueError: It is not JSON, or it would take more memory than one answer may.

    """
    lifted: list[Samples] = []
    rest = bytearray().join(_without_samples(body, lifted))
    body.clear()
    answer = parse(rest)
    for one in _series(answer) if lifted else ():
        at = one.get("values")
        if isinstance(at, int) and 0 <= at < len(lifted):
            one["values"] = lifted[at]
    return answer


def _without_samples(body: bytearray, lifted: list[Samples]) -> Iterator[bytes | bytearray]:
    """Yield the body with each series' samples put into `lifted` and replaced by their place there."""
    done = 0
    while (begin := body.find(_BEGIN, done)) >= 0:
        first = begin + len(_BEGIN)
        last = body.find(_END, first)
        samples = _samples(body[first:last]) if last >= 0 else None
        if samples is None:
            break
        yield body[done:begin]
        yield b'"values":%d' % len(lifted)
        lifted.append(samples)
        done = last + len(_END)
    yield body[done:]


def _samples(text: bytearray) -> Samples | None:
    """Read `1.5,"2"],[3,"4"`; None where it is written in any other way."""
    rest = text.translate(None, _NUMERALS)
    count = len(rest) // len(_BETWEEN) + 1
    if count > MOST_SAMPLES or rest != (_BETWEEN * count)[:-3]:
        return None
    try:
        numbers = _numbers(bytes(text).translate(None, _PUNCTUATION))
    except ValueError:
        return None
    return Samples(times=numbers[0::2], values=numbers[1::2])


def _numbers(text: bytes) -> Floats:
    try:
        return np.array(orjson.loads(b"[%b]" % text), dtype=np.float64)
    except orjson.JSONDecodeError:  # NaN or an infinity, which JSON does not know
        return np.array(text.split(b","), dtype=np.float64)


def _series(answer: Any) -> list[dict[str, Any]]:
    data = answer.get("data") if isinstance(answer, dict) else None
    found = data.get("result") if isinstance(data, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
