"""How much a change's own words are the symptom's, over message, paths, changed lines and their surroundings."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rootline.changes.candidate import Candidate
from rootline.changes.diff import DiffLine
from rootline.changes.tokens import WORD, identifiers, parts, terms

# Source: BM25F with one saturation over all fields; the field weights (subject to context), the length
# normalisations and k were chosen on windows of real commits, each project left out in turn.
FIELDS: tuple[tuple[str, float, float], ...] = (
    ("subject", 6.0, 0.4),
    ("body", 3.0, 0.5),
    ("paths", 1.5, 0.5),
    ("changed", 1.0, 0.7),
    ("context", 0.35, 0.7),
)
K = 5.0
RARE = 2
TRAILER = re.compile(
    r"^\s*(?:signed-off|acked|reviewed|tested|reported|suggested|co-authored|change-id"
    r"|cc|fixes|closes|submitted|requested"
    r"|bug|author|date|conflicts|merge|git-svn|related-bug|closes-bug|implements"
    r"|blueprint|commit)[\w-]*(?: at| by)?:.*$",
    re.IGNORECASE | re.MULTILINE,
)
HASH = re.compile(r"\bI?[0-9a-f]{9,40}\b")


@dataclass(frozen=True)
class Bag:
    """How often each asked term occurs in a text of `length` words."""

    counts: Mapping[str, int]
    length: int


@dataclass(frozen=True)
class Wording:
    """What one candidate shares with the symptom.

    `score` is BM25F; `share` the same per asked word; `titled` the rarity (0 to 1 each) of asked terms in
    subject and paths; `asked` counts the terms of the symptom; `misses_names` says that the symptom names code and
    the change has none of it; `named` is the code named by the symptom that changed lines of at most two candidates
    hold.
    """

    score: float
    share: float
    titled: float
    asked: int
    misses_names: bool
    named: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """The terms of a symptom: how much each is asked, how rare it is among `total` candidates, and rare named code."""

    asked: Mapping[str, float]
    rarity: Mapping[str, float]
    names: frozenset[str]
    total: int
    means: tuple[float, ...]


def clean(text: str) -> str:
    """Prose without trailers and hashes, which name people and revisions, not causes."""
    return HASH.sub(" ", TRAILER.sub(" ", text))


def wordings(
    texts: Iterable[str], candidates: Sequence[Candidate], services: Iterable[str] = ()
) -> tuple[Wording, ...]:
    """Score every candidate against the texts; 200 texts of 2,000 characters at most are asked.

    The words of services' names are not asked: whose code a change is counts by its place.

    Source: H. Zaragoza et al., "Microsoft Cambridge at TREC-13" (2004) for BM25F; rarity over the candidates'
    whole text, ln(1 + (N - n + 0.5) / (n + 0.5)); a term asked n times counts 1 + 0.5 ln n.
    """
    text = clean("\n".join(list(dict.fromkeys(text[:2000] for text in texts))[:200]))
    own = terms(" ".join(services))
    asked = {term: 1.0 + 0.5 * math.log(count) for term, count in terms(text).items() if term not in own}
    read = [_read(candidate, asked, identifiers(text)) for candidate in candidates]
    question = _question(asked, [bags for bags, _ in read], [held for _, held in read])
    return tuple(_wording(question, bags, held) for bags, held in read)


@dataclass(frozen=True)
class _Held:
    changed: frozenset[str]
    anywhere: frozenset[str]
    asked: frozenset[str]


def _read(candidate: Candidate, asked: Mapping[str, float], names: frozenset[str]) -> tuple[tuple[Bag, ...], _Held]:
    subject, _, body = candidate.message.partition("\n")
    diff = candidate.diff
    changed = "\n".join([line.text for line in diff.added] + [line.text for line in diff.removed])
    context = "\n".join([line.text for line in diff.context] + [line.text for line in diff.heads])
    words = [
        Counter(WORD.findall(text)) for text in (subject, clean(body), " ".join(candidate.files), changed, context)
    ]
    spelled = [names & {word.lower() for word in one} for one in words] if names else [names] * len(words)
    held = _Held(spelled[3], spelled[0] | spelled[1] | spelled[2] | spelled[3], names)
    return tuple(_bag(one, asked) for one in words), held


def _bag(words: Counter[str], asked: Mapping[str, float]) -> Bag:
    counts: dict[str, int] = {}
    for word, count in words.items():
        for term in parts(word):
            if term in asked:
                counts[term] = counts.get(term, 0) + count
    return Bag(counts, words.total())


def _question(asked: Mapping[str, float], bags: list[tuple[Bag, ...]], held: list[_Held]) -> Question:
    total = len(bags)
    present = Counter(term for one in bags for term in {term for bag in one for term in bag.counts})
    rarity = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in present.items()}
    means = tuple(sum(one[place].length for one in bags) / max(total, 1) or 1.0 for place in range(len(FIELDS)))
    holders = Counter(name for one in held for name in one.changed)
    rare = frozenset(name for name, n in holders.items() if n <= RARE)
    return Question(asked, rarity, rare, total, means)


def _wording(question: Question, bags: tuple[Bag, ...], held: _Held) -> Wording:
    found = {term: _saturated(term, bags, question.means) for term in {term for bag in bags for term in bag.counts}}
    gains = {term: question.asked[term] * question.rarity[term] * value for term, value in found.items()}
    score = sum(gains.values())
    rarest = math.log(1 + (question.total + 0.5) / 0.5)
    titled = {term for bag in (bags[0], bags[2]) for term in bag.counts}
    return Wording(
        score=score,
        share=score / (len(question.asked) + 1),
        titled=sum(question.rarity[term] for term in titled) / rarest,
        asked=len(question.asked),
        misses_names=bool(held.asked) and not held.anywhere,
        named=tuple(sorted(held.changed & question.names)),
        terms=tuple(sorted(gains, key=lambda term: (-gains[term], term))[:6]),
    )


def _saturated(term: str, bags: tuple[Bag, ...], means: tuple[float, ...]) -> float:
    weighted = 0.0
    for bag, mean, (_, weight, b) in zip(bags, means, FIELDS, strict=True):
        count = bag.counts.get(term, 0)
        if count:
            weighted += weight * count / (1 - b + b * bag.length / mean)
    return weighted / (weighted + K)


def lines_with(candidate: Candidate, wanted: Sequence[str], most: int = 2) -> tuple[DiffLine, ...]:
    """The changed lines that hold the most of the wanted terms."""
    if not wanted:
        return ()
    scored = []
    for line in (*candidate.diff.added, *candidate.diff.removed)[:600]:
        here = {term for word in WORD.findall(line.text[:400]) for term in parts(word)}
        hits = sum(1 for term in wanted if term in here)
        if hits:
            scored.append((-hits, line.number, line))
    return tuple(line for _, _, line in sorted(scored)[:most])
