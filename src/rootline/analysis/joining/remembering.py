"""What past incidents teach: how alike two are, what people said of the answers, and how far that moves a ranking."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rootline.domain.incident import Feedback

Standing = Literal["confirmed", "rejected"]
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,40}")
_READ = 400
_NAMED, _MOST_TOLD = 80, 6

# Source: own choice. What failed and how it read weigh more than where; the same service and the same words are
# most of a resemblance.
_SERVICE, _FAMILIES, _TERMS = 0.35, 0.25, 0.4
ALIKE = 0.3
"""Source: own choice; below it two incidents have nothing in common that would help anybody."""

MOST_SHIFT = 1.0
"""Source: own choice, in logits: what people said before may settle a close race, and never outweigh evidence."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What an incident looked like: the service that failed first, the kinds of symptom, the words of its errors."""

    service: str
    families: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What people said of one explanation of one past incident that resembles this one (0 to 1)."""

    service: str
    cause: str
    standing: Standing
    similarity: float


def terms_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of some untrusted texts, in lower case; the first 400 characters of each count."""
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text[:_READ]))


def similarity(one: Signature, other: Signature) -> float:
    """Return how alike two incidents are, from 0 to 1: the same service, and the shared part of kinds and words.

    What is known of neither of them is left out of the account: two incidents without a line of logs are as alike
    as their services and kinds of symptom.
    """
    parts = [
        (_SERVICE, float(one.service == other.service), bool(one.service or other.service)),
        (_FAMILIES, _overlap(one.families, other.families), bool(one.families or other.families)),
        (_TERMS, _overlap(one.terms, other.terms), bool(one.terms or other.terms)),
    ]
    known = sum(weight for weight, _, told in parts if told)
    return sum(weight * alike for weight, alike, told in parts if told) / known if known else 0.0


def shared(one: Signature, other: Signature) -> tuple[str, ...]:
    """Say in at most three short lines what two incidents have in common; the words come from outside."""
    symptoms, words = sorted(one.families & other.families), sorted(one.terms & other.terms, key=_telling)
    parts = [
        f"{one.service[:_NAMED]} failed first in both" if one.service and one.service == other.service else "",
        f"symptoms in common: {', '.join(symptoms[:_MOST_TOLD])}" if symptoms else "",
        f"words in common: {', '.join(words[:_MOST_TOLD])}" if words else "",
    ]
    return tuple(part for part in parts if part)


def _telling(word: str) -> tuple[int, str]:
    """Longer words tell more, as far as length goes."""
    return -len(word), word


def standings(log: Sequence[Feedback]) -> Mapping[int, Standing]:
    """Derive from an append-only log which ranks of one answer stand confirmed or rejected.

    The last word of each author counts; where authors disagree or take it back (`uncertain`), nothing stands. A
    verdict on the whole answer is one on its first explanation; a note, and a root cause set in words alone, say
    nothing of any explanation.
    """
    said = [one for one in sorted(log, key=lambda one: one.at) if one.verdict != "note"]
    verdicts = [one for one in said if one.verdict != "root_cause_set" or one.hypothesis_rank]
    last = {(one.hypothesis_rank or 1, one.author): one.verdict for one in verdicts}
    found: dict[int, Standing] = {}
    for rank, group in groupby(sorted(last.items()), key=lambda item: item[0][0]):
        standing = {"confirmed" if verdict == "root_cause_set" else verdict for _, verdict in group} - {"uncertain"}
        if standing == {"confirmed"}:
            found[rank] = "confirmed"
        elif standing == {"rejected"}:
            found[rank] = "rejected"
    return found


def shift(service: str, cause: str, lessons: Iterable[Lesson]) -> float:
    """Return how far past verdicts move an explanation, in logits between -1 and 1.

    Each lesson of the same service and cause counts as much as its incident resembles this one; one of the same
    cause elsewhere counts half. With no lesson it is 0, and taking a verdict back takes its shift back.
    """
    moved = 0.0
    for one in lessons:
        if one.cause == cause and one.similarity >= ALIKE:
            near = 1.0 if one.service == service else 0.5
            moved += near * one.similarity * (1.0 if one.standing == "confirmed" else -1.0)
    return max(-MOST_SHIFT, min(MOST_SHIFT, moved))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of what either has that both have.

    Source: Jaccard, "Étude comparative de la distribution florale" (1901).
    """
    return len(one & other) / len(one | other) if one | other else 0.0
