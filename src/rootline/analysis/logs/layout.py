"""Where the wanted fields of JSON lines stand, so that most lines need no JSON parser."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Self

from rootline.analysis.logs.message import LEVELS, MESSAGES, SERVICES, TIMES

_STRING = re.compile(rb'(?:[^"\\]|\\.)*')
_NUMBER = re.compile(rb"[-+0-9.eE]+")
_TRIED = 20


@dataclass(frozen=True, kw_only=True)
class Field:
    """The bytes before a value, with its opening quote where it is a string."""

    marker: bytes
    quoted: bool

    @classmethod
    def find(cls, line: bytes, fields: dict[str, object], names: Sequence[str]) -> Self | None:
        """The first of the names whose value is found again in the line's bytes; None where there is none."""
        for name in names:
            value = fields.get(name)
            for marker in (json.dumps(name).encode() + b":", json.dumps(name).encode() + b": "):
                found = cls(marker=marker + b'"' * isinstance(value, str), quoted=isinstance(value, str))
                if isinstance(value, str | int | float) and found.one(line) == _written(value):
                    return found
        return None

    def one(self, line: bytes) -> bytes | None:
        """The value's bytes as written in one line, None where the line has no such field."""
        start = line.find(self.marker)
        if start < 0:
            return None
        match = (_STRING if self.quoted else _NUMBER).match(line, start + len(self.marker))
        return match[0] if match else None

    def all(self, lines: Sequence[bytes]) -> list[bytes]:
        """The value's bytes in every line, empty where a line has no such field or it holds an escaped quote."""
        if not self.quoted:
            return [self.one(line) or b"" for line in lines]
        size = len(self.marker)
        starts = map(bytes.find, lines, repeat(self.marker))
        return [
            line[start + size : line.find(b'"', start + size)] if start >= 0 else b""
            for line, start in zip(lines, starts, strict=True)
        ]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The fields of one kind of JSON line; None for what it does not have."""

    message: Field
    service: Field | None
    level: Field | None
    time: Field | None

    @classmethod
    def of(cls, line: bytes) -> Self | None:
        """Learn the layout from one line; None where it is no JSON object with a message of its own."""
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            return None
        message = Field.find(line, fields, MESSAGES) if isinstance(fields, dict) else None
        if message is None or not message.quoted:
            return None
        return cls(
            message=message,
            service=Field.find(line, fields, SERVICES),
            level=Field.find(line, fields, LEVELS),
            time=Field.find(line, fields, TIMES),
        )


def learned(lines: Sequence[bytes]) -> tuple[Layout, bytes] | None:
    """The layout of the first of some lines that has one, and that line; only the first 20 are tried."""
    tried = ((Layout.of(line), line) for line in lines[:_TRIED])
    return next(((layout, line) for layout, line in tried if layout), None)


def _written(value: str | float) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return text[1:-1].encode() if isinstance(value, str) else text.encode()
