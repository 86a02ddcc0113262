"""JSON from an API server, read so that a missing or odd field is empty and never an error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rootline.domain.moment import read_moment
from rootline.sources.parsing import BYTES_A_VALUE

LONGEST_CELL = 1_000
_LONGEST_RAW = 4 * LONGEST_CELL
_MOST_ITEMS = 20_000
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Raw:
    """A value out of JSON of any shape."""

    held: Any

    def at(self, *path: str) -> "Raw":
        """The value reached by following keys; an empty one where there is none."""
        here = self.held
        for key in path:
            here = here.get(key) if isinstance(here, dict) else None
        return Raw(here)

    def text(self, *path: str) -> str:
        """The scalar there on one line of at most `LONGEST_CELL` characters; empty where there is none."""
        return line(self.at(*path).held)

    def number(self, *path: str, default: int = 0) -> int:
        """The whole number there, or the default."""
        held = self.at(*path).held
        if isinstance(held, int) and not isinstance(held, bool):
            return held
        word = held.strip() if isinstance(held, str) else ""
        return int(word) if word.isascii() and word.isdecimal() and len(word) <= _MOST_DIGITS else default

    def each(self, *path: str) -> "list[Raw]":
        """The objects in the list there; anything else in it is left out."""
        held = self.at(*path).held
        listed = held[:_MOST_ITEMS] if isinstance(held, list) else []
        return [Raw(item) for item in listed if isinstance(item, dict)]

    def listed(self) -> "list[Raw]":
        """The objects of a value that is itself a list."""
        return Raw({"": self.held}).each("")

    def words(self, *path: str) -> list[str]:
        """The scalars in the list there."""
        held = self.at(*path).held
        listed = held[:_MOST_ITEMS] if isinstance(held, list) else []
        return [line(item) for item in listed if not isinstance(item, dict | list)]

    def fields(self, *path: str) -> "list[tuple[str, Raw]]":
        """The members of the object there."""
        held = self.at(*path).held
        pairs = list(held.items())[:_MOST_ITEMS] if isinstance(held, dict) else []
        return [(line(key), Raw(value)) for key, value in pairs]

    def pairs(self, *path: str) -> dict[str, str]:
        """The scalars of the object there, such as labels."""
        return {key: line(value.held) for key, value in self.fields(*path)}

    def moment(self, *path: str) -> datetime | None:
        """The time there, in UTC."""
        return moment(self.text(*path))

    def weight_bytes(self) -> int:
        """About how much memory the value takes."""
        total, waiting = 0, [self.held]
        while waiting:
            one = waiting.pop()
            total += BYTES_A_VALUE + (len(one) if isinstance(one, str) else 0)
            if isinstance(one, dict):
                waiting.extend((*one, *one.values()))
            elif isinstance(one, list):
                waiting.extend(one)
        return total

    def __bool__(self) -> bool:
        return bool(self.held)

    @property
    def name(self) -> str:
        """The object's own name."""
        return self.text("metadata", "name")

    @property
    def namespace(self) -> str:
        """The namespace it lives in; empty where it lives in none."""
        return self.text("metadata", "namespace")

    @property
    def owner(self) -> "Raw":
        """The reference to the object that controls it."""
        owners = self.each("metadata", "ownerReferences")
        return next((one for one in owners if one.at("controller").held is True), owners[0] if owners else Raw(None))

    def condition(self, kind: str) -> "Raw":
        """One of the conditions in its status."""
        return next((one for one in self.each("status", "conditions") if one.text("type") == kind), Raw(None))


def line(value: Any) -> str:
    """Write a scalar on one line with single spaces; an object or a list is empty."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)[:_LONGEST_RAW] if isinstance(value, str | float) else _digits(value)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:LONGEST_CELL]


def _digits(value: Any) -> str:
    return str(value) if isinstance(value, int) and abs(value) < 10**_MOST_DIGITS else ""


def moment(text: str) -> datetime | None:
    """A time as the API server writes it; None when it is none."""
    try:
        return read_moment(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def newest(moments: Sequence[datetime | None]) -> datetime | None:
    """The latest of some times, where there is one."""
    return max((one for one in moments if one is not None), default=None)
