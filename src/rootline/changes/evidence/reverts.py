"""Commits that take earlier ones back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.timing import after
from rootline.changes.verdict import Component

TITLE = re.compile(r"^revert:?\s+[\"'\u201c]?(.{4,300}?)[\"'\u201d]?\s*$", re.IGNORECASE)
SHA = re.compile(r"\breverts commit ([0-9a-f]{7,40})")


@dataclass(frozen=True)
class Reverts:
    """Who was taken back, by title and by sha, and when that ran (or was written)."""

    by_title: Mapping[str, datetime]
    by_sha: Mapping[str, datetime]

    @classmethod
    def among(cls, candidates: tuple[Candidate, ...]) -> "Reverts":
        """Every revert among the candidates."""
        by_title: dict[str, datetime] = {}
        by_sha: dict[str, datetime] = {}
        for one in candidates:
            if one.commit is None or "revert" not in one.message[:4000].lower():
                continue
            at = one.effects[0].at if one.effects else one.commit.at
            if title := TITLE.match(one.message.partition("\n")[0][:400]):
                by_title[title[1].lower()] = at
            if sha := SHA.search(one.message[:4000]):
                by_sha[sha[1]] = at
        return cls(by_title, by_sha)

    def of(self, candidate: Candidate) -> datetime | None:
        """When the candidate was taken back; None when it was not, or when it came again since then."""
        named = next((at for sha, at in self.by_sha.items() if candidate.label.startswith(sha)), None)
        titled = self.by_title.get(candidate.message.partition("\n")[0][:400].strip().lower())
        if named is None and titled is not None and candidate.commit is not None and titled < candidate.commit.at:
            return None
        return named or titled


def reverted(candidate: Candidate, reverts: Reverts, onset: datetime | None) -> list[Component]:
    """Taken back before the onset it no longer ran; taken back after it, somebody suspected it.

    Where no onset is known, as in prose, what a later change took back is the less likely to run still.
    """
    at = reverts.of(candidate) if candidate.commit is not None else None
    if at is None:
        return []
    if onset is None:
        return [_reverted(weights.REVERTED, "a later change took it back")]
    if after(at, onset):
        return [_reverted(weights.REVERTED_AFTER, "it was taken back after the onset")]
    return [_reverted(weights.REVERTED_BEFORE, "it was taken back before the onset")]


def _reverted(weight: float, reason: str) -> Component:
    return Component(name="reverted", contribution=weight, reason=reason)
