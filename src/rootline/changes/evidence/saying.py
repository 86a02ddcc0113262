"""An error that says what only a line of the change says: before it, nobody could have said so."""

import re
from collections.abc import Iterator

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.diffs.diff import DiffLine
from rootline.changes.mechanisms.rephrasing import STRING, TELLS, rephrases
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component

NAME = "says"
# Source: the holes of Python, JavaScript, Ruby, Kotlin, C, Go, Rust and Java's texts.
_HOLES = re.compile(r"\$?\{[^{}]{0,80}\}|#\{[^{}]{0,80}\}|%[-+#0-9.]{0,8}[a-zA-Z]|\\[nrt\"']")
_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}")
SHORTEST, MOST, LONGEST = 10, 40, 400
"""Source: ours; shorter pieces, single words, and names with dashes or slashes stand in many texts."""


def saying(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That an error says what a line says which the change added; not where it only says it in other words."""
    if candidate.commit is None or rephrases(candidate.net):
        return []
    told = " \n ".join(text[:LONGEST] for text in symptom.texts[:MOST]).lower()
    for line, piece in _said(candidate):
        if piece.lower() in told:
            reason = f"an error says what it makes the code say: {piece[:80]}"
            return [Component(name=NAME, contribution=weights.SAYS, reason=reason, lines=quoted([line]))]
    return []


def _said(candidate: Candidate) -> Iterator[tuple[DiffLine, str]]:
    """The pieces between the holes of texts that it added, none of which it found there."""
    net = candidate.net
    before = " \n ".join(line.text[:LONGEST] for line in (*net.removed.lines, *net.whole.context[:MOST])).lower()
    reworded = {
        new.number for old, new in net.swaps if TELLS.search(old.text[:LONGEST]) and STRING.search(old.text[:LONGEST])
    }
    for line in net.added.lines[:MOST]:
        if line.number in reworded or net.kind(line) != "code":
            continue
        for text in STRING.findall(line.text[:LONGEST]):
            for piece in (part.strip(" :;,.") for part in _HOLES.split(text[1:-1])):
                if len(piece) >= SHORTEST and _TWO_WORDS.search(piece) and piece.lower() not in before:
                    yield line, piece
