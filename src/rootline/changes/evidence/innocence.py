"""Evidence that a change cannot have done it."""

import re

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.extracting import extracts
from rootline.changes.families import Seen
from rootline.changes.mechanisms.dependencies import bumps
from rootline.changes.mechanisms.growth import is_bounded
from rootline.changes.mechanisms.guards import adds_guard
from rootline.changes.mechanisms.handing_on import handed_on
from rootline.changes.mechanisms.observing import only_watches
from rootline.changes.mechanisms.rephrasing import rephrases
from rootline.changes.mechanisms.waiting_inside import waiting_inside
from rootline.changes.paths.kinds import is_inert
from rootline.changes.verdict import Component

GUARD = "adds a check"
COSMETIC = re.compile(
    r"^\W{0,2}(?:docs?|style|tests?|ci|build\(ci\)|lint|typo|whitespace|comments?"
    r"|format(?:ting)?|copyright|changelog|spelling)\b"
    r"|\b(?:typos?|whitespace|pep8|rubocop|gofmt|goimports|spelling|lint(?:er)?|eslint|prettier|spotless|ktlint"
    r"|checkstyle|credo|dialyzer|psalm|phpstan|cs-fixer|isort|unused imports?"
    r"|cosmetic|copyright|codeowners|readme|golden files"
    r"|changelog|formatting|comments?|docs?|documentation|renam(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)


def form(candidate: Candidate) -> list[Component]:
    """What paths and message say against the change, before its diff is looked into."""
    if candidate.commit is None:
        return []
    return [*_inert(candidate), *_message(candidate)]


def harmlessness(candidate: Candidate, seen: tuple[Seen, ...]) -> list[Component]:
    """What the diff itself says against the change."""
    if candidate.commit is None:
        return []
    moved_only = candidate.net.is_empty and not candidate.net.reordered and not waiting_inside(candidate.net)
    if candidate.diff.lines and moved_only and not is_inert(candidate.files):
        return [
            Component(name="inert", contribution=weights.INERT, reason="only comments or the place of lines change")
        ]
    return _harmless(candidate, {one.family for one in seen})


def _inert(candidate: Candidate) -> list[Component]:
    if not is_inert(candidate.files):
        return []
    return [
        _against(
            "inert", weights.INERT, "only tests, documents, styles, the build's recipe or another environment change"
        )
    ]


def _harmless(candidate: Candidate, families: set[str]) -> list[Component]:
    found = _patch_steps(candidate)
    if rephrases(candidate.net):
        found.append(_against("only words", weights.REPHRASES, "it only says the same in other words"))
    if extracts(candidate.net):
        found.append(_against("only moves", weights.MOVES, "its lines only move into a definition of their own"))
    if only_watches(candidate.net):
        found.append(_against("only watches", weights.WATCHES, "it only logs, counts or traces"))
    if (guard := adds_guard(candidate.net)) and not handed_on(candidate.net, frozenset()):
        found.append(_against(GUARD, weights.ADDS_GUARD, "it only adds a check", guard))
    if "memory" in families and (bound := is_bounded(candidate.net)):
        found.append(_against("bounded", weights.BOUNDED, "what it keeps is bounded", bound))
    return found


def _patch_steps(candidate: Candidate) -> list[Component]:
    steps = list(bumps(candidate.net))
    if not steps or any(one.step != "patch" for one in steps):
        return []
    lines = tuple(line for one in steps[:2] for line in one.lines)
    return [_against("patch step", weights.PATCH_STEP, "libraries move by a patch only", lines)]


def _against(name: str, weight: float, reason: str, lines: tuple[DiffLine, ...] = ()) -> Component:
    return Component(name=name, contribution=weight, reason=reason, lines=quoted(lines))


def _message(candidate: Candidate) -> list[Component]:
    subject = candidate.message.partition("\n")[0][:300]
    if subject.lower().startswith("revert"):
        return [_against("revert", weights.REVERT, "it takes an earlier change back")]
    if COSMETIC.search(subject):
        return [_against("cosmetic", weights.COSMETIC, "its message speaks of form, not of behaviour")]
    return []
