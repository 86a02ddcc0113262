"""Handlers of any error that came and tell nobody: the caller goes on with what is missing or made up."""

import re
from collections.abc import Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism

# Source: how Python, Ruby, Java, JavaScript, C#, Kotlin and Scala write a handler of whatever goes wrong.
ANY = re.compile(
    r"^\s*(?:except(?:\s+\(?(?:Base)?Exception\b[^:]{0,40})?\s*:|rescue(?:\s+(?:StandardError|Exception)\b.{0,40}|\s+=>.{0,40})?\s*$"
    r"|\}?\s*catch\s*(?:\(\s*(?:final\s+)?(?:Exception|Throwable|Error|_|\w{1,3}|err(?:or)?)\b[^)]{0,40}\))?\s*\{?\s*$)"
)
TELLS = re.compile(
    r"\b(?:raise|throw|rethrow|panic|abort|exit|fail\w*|reject\w*|set_exception|next\(err)\b|\b[45]\d\d\b"
)
FAMILIES = {"data": 0.9, "null": 0.8, "queue": 0.4, "errors": 0.3}
FARTHEST = 8
"""Source: ours; what a handler that hides an error does is short."""


def swallowed(net: Net) -> list[Mechanism]:
    """Handlers of any error that came and in which nothing is raised, thrown or answered as a failure."""
    came = {(line.file, line.number) for line in net.added.lines}
    lines = [line for line in net.whole.lines[:4000] if line.sign != "-" and net.kind(line) == "code"]
    for place, line in enumerate(lines):
        is_new = (line.file, line.number) in came and ANY.match(line.text[:300])
        if is_new and (body := list(_inside(lines, place))) and not any(TELLS.search(one.text[:300]) for one in body):
            told = "whatever goes wrong is hidden from the caller, who goes on without what is missing"
            return [Mechanism("error swallowed", FAMILIES, told, (line, *body[:1]))]
    return []


def _inside(lines: list[DiffLine], place: int) -> Iterator[DiffLine]:
    """Yield the lines of a handler: those that stand further in than it does."""
    head = lines[place]
    depth = len(head.text) - len(head.text.lstrip())
    for line in lines[place + 1 : place + 1 + FARTHEST]:
        if line.file != head.file or (line.text.strip() and len(line.text) - len(line.text.lstrip()) <= depth):
            return
        yield line
