"""The samples of a series, kept as the arrays they are computed from and stored as the bytes of those."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any, Self, overload

import numpy as np
from pydantic import GetCoreSchemaHandler, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from rootline.domain.signal import Floats, measured

Point = tuple[float, float | None]
_NONE: Floats = np.zeros(0)


class Points(Sequence[Point]):
    """Pairs of Unix seconds and a value, None where a sample is missing.

    A query has thousands of them and few are ever looked at, so they become pairs on demand. Two are equal when they
    are written the same.
    """

    def __init__(self, times: Floats = _NONE, values: Floats = _NONE) -> None:
        """Keep samples, both of shape (n,); what is no finite number is missing."""
        self._times = times
        self._values = measured(values)

    @classmethod
    def listed(cls, pairs: Iterable[Sequence[float | None]]) -> Self:
        """Keep pairs of any kind."""
        table = np.array(list(pairs), dtype=np.float64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1])

    @cached_property
    def text(self) -> str:
        """The JSON in which samples are hashed and stored: bytes in base64, of little-endian doubles, NaN if missing.

        Evenly spaced ones are told by the first moment, the distance and the values: `{"start":0.0,"step":15.0,
        "values":"…"}`. Any others are `{"times":"…","values":"…"}`.
        """
        return f'{{{_written(self._times.tobytes())},"values":"{_packed(self._values)}"}}'

    @cached_property
    def as_pairs(self) -> str:
        """The JSON of the pairs, in which samples were hashed and stored before."""
        return json.dumps(self._pairs, separators=(",", ":"))

    @cached_property
    def _pairs(self) -> list[Point]:
        pairs = zip(self._times.tolist(), self._values.tolist(), strict=True)
        return [(at, value if isfinite(value) else None) for at, value in pairs]

    @overload
    def __getitem__(self, at: int) -> Point: ...
    @overload
    def __getitem__(self, at: slice) -> list[Point]: ...
    def __getitem__(self, at: int | slice) -> Point | list[Point]:
        """Return one pair, or some."""
        return self._pairs[at]

    def __iter__(self) -> Iterator[Point]:
        """Yield the pairs in order."""
        return iter(self._pairs)

    def __len__(self) -> int:
        """Count the pairs."""
        return self._times.size

    def __eq__(self, other: object) -> bool:
        """Whether the same samples are written."""
        return isinstance(other, Points) and self.text == other.text

    def __hash__(self) -> int:
        """Hash the text."""
        return hash(self.text)

    def __repr__(self) -> str:
        """Show how many there are."""
        return f"Points({len(self)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take pairs or what is stored, and be JSON again, as pairs, only where that is asked for."""
        pairs = handler.generate_schema(list[Point])
        plain = core_schema.plain_serializer_function_ser_schema(cls._plain, info_arg=True)
        return core_schema.no_info_wrap_validator_function(cls._validated, pairs, serialization=plain)

    @classmethod
    def _validated(cls, given: object, pairs: ValidatorFunctionWrapHandler) -> "Points":
        if isinstance(given, Points):
            return given
        return _unpacked(given) if isinstance(given, Mapping) else cls.listed(pairs(given))

    def _plain(self, info: core_schema.SerializationInfo) -> "Points | list[Point]":
        return self[:] if info.mode == "json" else self


def spliced(text: str, samples: Sequence[str]) -> str:
    """Put the JSON of samples into compact JSON in which each stands as `"points":null`, in order.

    Text from outside cannot look like that: inside of a JSON string the quotes are escaped.
    """
    pieces = text.split('"points":null')
    rest = (f'"points":{one}{after}' for one, after in zip(samples, pieces[1:], strict=True))
    return "".join([pieces[0], *rest])


@lru_cache(maxsize=8)
def _written(moments: bytes) -> str:
    """Write the moments of samples, which all series of one read share."""
    times = np.frombuffer(moments)
    if times.size > 1:
        start, step = float(times[0]), float(times[1]) - float(times[0])
        if _even(start, step, times.size).tobytes() == moments:
            return f'"start":{start!r},"step":{step!r}'
    return f'"times":"{_packed(times)}"'


def _even(start: float, step: float, count: int) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        times: Floats = start + step * np.arange(count, dtype=np.float64)
    return times


def _packed(numbers: Floats) -> str:
    return b64encode(numbers.astype("<f8", copy=False).tobytes()).decode("ascii")


def _unpacked(stored: Mapping[str, Any]) -> Points:
    """Read what `text` wrote; raise ValueError where it is anything else."""
    try:
        values = _numbers(stored["values"])
        times = _numbers(stored["times"]) if "times" in stored else _moments(stored, values.size)
    except (KeyError, TypeError) as bad:
        raise ValueError("samples are stored as values with start and step, or with times") from bad
    if times.size != values.size or not np.isfinite(times).all():
        raise ValueError("samples are stored with a time for each value")
    return Points(times, values)


def _moments(stored: Mapping[str, Any], count: int) -> Floats:
    start, step = stored["start"], stored["step"]
    if not (isfinite(start) and isfinite(step)):
        raise ValueError("samples begin at a moment and lie a time apart")
    return _even(start, step, count)


def _numbers(packed: str) -> Floats:
    return np.frombuffer(b64decode(packed, validate=True), dtype="<f8").astype(np.float64)
