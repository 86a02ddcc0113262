"""Who owns a path by a repository's CODEOWNERS: GitHub's documented rules, the last match wins."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

MOST_RULES = 2_000
LONGEST_LINE, LONGEST_PATH = 1_000, 400
WORD = re.compile(r"(?:\\.|[^\s\\])+")
OWNER = re.compile(r"@[\w.-]{1,100}(?:/[\w.-]{1,100})?|[^\s@]{1,100}@[\w.-]{1,200}")
ANY, DEEP = "*", "**"

One = TypeVar("One")
Other = TypeVar("Other")


@dataclass(frozen=True)
class OwnerRule:
    """One line: a pattern, who owns what it matches (nobody where that is empty), and the line's number from 1."""

    pattern: str
    owners: tuple[str, ...]
    line: int
    steps: tuple[str, ...]

    @property
    def is_for_all(self) -> bool:
        """Whether it is a default for every path, which tells nothing of any service."""
        return all(step in {ANY, DEEP} for step in self.steps)

    def matches(self, path: str) -> bool:
        """Whether it is about a path; capitals count, and what lies in a matching folder matches too."""
        names = path.split("/")[:LONGEST_PATH]
        if self.steps[0] != DEEP and not _matches_name(self.steps[0], names[0]):
            return False
        return _wild(self.steps, names, DEEP, _matches_name)


def read_rules(text: str) -> tuple[OwnerRule, ...]:
    """The first 2,000 rules; a line that GitHub cannot read is passed over, as GitHub does.

    Source: GitHub, "About code owners": patterns are those of gitignore, but no `!`, no `[ ]` and no escaped `#`.
    """
    found = (_rule(line[:LONGEST_LINE], number) for number, line in enumerate(text.split("\n"), 1))
    return tuple(rule for rule, _ in zip((one for one in found if one is not None), range(MOST_RULES), strict=False))


def rule_for(path: str, rules: Sequence[OwnerRule]) -> OwnerRule | None:
    """The last rule that is about a path; None where none is."""
    bounded = path[:LONGEST_PATH].removeprefix("/")
    return next((rule for rule in reversed(rules) if rule.matches(bounded)), None)


def _rule(line: str, number: int) -> OwnerRule | None:
    words = list(_words(line))
    if not words or words[0][0] in "!^[" or "[" in words[0] or words[0].startswith("\\#"):
        return None
    if not all(OWNER.fullmatch(owner) for owner in words[1:]):
        return None
    pattern = re.sub(r"\\(.)", r"\1", words[0])
    return OwnerRule(pattern, tuple(dict.fromkeys(words[1:])), number, _steps(pattern))


def _words(line: str) -> Iterator[str]:
    """The words of a line up to a comment; a space after a backslash belongs to its word."""
    for word in WORD.findall(line):
        if word.startswith("#"):
            return
        yield word


def _steps(pattern: str) -> tuple[str, ...]:
    """A pattern as folders from the root; `**` is any number of them, `*` alone at the end is one file."""
    names = [name for name in pattern.split("/") if name]
    anchored = "/" in pattern.rstrip("/")
    first = () if anchored and names[:1] != [DEEP] else (DEEP,)
    if pattern.endswith("/"):
        return (*first, *names, ANY, DEEP)
    return (*first, *names) if anchored and names[-1:] == [ANY] else (*first, *names, DEEP)


@lru_cache(maxsize=65_536)
def _matches_name(pattern: str, name: str) -> bool:
    if "?" not in pattern and not name.endswith(pattern.rpartition(ANY)[2]):
        return False
    return _wild(pattern, name, ANY, _matches_letter)


def _matches_letter(pattern: str, letter: str) -> bool:
    return pattern in {"?", letter}


def _wild(pattern: Sequence[One], text: Sequence[Other], star: One, same: Callable[[One, Other], bool]) -> bool:
    """Whether a pattern fits all of a text; a star fits any number of its parts, none too.

    Only the last star is ever gone back to, so the work is at most the product of both lengths.
    """
    at = here = 0
    back, tried = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] == star:
            back, tried = at, here
            at += 1
        elif at < len(pattern) and same(pattern[at], text[here]):
            at, here = at + 1, here + 1
        elif back >= 0:
            tried += 1
            at, here = back + 1, tried
        else:
            return False
    return all(step == star for step in pattern[at:])
