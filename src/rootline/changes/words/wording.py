"""How much a change's own words are the symptom's, over message, paths, changed lines and their surroundings."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rootline.changes.candidate import Candidate
from rootline.changes.diffs.diff import DiffLine
from rootline.changes.words.asked import Asked, Echo, Pair, clean, loud
from rootline.changes.words.fields import Bag, Field, gains, rarities
from rootline.changes.words.small_talk import weight_of
from rootline.changes.words.tokens import WORD, parts

# Source: subject, body, paths, changed lines and context, in this order; the weights (subject to context) and the
# length normalisations were chosen on windows of real commits, each project left out in turn.
FIELDS = (Field(6.0, 0.4), Field(3.0, 0.5), Field(1.5, 0.5), Field(1.0, 0.7), Field(0.35, 0.7))
LETTERED = tuple(Field(one.weight, 0.6) for one in FIELDS)
CONTEXT = 4
RARE = 2
FEW_WORDS = 2.0


@dataclass(frozen=True)
class Wording:
    """What one candidate shares with the symptom.

    `score` is BM25F over terms, `spelling` the same over groups of letters; `share` is `score` per asked word.
    `covers` (0 to 1) is how much of all that any candidate holds this one holds, by rarity, context apart; `phrases`
    is ln(1 + the rarity of pairs of words that stand side by side in both); `titled` (0 to 1) is how much of its
    subject the symptom speaks of. `asked` counts the terms of the symptom; `misses_names` says that the symptom names
    code and the change has none of it; `named` is the code named by the symptom that changed lines of at most two
    candidates hold; `together` are the pairs.
    """

    score: float
    spelling: float
    share: float
    covers: float
    phrases: float
    titled: float
    asked: int
    misses_names: bool
    named: tuple[str, ...]
    terms: tuple[str, ...]
    together: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What one candidate holds of what is asked, by field, and which named code."""

    terms: tuple[Bag, ...]
    groups: tuple[Bag, ...]
    pairs: frozenset[Pair]
    subject: frozenset[str]
    changed: frozenset[str]
    anywhere: frozenset[str]

    @property
    def strong(self) -> frozenset[str]:
        """The asked terms that it holds elsewhere than in its surroundings."""
        return frozenset(term for bag in self.terms[:CONTEXT] for term in bag.counts)


def wordings(
    texts: Iterable[str], candidates: Sequence[Candidate], services: Iterable[str] = ()
) -> tuple[Wording, ...]:
    """Score every candidate against the texts; 200 texts of 2,000 characters at most are asked.

    The words of services' names are not asked: whose code a change is counts by its place.
    """
    asked = Asked.of(texts, services)
    heard = [_hear(candidate, asked) for candidate in candidates]
    by_term = gains([one.terms for one in heard], FIELDS, asked.terms)
    by_group = gains([one.groups for one in heard], LETTERED, asked.groups)
    window = _Window.of(heard)
    return tuple(
        _wording(asked, window, one, said, math.fsum(spelt.values()))
        for one, said, spelt in zip(heard, by_term, by_group, strict=True)
    )


@dataclass(frozen=True)
class _Window:
    """How rare terms, pairs and words of subjects are among all candidates, and which named code few of them hold."""

    terms: Mapping[str, float]
    pairs: Mapping[Pair, float]
    subjects: Mapping[str, float]
    names: frozenset[str]

    @classmethod
    def of(cls, heard: Sequence[Heard]) -> "_Window":
        holders = Counter(name for one in heard for name in one.changed)
        return cls(
            rarities([one.strong for one in heard]),
            rarities([one.pairs for one in heard]),
            rarities([one.subject for one in heard]),
            frozenset(name for name, n in holders.items() if n <= RARE),
        )


def _hear(candidate: Candidate, asked: Asked) -> Heard:
    subject, _, body = candidate.message.partition("\n")
    diff = candidate.diff
    changed = "\n".join([line.text for line in diff.added] + [line.text for line in diff.removed])
    context = "\n".join([line.text for line in diff.context] + [line.text for line in diff.heads])
    words = [WORD.findall(text) for text in (subject, clean(body), " ".join(candidate.files), changed, context)]
    names = asked.names
    spelled = [names & {word.lower() for word in one} if names else names for one in words]
    echoes = [[(asked.echo(word), count) for word, count in Counter(one).items()] for one in words]
    return Heard(
        tuple(_terms(echoed, len(one)) for echoed, one in zip(echoes, words, strict=True)),
        tuple(_groups(echoed) for echoed in echoes),
        frozenset(pair for one in words for pair in _pairs(one, asked)),
        frozenset(term for word in words[0] for term in loud(word)),
        spelled[3],
        spelled[0] | spelled[1] | spelled[2] | spelled[3],
    )


def _terms(echoed: Sequence[tuple[Echo, int]], length: int) -> Bag:
    counts: dict[str, float] = {}
    for echo, count in echoed:
        for term in echo.terms:
            counts[term] = counts.get(term, 0) + count
    return Bag(counts, length)


def _groups(echoed: Sequence[tuple[Echo, int]]) -> Bag:
    counts: dict[str, float] = {}
    for echo, count in echoed:
        for group, weight in echo.groups:
            counts[group] = counts.get(group, 0.0) + count * weight
    return Bag(counts, sum(echo.letters * count for echo, count in echoed))


def _pairs(words: Sequence[str], asked: Asked) -> Iterable[Pair]:
    if not asked.pairs:
        return ()
    steps = [step for word in words for step in asked.echo(word).steps]
    return asked.pairs.keys() & set(pairwise(steps))


def _wording(asked: Asked, window: _Window, heard: Heard, said: Mapping[str, float], spelling: float) -> Wording:
    # fsum, as its result does not depend on the order in which sets are walked
    score = math.fsum(said.values())
    every = math.fsum(rare * weight_of(term) for term, rare in window.terms.items())
    mine = math.fsum(window.terms[term] * weight_of(term) for term in heard.strong)
    together = {pair: window.pairs[pair] * asked.pairs[pair] for pair in heard.pairs}
    own = math.fsum(window.subjects[term] for term in heard.subject)
    return Wording(
        score=score,
        spelling=spelling,
        share=score / (len(asked.terms) + 1),
        covers=mine / every if every else 0.0,
        phrases=math.log1p(math.fsum(together.values())),
        titled=math.fsum(window.subjects[term] for term in heard.subject if term in asked.terms) / (FEW_WORDS + own),
        asked=len(asked.terms),
        misses_names=bool(asked.names) and not heard.anywhere,
        named=tuple(sorted(heard.changed & window.names)),
        terms=tuple(sorted(said, key=lambda term: (-said[term], term))[:6]),
        together=tuple(" ".join(pair) for pair in sorted(together, key=lambda pair: (-together[pair], pair))[:3]),
    )


def lines_with(candidate: Candidate, wanted: Sequence[str]) -> tuple[DiffLine, ...]:
    """The two changed lines that hold the most of the wanted terms."""
    if not wanted:
        return ()
    scored = []
    for line in (*candidate.diff.added, *candidate.diff.removed)[:600]:
        here = {term for word in WORD.findall(line.text[:400]) for term in parts(word)}
        hits = sum(1 for term in wanted if term in here)
        if hits:
            scored.append((-hits, line.number, line))
    return tuple(line for _, _, line in sorted(scored)[:2])
