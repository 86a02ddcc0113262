"""Calls that a diff puts inside a loop: one trip to a store or a service for each item."""

import re
from collections.abc import Iterator
from itertools import groupby

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism

LOOP = re.compile(
    r"^\s*(\} )?(async )?(for|foreach|while|loop)\b|\.(each|map|forEach|flatMap"
    r"|each_with_index|collect)\b\s*(do|\{|\()?.*$"
)
REMOTE = re.compile(
    r"(?:\b|_)(?:get|find|fetch|load|query|select|lookup|request|rpc|read|invoke"
    r"|publish|send|post|exec\w*)\w*\("
    r"|\.(?:Get|Find|Fetch|Load|Query|Select|Lookup|Do|Exec|Invoke|Publish|Send"
    r"|Post)\w*\(|objects\.|await |\bSELECT\b"
    r"|(?:client|repo|repository|dao|db|session|stub|http|cursor|redis|cache)\w*\.\w+\(",
)
INLINE = re.compile(r"\bfor\b.{1,80}\bin\b|\.(?:map|each|forEach|flatMap|filter)\(|\.stream\(\)")
LOCAL = re.compile(
    r"append\(|\bsleep\(|\blog(ger)?\.|print|\.get\(['\"](?!/|https?:)|getattr|os\.environ|\.getOrDefault"
)
FAR = 400
FAMILIES = {"queries": 1.0, "latency": 0.9, "traffic": 0.8, "pool": 0.6, "cpu": 0.5, "ratelimit": 0.6, "replica": 0.3}


def calls_in_loops(net: Net) -> list[Mechanism]:
    """Calls that run once for each item of a loop in the new code: new ones, and old ones in a loop that came."""
    new = {(line.file, line.number) for line in net.added.lines}
    inline = (line for line in net.added.lines if INLINE.search(line.text[:400]) and _is_remote(line.text))
    inside = (
        line
        for line, loop in _looped(net.whole.lines[:4000])
        if (line.file, line.number) in new or (loop.file, loop.number) in new
    )
    hits = (*(line for line in inside if _is_remote(line.text)), *inline)
    if not hits:
        return []
    return [Mechanism("call in a loop", FAMILIES, "a call to a store or service for each item of a loop", hits[:3])]


def _is_remote(text: str) -> bool:
    return bool(REMOTE.search(text[:400])) and not LOCAL.search(text[:400])


def _looped(lines: tuple[DiffLine, ...]) -> Iterator[tuple[DiffLine, DiffLine]]:
    present = (line for line in lines if line.sign != "-")
    for _, block in groupby(present, key=lambda line: line.file):
        yield from _inside(list(block))


def _inside(block: list[DiffLine]) -> Iterator[tuple[DiffLine, DiffLine]]:
    """Yield the lines inside of loops, each with the line at which its loop begins."""
    depth: int | None = None
    loop, last = block[0], 0
    for line in block:
        indent = len(line.text) - len(line.text.lstrip())
        gap = line.number - last > FAR
        last = line.number
        if depth is not None and (gap or (line.text.strip() and indent <= depth)):
            depth = None
        if depth is not None:
            yield line, loop
        elif LOOP.search(line.text[:200]):
            depth, loop = indent, line
