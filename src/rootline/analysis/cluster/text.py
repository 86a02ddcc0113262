"""Text of a cluster read, bounded and numbered, and the quantities written in it."""

import re
from dataclasses import dataclass

_TEXT_LIMIT = 400_000
_LINE_LIMIT = 4_000
QUOTE_LIMIT = 400
_AGE_PART = re.compile(r"(\d{1,9})([ydhms])")
_AGE_S = {"y": 365 * 86_400, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_MOST_DIGITS = 9
_NUMBER = re.compile(r"^(\d{1,15}(?:\.\d{0,9})?(?:[eE][+-]?\d{1,2})?)([A-Za-z]{0,2})$")
_SUFFIX = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
    "Ei": 2.0**60,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its number, counted from 1."""

    number: int
    text: str


def numbered(text: str) -> list[Line]:
    """The lines that are not blank; a text or line that is too long is cut."""
    cut = text[:_TEXT_LIMIT].split("\n")
    return [Line(n, line[:_LINE_LIMIT].rstrip()) for n, line in enumerate(cut, 1) if line.strip()]


def quoted(line: str) -> str:
    """The part of a line that is worth quoting: no margins, not endless."""
    return line.strip()[:QUOTE_LIMIT].rstrip()


def age_s(text: str) -> float | None:
    """Seconds of an age as kubectl prints it (`2m17s`, `95d`, `2y35d`); None when it is no age."""
    parts = _AGE_PART.findall(text[:40])
    if not parts or "".join(n + u for n, u in parts) != text.strip():
        return None
    return float(sum(whole(n) * _AGE_S[u] for n, u in parts))


def whole(text: str, default: int = 0) -> int:
    """A whole number of at most nine digits, or the default."""
    word = text.strip()
    return int(word) if word.isdecimal() and len(word) <= _MOST_DIGITS else default


def quantity(text: str) -> float | None:
    """A Kubernetes quantity as a number: cores for `100m`, bytes for `64Mi`, a count for `3`.

    Source: kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    found = _NUMBER.match(text.strip().strip("\"'")[:32])
    if found is None or found.group(2) not in _SUFFIX:
        return None
    return float(found.group(1)) * _SUFFIX[found.group(2)]
