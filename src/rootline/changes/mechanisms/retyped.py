"""Fields of what programs send each other that became of another type: the sender stays well, the reader fails."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import became

# Source: the names of types in Go, Java, Kotlin, TypeScript, Python, SQL, Avro, GraphQL and protocol buffers.
TYPE = re.compile(
    r"(?<![\w.])(?:u?int(?:8|16|32|64)?|sint(?:32|64)|integer|long|short|float(?:32|64)?|double|number|numeric|bigint"
    r"|big_?decimal|decimal(?:\.decimal)?|str|string|text|varchar|bool|boolean|bytes?|date|datetime|time\.time|instant"
    r"|timestamp|uuid)(?![\w.])",
    re.IGNORECASE,
)
SENT = re.compile(
    r"json|avro|proto|serde|\byaml:|\bxml:|(^|[/_.-])(events?|messages?|payloads?|schemas?|contracts?|dtos?|records?)\b",
    re.IGNORECASE,
)
LONGEST = 300
FAMILIES = {"parse": 1.0, "queue": 0.8, "data": 0.8, "schema": 0.5, "bounds": 0.5, "errors": 0.5, "null": 0.4}


def retyped(net: Net) -> list[Mechanism]:
    """Fields of messages of which nothing but the type became another."""
    gone = {(line.file, _masked(line)): line for line in net.removed.lines if _types(line) and _is_sent(line)}
    for line in net.added.lines:
        old = gone.get((line.file, _masked(line)))
        if old is not None and _types(line) != _types(old):
            told = f"the type of a field that is sent is another{became(old, line)}"
            return [Mechanism("type of a sent field changed", FAMILIES, told, (old, line))]
    return []


def _masked(line: DiffLine) -> str:
    return "".join(TYPE.sub("#", line.text[:LONGEST]).split())


def _types(line: DiffLine) -> list[str]:
    return [found.lower() for found in TYPE.findall(line.text[:LONGEST])]


def _is_sent(line: DiffLine) -> bool:
    return bool(SENT.search(line.text[:LONGEST]) or SENT.search(line.file[:LONGEST]))
