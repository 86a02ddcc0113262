"""Calls to others that a diff puts between taking a lock and giving it back."""

import re
from collections.abc import Iterator
from itertools import groupby

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.paths.kinds import INERT

HOLDS = re.compile(
    r"transaction\b|\batomic\b|@transactional|\bbegin\b|with_lock|\bsynchronized\b|\.r?lock\(\)|for update"
    r"|lock_for_update"
    r"|advisory_lock|with \w*lock\b|mutex",
    re.IGNORECASE,
)
CALLS = re.compile(
    r"\b(?:await |yield )?\w*(?:client|api|http|gateway|service|provider|rpc|stub|grpc|bank|broker|producer"
    r"|hub|adapter|connector|queue|mailer|bus|s3|remote|webhook)\w*"
    r"\.\w+\(|\b(?:requests|axios|httpx|fetch|urlopen|resttemplate|webclient)\b[.(]|\b(?:sleep|publish|notify"
    r"|send_?mail|post)\w*\(",
    re.IGNORECASE,
)
FAMILIES = {"lock": 1.0, "latency": 0.9, "pool": 0.9, "queue": 0.5, "errors": 0.4, "replica": 0.3}


def waiting_inside(net: Net) -> list[Mechanism]:
    """Calls to others that came inside of a transaction or a lock: it is now held for as long as they take.

    A call that was inside of one before does not come by being moved or indented; files that do not run hold nothing.
    """
    lines = tuple(line for line in net.whole.lines[:4000] if net.kind(line) not in INERT)
    before = {_bare(line) for line in _held(lines, gone="+") if line.sign == "-"}
    came = (line for line in _held(lines, gone="-") if line.sign == "+" and _bare(line) not in before)
    hits = tuple(line for line in came if CALLS.search(line.text[:300]))
    if not hits:
        return []
    return [
        Mechanism("call made while a lock is held", FAMILIES, "a lock is held while another service answers", hits[:3])
    ]


def _bare(line: DiffLine) -> str:
    return "".join(line.text[:300].split())


def _held(lines: tuple[DiffLine, ...], *, gone: str) -> Iterator[DiffLine]:
    """Yield the lines inside of locks, before or after the change: without those of one sign."""
    present = (line for line in lines if line.sign != gone)
    for _, block in groupby(present, key=lambda line: line.file):
        depth: int | None = None
        is_annotation = False
        for line in block:
            indent = len(line.text) - len(line.text.lstrip())
            if depth is not None and line.text.strip() and indent <= depth and not is_annotation:
                depth = None
            is_annotation = is_annotation and line.text.strip().startswith("@")
            if depth is not None:
                yield line
            elif HOLDS.search(line.text[:300]):
                depth = indent
                is_annotation = line.text.strip().startswith(("@", "#[", "["))
