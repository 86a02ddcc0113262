"""search_runbooks: what people wrote down about this, and what earlier investigations found and read."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from rootline.domain.evidence import Reading, SourceName
from rootline.domain.fact import AnyFact, RunbookFact
from rootline.store.documents import Found
from rootline.store.passages import Passage
from rootline.tools import past_diffs as diffs
from rootline.tools import past_incidents as incidents
from rootline.tools.past_diffs import PastDiffs, past_diffs
from rootline.tools.past_incidents import Past, past_incidents
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, not_configured, nothing, number


async def search_runbooks(
    query: Annotated[str, Field(description="Plain words", min_length=2, max_length=400)],
    limit: Annotated[int, Field(description="Passages", ge=1, le=10)] = 3,
    *,
    scene: Scene,
) -> Reading:
    """Search runbooks, past incidents, diffs. Guidance is no evidence of a cause."""
    here = await scene.latest()
    past, hunks = await asyncio.gather(past_incidents(scene, here, query), past_diffs(scene, here, query))
    if scene.runbooks is None and not past.incidents and not hunks.hunks:
        return not_configured("runbooks", scene.window, scene.sources.cluster_name)
    name = scene.runbooks.name if scene.runbooks else "runbooks"
    backend = SourceName(backend=name, cluster=scene.sources.cluster_name)
    passages = await scene.runbooks.search(query, limit) if scene.runbooks else Found()
    hints = tuple(cut(one, 300) for one in dict.fromkeys([passages.remark, past.remark, hunks.remark]) if one)
    if not passages and not past.incidents and not hunks.hunks:
        words, reason = f"runbooks on {cut(query, 60)}", "no runbook speaks of it"
        return nothing(words, scene.window, backend, subject="runbooks", known=True, reason=reason, hints=hints)
    facts = tuple(_fact(one) for one in passages)
    lines = [*map(_line, facts), *_told(past, hunks)]
    return Reading(
        status="partial" if hints else "ok",
        hints=hints,
        summary="\n".join(f"[{at}] {line}" for at, line in enumerate(lines)),
        facts=_together(facts, past, hunks),
        source=backend,
        window=scene.window,
    )


def _together(passages: Sequence[RunbookFact], past: Past, hunks: PastDiffs) -> tuple[AnyFact, ...]:
    return (*passages, *past.incidents, *hunks.hunks)


def _told(past: Past, hunks: PastDiffs) -> list[str]:
    return [*map(incidents.line_of, past.incidents), *map(diffs.line_of, hunks.hunks)]


def _line(one: RunbookFact) -> str:
    return f"{one.subject} / {one.heading} ({number(one.score)}): {cut(one.quote, 240)}"


def _fact(passage: Passage) -> RunbookFact:
    return RunbookFact(
        subject=passage.runbook,
        heading=passage.heading,
        quote=passage.quote,
        score=round(passage.score, 4),
        risk=passage.risk,
        owner=passage.owner,
        version=passage.version,
        ref=passage.ref,
    )
