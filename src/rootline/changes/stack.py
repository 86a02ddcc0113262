"""Files named by stack traces, and the changes that touch them."""

import re
from collections.abc import Iterable

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.verdict import Component

PATHLIKE = re.compile(r"[\w@.+/-]{4,200}")
EXTENSION = re.compile(
    r"\.(?:go|py|rb|java|kt|scala|jsx?|tsx?|php|cs|cc?|cpp|h|hpp|rs|exs?|swift|pp|erb|lua|sql|ya?ml|toml)$",
    re.IGNORECASE,
)
MOST = 100


def named_files(texts: Iterable[str]) -> frozenset[str]:
    """Lowercase files that the texts name, at most 100; 200 texts of 4,000 characters at most are read."""
    words = (word for text in list(texts)[:200] for word in PATHLIKE.findall(text[:4000]))
    found = (word.lower().strip("./") for word in words if EXTENSION.search(word))
    return frozenset(path for path, _ in zip(found, range(MOST), strict=False))


def stack(candidate: Candidate, named: frozenset[str]) -> list[Component]:
    """A file of the change stands in a stack trace; the whole path counts more than the file's name alone."""
    if not named:
        return []
    best = max((_nearness(path.lower(), one) for path in candidate.files[:200] for one in named), default=0.0)
    if not best:
        return []
    return [
        Component(name="stack", contribution=weights.TRACE_HIT * best, reason="the errors name a file that it changes")
    ]


def _nearness(path: str, named: str) -> float:
    if path == named or path.endswith("/" + named) or named.endswith("/" + path):
        return 1.0 if "/" in named else 0.8
    return 0.6 if path.rsplit("/", 1)[-1] == named.rsplit("/", 1)[-1] else 0.0
