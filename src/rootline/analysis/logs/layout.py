"""Where the wanted fields of log lines stand, so that most lines need no JSON parser."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any, Literal, Self

from rootline.analysis.logs.message import LEVELS, MESSAGES, SERVICES, TIMES, fields_of, holder

Name = Literal["service", "level", "message", "time"]
_KEYS: Mapping[Name, Sequence[str]] = {"service": SERVICES, "level": LEVELS, "message": MESSAGES, "time": TIMES}
_STRING = rb'[^"]++'
# After a backslash a quote goes on, unless two or four of them are one or two backslashes that were written.
# Atomic, and not possessive, which Python before 3.11.5 gets wrong for a group.
_MORE = rb'(?:(?<!\\)|(?>(?:(?<=\\)(?<![^\\]\\\\)(?<![^\\]\\\\\\\\)"[^"]*+)*))'
_NUMBER = rb"[-+0-9.eE]++"
_TRIED = 20
_MOST_QUOTES = 200


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a line has a wanted value: from `start` to `end`, right after the marker, which begins with its key."""

    name: Name
    marker: bytes
    start: int
    end: int

    @classmethod
    def find(cls, name: Name, line: bytes, fields: Mapping[str, Any]) -> Self | None:
        """Look for the first of the usual keys whose value is found again in the line's bytes."""
        for key in _KEYS[name]:
            value = fields.get(key)
            if not isinstance(value, str | int | float) or value == "":
                continue
            for blank in (b"", b" "):
                marker = json.dumps(key).encode() + b":" + blank + b'"' * isinstance(value, str)
                start = line.find(marker) + len(marker)
                written = next((text for text in _written(value) if line.startswith(text, start)), b"")
                if marker in line and written:
                    return cls(name=name, marker=marker, start=start, end=start + len(written))
        return None

    @property
    def pattern(self) -> bytes:
        """The marker and, as a group, any value of the same kind."""
        value = _STRING if self.marker.endswith(b'"') else _NUMBER
        more = _MORE if self.name == "message" else b""
        return re.escape(self.marker) + b"(?P<%b>%b%b)" % (self.name.encode(), value, more)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One kind of line: a pattern with the groups `service`, `level`, `message` and `time`, empty where it has none."""

    pattern: re.Pattern[bytes]

    @classmethod
    def of(cls, line: bytes) -> Self | None:
        """Learn the layout of a line; None where it is no JSON object with a message of its own.

        Other lines of the layout may say anything between the wanted fields, with as many quotes as this one.
        """
        fields = fields_of(line)
        found = (_Place.find(name, line, holder(fields) if name == "message" else fields) for name in _KEYS)
        places = sorted((place for place in found if place), key=attrgetter("start"))
        texts = [place for place in places if place.name == "message" and place.marker.endswith(b'"')]
        if not texts or line.count(b'"', 0, places[-1].start) > _MOST_QUOTES:
            return None
        lacking = _KEYS.keys() - {place.name for place in places}
        groups = "".join(f"(?P<{name}>)" for name in lacking).encode()
        return cls(pattern=re.compile(_joined(line, places) + groups))


TEXT = Layout(
    pattern=re.compile(
        rb"(?!\s*\{)\s*+\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?+|)\]?\s*+"
        rb"(?P<message>[^\n]*+)(?P<service>)(?P<level>)"
    )
)
"""Lines that are no JSON; they may begin with a time."""


def learned(lines: Sequence[bytes]) -> Layout | None:
    """The layout of the first JSON line that has one; only the first 20 are tried."""
    objects = (line for line in lines if line.startswith(b"{"))
    return next((layout for line in islice(objects, _TRIED) if (layout := Layout.of(line))), None)


def _joined(line: bytes, places: Sequence[_Place]) -> bytes:
    pattern, at = b"", 0
    for place in places:
        quotes = line.count(b'"', at, place.start - len(place.marker))
        pattern += rb'[^"]*+"' * quotes + rb'[^"]*+' + place.pattern
        at = place.end
    return pattern


def _written(value: str | float) -> list[bytes]:
    """Return the ways in which JSON writes a value: letters beyond ASCII as they are, or escaped."""
    texts = (json.dumps(value, ensure_ascii=escaped).encode(errors="replace") for escaped in (False, True))
    return [text[1:-1] if isinstance(value, str) else text for text in texts]
