"""How much a change's own words are the symptom's: BM25 over message, paths, changed lines and their surroundings."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rootline.changes.candidate import Candidate
from rootline.changes.diff import DiffLine
from rootline.changes.tokens import WORD, parts, terms

K1 = 1.2
FIELDS = ("subject", "body", "paths", "changed", "context")


@dataclass(frozen=True)
class Bag:
    """How often each asked term occurs in a text of `length` words."""

    counts: dict[str, int]
    length: int


@dataclass(frozen=True)
class Wording:
    """BM25 by field for one candidate, and the share of the question's weight that it covers (0 to 1)."""

    subject: float
    body: float
    paths: float
    changed: float
    context: float
    everywhere: float
    cover: float
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """The terms of a symptom, each with how much it is asked, and how rare it is among the candidates."""

    asked: dict[str, float]
    rarity: dict[str, float]

    @property
    def weight(self) -> float:
        """The weight of all terms that any candidate has."""
        return sum(self.rarity.values())


def asked(texts: Iterable[str]) -> dict[str, float]:
    """The terms of the texts; a repeated term counts a little more.

    Source: 1 + 0.5 ln(n), the damped term frequency of BM25's query side.
    """
    counts = terms("\n".join(dict.fromkeys(text[:2000] for text in texts)))
    return {term: 1.0 + 0.5 * math.log(count) for term, count in counts.items()}


def wordings(texts: Iterable[str], candidates: Sequence[Candidate]) -> tuple[Wording, ...]:
    """Score every candidate against the texts.

    Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009);
    rarity over the candidates' whole text, ln(1 + (N - n + 0.5) / (n + 0.5)).
    """
    question = asked(texts)
    bags = [_bags(candidate, question) for candidate in candidates]
    whole = [_sum(one) for one in bags]
    present = Counter(term for bag in whole for term in bag.counts)
    total = len(bags)
    rarity = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in present.items()}
    asking = Question(question, rarity)
    columns = [_bm25(asking, [one[place] for one in bags], 0.6) for place in range(len(FIELDS))]
    everywhere = _bm25(asking, whole, 0.75)
    return tuple(_wording(asking, [column[i] for column in columns], everywhere[i], whole[i]) for i in range(total))


def _bags(candidate: Candidate, question: dict[str, float]) -> tuple[Bag, ...]:
    subject, _, body = candidate.message.partition("\n")
    diff = candidate.diff
    changed = "\n".join(line.text for line in (*diff.added, *diff.removed))
    context = "\n".join(line.text for line in (*diff.context, *diff.heads))
    return tuple(_bag(text, question) for text in (subject, body, " ".join(candidate.files), changed, context))


def _bag(text: str, question: dict[str, float]) -> Bag:
    words = Counter(WORD.findall(text))
    counts: dict[str, int] = {}
    for word, count in words.items():
        for term in parts(word):
            if term in question:
                counts[term] = counts.get(term, 0) + count
    return Bag(counts, words.total())


def _sum(bags: tuple[Bag, ...]) -> Bag:
    counts: Counter[str] = Counter()
    for bag in bags:
        counts.update(bag.counts)
    return Bag(dict(counts), sum(bag.length for bag in bags))


def _bm25(question: Question, bags: Sequence[Bag], b: float) -> list[float]:
    mean = sum(bag.length for bag in bags) / max(len(bags), 1) or 1.0
    return [_score(question, bag, K1 * (1 - b + b * bag.length / mean)) for bag in bags]


def _score(question: Question, bag: Bag, damping: float) -> float:
    return sum(
        question.asked[term] * question.rarity[term] * count * (K1 + 1) / (count + damping)
        for term, count in bag.counts.items()
    )


def _wording(question: Question, fields: list[float], everywhere: float, whole: Bag) -> Wording:
    ranked = sorted(whole.counts, key=lambda term: (-question.rarity[term], term))
    cover = sum(question.rarity[term] for term in ranked) / (question.weight or 1.0)
    subject, body, paths, changed, context = fields
    return Wording(
        subject=subject,
        body=body,
        paths=paths,
        changed=changed,
        context=context,
        everywhere=everywhere,
        cover=cover,
        terms=tuple(ranked[:6]),
    )


def lines_with(candidate: Candidate, wanted: Sequence[str], most: int = 2) -> tuple[DiffLine, ...]:
    """The changed lines that hold the most of the wanted terms."""
    if not wanted:
        return ()
    scored = []
    for line in (*candidate.diff.added, *candidate.diff.removed)[:2000]:
        here = {term for word in WORD.findall(line.text[:400]) for term in parts(word)}
        hits = sum(1 for term in wanted if term in here)
        if hits:
            scored.append((-hits, line.number, line))
    return tuple(line for _, _, line in sorted(scored)[:most])
