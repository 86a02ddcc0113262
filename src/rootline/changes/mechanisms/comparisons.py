"""Comparisons and arithmetic that moved by one."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import became

OPERATOR = re.compile(r"(<=|>=|==|!=|&&|\|\||<|>|\band\b|\bor\b|\bnot\b|!(?=\w)|\+ ?1\b|- ?1\b)")
FAMILIES = {
    "bounds": 1.0,
    "data": 0.9,
    "crash": 0.5,
    "errors": 0.6,
    "queue": 0.3,
    "auth": 0.4,
    "clock": 0.3,
    "traffic": 0.3,
    "unasked": 0.6,
}


def comparisons(net: Net) -> list[Mechanism]:
    """Lines that differ from the line they replace only in operators or a step of one."""
    olds: dict[tuple[str, str], DiffLine] = {
        (line.file, _mask(line.text)): line for line in net.removed.lines if OPERATOR.search(line.text[:400])
    }
    found = []
    for line in net.added.lines:
        old = olds.pop((line.file, _mask(line.text)), None)
        if old is not None:
            found.append(
                Mechanism(
                    "condition changed",
                    FAMILIES,
                    f"a comparison or a step of one is different{became(old, line)}",
                    (old, line),
                )
            )
    return found[:3]


def _mask(text: str) -> str:
    return "".join(OPERATOR.sub("", text[:400]).split())
