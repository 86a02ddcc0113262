"""search_runbooks: what people wrote down about this, and what they said of incidents like it."""

from typing import Annotated

from pydantic import Field

from rootline.domain.evidence import Reading, SourceName
from rootline.domain.fact import IncidentFact, RunbookFact
from rootline.store.documents import Found
from rootline.store.passages import Passage
from rootline.tools.past_incidents import past_incidents
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, not_configured, nothing, number


async def search_runbooks(
    query: Annotated[str, Field(description="Plain words", min_length=2, max_length=400)],
    limit: Annotated[int, Field(description="Passages", ge=1, le=10)] = 3,
    *,
    scene: Scene,
) -> Reading:
    """Search runbooks by words and likeness. Guidance is no evidence of a cause."""
    incidents = await past_incidents(scene)
    if scene.runbooks is None and not incidents:
        return not_configured("runbooks", scene.window, scene.sources.cluster_name)
    name = scene.runbooks.name if scene.runbooks else "runbooks"
    backend = SourceName(backend=name, cluster=scene.sources.cluster_name)
    passages = await scene.runbooks.search(query, limit) if scene.runbooks else Found()
    hints = (cut(passages.remark, 300),) if passages.remark else ()
    if not passages and not incidents:
        words, reason = f"runbooks on {cut(query, 60)}", "no runbook speaks of it"
        return nothing(words, scene.window, backend, subject="runbooks", known=True, reason=reason, hints=hints)
    facts = tuple(_fact(one) for one in passages)
    lines = [
        f"[{at}] {one.subject} / {one.heading} ({number(one.score)}): {cut(one.quote, 240)}"
        for at, one in enumerate(facts)
    ]
    told = [f"[{len(facts) + at}] {_line(one)}" for at, one in enumerate(incidents)]
    return Reading(
        status="partial" if hints else "ok",
        hints=hints,
        summary="\n".join([*lines, *told]),
        facts=(*facts, *incidents),
        source=backend,
        window=scene.window,
    )


def _line(one: IncidentFact) -> str:
    said = "confirmed" if one.similarity > 0 else "rejected"
    alike = number(abs(one.similarity))
    return f"past incident {one.incident}, {alike} alike: {cut(one.cause, 60)} in {cut(one.subject, 80)} was {said}"


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
