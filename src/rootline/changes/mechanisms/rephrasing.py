"""Changes of words that people read: error texts, log lines and labels, which do nothing else."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net

STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;.!?]? [A-Za-z<%{$#]|#[0-9a-fA-F]{3,8}\b")
TELLS = re.compile(
    r"\b(throw|raise|panic!?|error|Errorf|anyhow!|bail!)\b"
    r"|\b(warn(ing)?|print\w*)\b(?!\s*[,=:)\]}])|\b(log(ger|ging)?|slog|console)\b(?!\s*([,=:)\]}]|$))"
    r"|new \w*(Exception|Error|Mismatch|Failure|Rejected)\b|errors\.New|\b\w*(Exception|Error)\(",
)
THROWS = re.compile(r"\b(throw|raise|panic!?|bail!|reject|abort)\b")
CONTINUES = re.compile(r"^\s*[\"'`]|^\s*\.(format|formatted)\(|^\s*[)\]}]*[;,]?\s*$")
MOST = 20


def rephrases(net: Net) -> bool:
    """Whether nothing but words for people changes: no error is told more often or seldom than before.

    At most 20 lines of each sign are looked at; more are no mere change of words.
    """
    came, went = net.added.lines, net.removed.lines
    if not came or not went or max(len(came), len(went)) > MOST or _throws(came) != _throws(went):
        return False
    new, old = _silent(came), _silent(went)
    if sorted(_bare(line) for line in new) != sorted(_bare(line) for line in old):
        return False
    return all(_is_prose(one, other) for one, other in zip(old, new, strict=True))


def _throws(lines: tuple[DiffLine, ...]) -> int:
    return sum(bool(THROWS.search(STRING.sub("", line.text[:300]))) for line in lines)


def _silent(lines: tuple[DiffLine, ...]) -> list[DiffLine]:
    """The lines that are not part of a statement which tells something, in the order of their code."""
    kept: list[DiffLine] = []
    inside = False
    for line in lines:
        tells = bool(TELLS.search(STRING.sub("", line.text[:300])))
        inside = tells or (inside and bool(CONTINUES.match(line.text[:300])))
        if not inside:
            kept.append(line)
    return sorted(kept, key=lambda line: (_bare(line), line.number))


def _bare(line: DiffLine) -> str:
    return "".join(STRING.sub("''", line.text[:300]).split())


def _is_prose(before: DiffLine, after: DiffLine) -> bool:
    """Whether the words that differ between two lines are a sentence or a colour, not a name or an address."""
    olds, news = STRING.findall(before.text[:300]), STRING.findall(after.text[:300])
    return all(one == other or SENTENCE.search(other) is not None for one, other in zip(olds, news, strict=False))
