"""Hunks of diffs that earlier investigations of this tenant read, which speak of what is asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rootline.claims.moments import moment
from rootline.domain.evidence import Evidence
from rootline.domain.fact import ChangeFact, HunkFact
from rootline.store.passages import Passage
from rootline.store.terms import terms
from rootline.tools.archived import archived
from rootline.tools.scene import Scene
from rootline.tools.wording import cut

LOOKED_AT = 20
MOST = 3
SHARED_WORDS = 2
"""Source: own choice; one word in common, as `return` or `error`, is in most diffs."""
MOST_LINES, LONGEST_LINE, LONGEST_NAME = 40, 300, 200
_SHORT_SHA = 12


@dataclass(frozen=True, kw_only=True)
class PastDiffs:
    """Hunks, the best first; `remark` says what the search had to do without."""

    hunks: tuple[HunkFact, ...]
    remark: str = ""


async def past_diffs(scene: Scene, here: Iterable[Evidence], query: str) -> PastDiffs:
    """Return three hunks at most that share at least two words with the query.

    Commits of which this investigation has read itself, as `here` shows, are left out, and so is what was written after
    its window.
    """
    kept = await archived(scene, "git_diff_chunks", query, LOOKED_AT)
    asked = terms(query)
    facts = [_fact(one) for one in kept if len(asked & terms(one.indexed)) >= SHARED_WORDS]
    known = set(_labels_in(here))
    new = [one for one in facts if one.label not in known and not _is_later(one.written_at, scene.now)]
    return PastDiffs(hunks=tuple(new[:MOST]), remark=kept.remark)


def _labels_in(evidence: Iterable[Evidence]) -> Iterator[str]:
    for one in evidence:
        yield from (fact.label for fact in one.reading.facts if isinstance(fact, ChangeFact))


def _is_later(at: datetime | None, now: datetime) -> bool:
    return at is not None and at >= now


def _fact(passage: Passage) -> HunkFact:
    payload = passage.payload
    sha, path = payload.get("sha", ""), cut(payload.get("path", ""), LONGEST_NAME)
    lines = passage.quote.splitlines()[:MOST_LINES]
    return HunkFact(
        subject=f"{sha[:_SHORT_SHA]} {path}".strip() or passage.runbook[:LONGEST_NAME],
        service=payload.get("repo", "")[:LONGEST_NAME],
        label=sha,
        file=path,
        message=cut(passage.heading, LONGEST_NAME),
        text=[line[:LONGEST_LINE] for line in lines],
        written_at=moment(payload.get("authored_at", "")),
        score=round(passage.score, 4),
        ref=passage.ref,
    )


def line_of(one: HunkFact) -> str:
    """Write a hunk in one line: whose it is, and its first changed line."""
    changed = next((line for line in one.text if line.startswith(("+", "-"))), "")
    return f"past diff {one.subject} of {cut(one.service, 80)}, {one.message}: {cut(changed, 160)}"
