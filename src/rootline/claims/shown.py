"""What verified claims show, in plain words: the measures they are about, and how a container ended."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rootline.domain.claim import Claim

_MOST = 5
_LONGEST = 600
_MEASURE = re.compile(r" ([A-Z][a-z]{1,30}(?:[A-Z]{1,8}[a-z]{0,30}){1,6}|[A-Z]{2,8}[a-z]{2,30})(?:\{|$)")
"""A metric whose name is written in humps, as cloud vendors do; others are words already."""
_HUMP = re.compile(r"[A-Z]{2,8}(?![a-z])|[A-Z][a-z]{1,30}")
_EXIT = re.compile(r"exit[ _]?code['\"]?\s{0,12}[:=]?\s{0,12}(\d{1,3})\b", re.IGNORECASE)
# Source: signal(7), 128 and the number of the signal; the shells' own codes: bash(1), "Exit Status".
_ENDINGS = {
    126: "the command cannot be executed",
    127: "the command was not found",
    134: "SIGABRT",
    137: "SIGKILL",
    139: "SIGSEGV",
    143: "SIGTERM",
}


def shown(verified: Sequence[Claim]) -> str:
    """Say in a few words what the claims are about; empty where they say it in plain words themselves."""
    measures = list(dict.fromkeys(_measures(verified)))[:_MOST]
    codes = list(dict.fromkeys(_codes(verified)))[:2]
    ends = [f"exit code {code}{f' ({_ENDINGS[code]})' if code in _ENDINGS else ''}" for code in codes if code]
    parts = [f"seen in {', '.join(measures)}"] if measures else []
    return "; ".join([*parts, *([f"the container ended with {' and '.join(ends)}"] if ends else [])])


def _measures(verified: Iterable[Claim]) -> Iterator[str]:
    for claim in verified:
        found = _MEASURE.search(claim.subject[:_LONGEST]) if claim.predicate in {"rose", "fell", "equals"} else None
        if found:
            yield " ".join(word if word.isupper() else word.lower() for word in _HUMP.findall(found.group(1)))


def _codes(verified: Iterable[Claim]) -> Iterator[int]:
    for claim in verified:
        if claim.predicate == "contains" and isinstance(claim.value, str):
            yield from (int(code) for code in _EXIT.findall(claim.value[:_LONGEST]))
