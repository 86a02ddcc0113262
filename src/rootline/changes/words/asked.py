"""What a symptom's text asks for: its words, the groups of letters in them, and words that stand side by side."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rootline.changes.words.small_talk import SILENT, weight_of
from rootline.changes.words.tokens import PART, WORD, identifiers, parts, stem

FIRST_LINE, OPENING = 200, 2.0
"""Source: ours; who tells of a fault says first what it is. The factor was chosen on windows of real commits."""
LETTERS, SHORTEST = 4, 3
"""Source: P. McNamee, J. Mayfield, "Character N-Gram Tokenization for European Language Text Retrieval" (2004): groups
of four letters serve as stems do, and bring together `auth` and `authentication`, `vhosts` and `vhost`."""
RUN = re.compile(r"[a-z]+")
TRAILER = re.compile(
    r"^\s*(?:signed-off|acked|reviewed|tested|reported|suggested|co-authored|change-id"
    r"|cc|fixes|closes|submitted|requested"
    r"|bug|author|date|conflicts|merge|git-svn|related-bug|closes-bug|implements"
    r"|blueprint|commit)[\w-]*(?: at| by)?:.*$",
    re.IGNORECASE | re.MULTILINE,
)
HASH = re.compile(r"\bI?[0-9a-f]{9,40}\b")

Pair = tuple[str, str]
Group = tuple[str, float]


@dataclass(frozen=True)
class Echo:
    """What one written word holds of what is asked; `steps` are its pieces in order."""

    terms: tuple[str, ...]
    groups: tuple[Group, ...]
    steps: tuple[str, ...]
    letters: float


@dataclass(frozen=True)
class Asked:
    """How much each term, group of letters and pair of neighbouring words is asked, and the code that is named."""

    terms: Mapping[str, float]
    groups: Mapping[str, float]
    pairs: Mapping[Pair, float]
    names: frozenset[str]
    _echoes: dict[str, Echo] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, texts: Iterable[str], services: Iterable[str] = ()) -> "Asked":
        """What 200 texts of 2,000 characters ask; the words of services' names are not asked.

        A term asked n times counts 1 + 0.5 ln n, a group of letters ln(1 + n).
        """
        text = clean("\n".join(list(dict.fromkeys(text[:2000] for text in texts))[:200]))
        words = Counter(WORD.findall(text))
        own = {term for name in services for word in WORD.findall(name) for term in parts(word)}
        opening = {term for word in WORD.findall(text.strip().partition("\n")[0][:FIRST_LINE]) for term in loud(word)}
        said = Counter({term: 0 for word in words for term in loud(word) if term not in own})
        groups: dict[str, float] = {}
        for word, count in words.items():
            said.update({term: count for term in loud(word) if term in said})
            for group, weight in groups_of(word):
                groups[group] = groups.get(group, 0.0) + count * weight
        weighed = {term: weight_of(term) * (1.0 + 0.5 * math.log(count)) for term, count in said.items()}
        return cls(
            {term: weight * (OPENING if term in opening else 1.0) for term, weight in weighed.items()},
            {group: math.log1p(count) for group, count in groups.items()},
            {pair: weight_of(pair[0]) * weight_of(pair[1]) for pair in pairwise(_steps(text))},
            identifiers(text),
        )

    def echo(self, word: str) -> Echo:
        """What of it a written word holds."""
        known = self._echoes.get(word)
        if known is None:
            groups = groups_of(word)
            known = self._echoes[word] = Echo(
                tuple(term for term in loud(word) if term in self.terms),
                tuple((group, weight) for group, weight in groups if group in self.groups),
                tuple(_steps(word)),
                sum(weight for _, weight in groups),
            )
        return known


def clean(text: str) -> str:
    """Prose without trailers and hashes, which name people and revisions, not causes."""
    return HASH.sub(" ", TRAILER.sub(" ", text))


@lru_cache(maxsize=65_536)
def loud(word: str) -> tuple[str, ...]:
    """The terms of one written word that say something."""
    pieces = PART.findall(word)
    said = [stem(piece.lower()) for piece in pieces if len(piece) > 1 and piece.lower() not in SILENT]
    return (*said, word.lower().strip("_")) if len(pieces) > 1 else tuple(said)


@lru_cache(maxsize=65_536)
def groups_of(word: str) -> tuple[Group, ...]:
    """The groups of four letters in a written word, its beginning and its end marked; none of a silent word."""
    runs = (run for run in RUN.findall(word.lower()) if len(run) >= SHORTEST and run not in SILENT)
    return tuple((group, weight_of(stem(run))) for run in runs for group in _slid(f"^{run}$"))


def _slid(run: str) -> Iterator[str]:
    return (run[at : at + LETTERS] for at in range(len(run) - LETTERS + 1))


def _steps(text: str) -> Iterator[str]:
    """The stemmed pieces of words that say something, in the order of the text."""
    pieces = (piece.lower() for piece in PART.findall(text) if len(piece) > 1)
    return (stem(piece) for piece in pieces if piece not in SILENT)
