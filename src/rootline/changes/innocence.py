"""Evidence that a change cannot have done it."""

import re

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.dependencies import bumps
from rootline.changes.families import Seen
from rootline.changes.growth import is_bounded
from rootline.changes.guards import adds_guard
from rootline.changes.kinds import is_inert
from rootline.changes.observing import only_watches
from rootline.changes.verdict import Component

COSMETIC = re.compile(
    r"^\W{0,2}(?:docs?|style|tests?|ci|build\(ci\)|lint|typo|whitespace|comments?"
    r"|format(?:ting)?|copyright|changelog|spelling)\b"
    r"|\b(?:typos?|whitespace|pep8|rubocop|gofmt|goimports|spelling|lint(?:er)?"
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
    moved_only = candidate.net.is_empty and not candidate.net.reordered
    if candidate.diff.lines and moved_only and not is_inert(candidate.files):
        return [
            Component(name="inert", contribution=weights.INERT, reason="only comments or the place of lines change")
        ]
    return _harmless(candidate, {one.family for one in seen})


def _inert(candidate: Candidate) -> list[Component]:
    if not is_inert(candidate.files):
        return []
    reason = "only tests, documents, styles or the build's recipe change"
    return [Component(name="inert", contribution=weights.INERT, reason=reason)]


def _harmless(candidate: Candidate, families: set[str]) -> list[Component]:
    found = []
    steps = list(bumps(candidate.net))
    if steps and all(one.step == "patch" for one in steps):
        lines = quoted(line for one in steps[:2] for line in one.lines)
        found.append(
            Component(
                name="patch step", contribution=weights.PATCH_STEP, reason="libraries move by a patch only", lines=lines
            )
        )
    if only_watches(candidate.net):
        reason = "it only logs, counts or traces"
        found.append(Component(name="only watches", contribution=weights.WATCHES, reason=reason))
    guard = adds_guard(candidate.net)
    if guard:
        found.append(
            Component(
                name="adds a check", contribution=weights.ADDS_GUARD, reason="it only adds a check", lines=quoted(guard)
            )
        )
    bound = is_bounded(candidate.net) if "memory" in families else ()
    if bound:
        found.append(
            Component(
                name="bounded", contribution=weights.BOUNDED, reason="what it keeps is bounded", lines=quoted(bound)
            )
        )
    return found


def _message(candidate: Candidate) -> list[Component]:
    subject = candidate.message.partition("\n")[0][:300]
    if subject.lower().startswith("revert"):
        return [Component(name="revert", contribution=weights.REVERT, reason="it takes an earlier change back")]
    if COSMETIC.search(subject):
        return [
            Component(
                name="cosmetic", contribution=weights.COSMETIC, reason="its message speaks of form, not of behaviour"
            )
        ]
    return []
