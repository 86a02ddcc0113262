"""The samples of a series, kept as the one JSON text in which they are hashed and stored."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import isfinite
from typing import Any, Self, overload

import numpy as np
import orjson
from pydantic import GetCoreSchemaHandler, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from rootline.domain.signal import Floats

Point = tuple[float, float | None]
_LEAST_PLAIN, _MOST_PLAIN = 1e-4, 1e16
"""Source: CPython's `float.__repr__`, which writes an exponent below the first and from the second on; within,
orjson writes every number to the same digits."""


class Points(Sequence[Point]):
    """Pairs of Unix seconds and a value, None where a sample is missing.

    A query has thousands of them and few are ever looked at, so they are rendered once and read on demand. Two are
    equal when they are written the same.
    """

    def __init__(self, text: str = "[]") -> None:
        self.text = text

    @classmethod
    def of(cls, times: Floats, values: Floats) -> Self:
        """Write samples, both of shape (n,); what is no finite number is missing."""
        return cls(_written(np.column_stack([times, values])))

    @classmethod
    def listed(cls, pairs: Iterable[Sequence[float | None]]) -> Self:
        """Write pairs of any kind."""
        return cls(_written(np.array(list(pairs), dtype=np.float64).reshape(-1, 2)))

    @cached_property
    def _pairs(self) -> list[Point]:
        return [(at, value) for at, value in orjson.loads(self.text)]

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
        return self.text.count("[") - 1

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
        """Take pairs where they come as JSON, and be JSON again only where that is asked for."""
        pairs = handler.generate_schema(list[Point])
        plain = core_schema.plain_serializer_function_ser_schema(cls._plain, info_arg=True)
        return core_schema.no_info_wrap_validator_function(cls._validated, pairs, serialization=plain)

    @classmethod
    def _validated(cls, given: object, pairs: ValidatorFunctionWrapHandler) -> "Points":
        return given if isinstance(given, Points) else cls.listed(pairs(given))

    def _plain(self, info: core_schema.SerializationInfo) -> "Points | list[Point]":
        return self[:] if info.mode == "json" else self


def spliced(text: str, samples: Sequence[Points]) -> str:
    """Put samples into compact JSON in which each stands as `"points":null`, in order.

    Text from outside cannot look like that: inside of a JSON string the quotes are escaped.
    """
    pieces = text.split('"points":null')
    rest = (f'"points":{one.text}{after}' for one, after in zip(samples, pieces[1:], strict=True))
    return "".join([pieces[0], *rest])


def _written(pairs: Floats) -> str:
    sizes = np.abs(pairs[np.isfinite(pairs)])
    if ((sizes == 0) | ((sizes >= _LEAST_PLAIN) & (sizes < _MOST_PLAIN))).all():
        return orjson.dumps(pairs, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    known = [[at, value if isfinite(value) else None] for at, value in pairs.tolist()]
    return json.dumps(known, separators=(",", ":"))
