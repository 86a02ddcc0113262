"""The wanted fields of many JSON lines side by side."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rootline.analysis.logs.layout import Field, Layout, learned
from rootline.analysis.logs.message import LEVELS, SERVICES, TIMES, message

_LAYOUTS = 6
_LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Columns:
    """One entry a line in each, as bytes; empty where the line has no such field.

    `index` is the line's place in the whole stream. `messages` are as written in JSON, without line feeds.
    """

    index: Sequence[int]
    lines: Sequence[bytes]
    messages: Sequence[bytes]
    services: Sequence[bytes]
    levels: Sequence[bytes]
    times: Sequence[bytes]


def columns(lines: Sequence[bytes], index: Sequence[int]) -> Iterable[Columns]:
    """Take the fields out of lines of several layouts, one after the other; odd lines are parsed one by one.

    `index` has each line's place in the whole stream.
    """
    for _ in range(_LAYOUTS):
        known = learned(lines)
        if known is None:
            break
        found = _by_layout(lines, index, known[0])
        odd = [at for at, text in enumerate(found.messages) if not text]
        yield _without(found, odd) if odd else found
        lines, index = [lines[at] for at in odd], [index[at] for at in odd]
    if lines:
        yield _parsed(lines, index)


def _by_layout(lines: Sequence[bytes], index: Sequence[int], layout: Layout) -> Columns:
    def column(field: Field | None) -> list[bytes]:
        return field.all(lines) if field else [b""] * len(lines)

    messages = column(layout.message)
    for at in [at for at, text in enumerate(messages) if text[-1:] == b"\\"]:
        messages[at] = layout.message.one(lines[at]) or b""
    return Columns(
        index=index,
        lines=lines,
        messages=messages,
        services=column(layout.service),
        levels=column(layout.level),
        times=column(layout.time),
    )


def _without(found: Columns, odd: Sequence[int]) -> Columns:
    left = sorted(set(range(len(found.lines))).difference(odd))
    return Columns(
        index=[found.index[at] for at in left],
        lines=[found.lines[at] for at in left],
        messages=[found.messages[at] for at in left],
        services=[found.services[at] for at in left],
        levels=[found.levels[at] for at in left],
        times=[found.times[at] for at in left],
    )


def _parsed(lines: Sequence[bytes], index: Sequence[int]) -> Columns:
    rows = [_fields(line) for line in lines]
    texts = (message(line.decode(errors="replace")).text for line in lines)
    return Columns(
        index=index,
        lines=lines,
        messages=[text[:_LONGEST].replace("\n", " ").encode() for text in texts],
        services=[_first(row, SERVICES) for row in rows],
        levels=[_first(row, LEVELS) for row in rows],
        times=[_first(row, TIMES) for row in rows],
    )


def _fields(line: bytes) -> dict[str, object]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _first(fields: dict[str, object], names: Sequence[str]) -> bytes:
    found = next((fields[name] for name in names if isinstance(fields.get(name), str | int | float)), "")
    return str(found).encode()
