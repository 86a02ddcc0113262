"""Which settings a change turned, by its diff: what taking it back puts back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rootline.changes.diffs.diff import DiffLine, parse
from rootline.changes.paths.kinds import kind_of
from rootline.domain.fact import ChangeFact
from rootline.remediation.names import is_flag, is_path, is_plain_value

_PAIR = re.compile(r"\s*-?\s*[\"']?([\w.-]{1,128})[\"']?\s*(?::=|=>|[:=])\s*[\"']?([^\s\"',;]{1,64})[\"']?[,;]?\s*")
_MOST, _LONGEST = 3, 400


@dataclass(frozen=True)
class Turned:
    """A key of a file of settings, with its value before and after."""

    file: str
    key: str
    before: str
    after: str


def settings_of(change: ChangeFact) -> tuple[Turned, ...]:
    """Return the settings that a commit turned, where names and values are plain words that a step may repeat."""
    return tuple(_turned(change))


def put_back(change: ChangeFact) -> str:
    """Say which values reverting a commit brings back, at most three; empty where its diff shows none."""
    found = settings_of(change)
    told = [f"{one.key} back from {one.after} to {one.before} ({one.file})" for one in found[:_MOST]]
    more = [f"{len(found) - _MOST} more"] if len(found) > _MOST else []
    return ", ".join([*told, *more])


def _turned(change: ChangeFact) -> Iterator[Turned]:
    diff = parse("\n".join(change.diff), tuple(change.files))
    waiting: dict[tuple[str, str], list[str]] = {}
    for line, key, value in _pairs(diff.removed):
        waiting.setdefault((line.file, key), []).append(value)
    for line, key, value in _pairs(diff.added):
        before = waiting.get((line.file, key))
        if before and (old := before.pop(0)) != value:
            yield Turned(line.file, key, old, value)


def _pairs(lines: Sequence[DiffLine]) -> Iterator[tuple[DiffLine, str, str]]:
    for line in lines:
        found = _PAIR.fullmatch(line.text[:_LONGEST]) if kind_of(line.file) == "config" else None
        if found and is_path(line.file) and is_flag(found[1]) and is_plain_value(found[2]):
            yield line, found[1], found[2]
