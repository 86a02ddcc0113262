"""get_investigation: read an investigation back: outcome, hypotheses, claims, gaps."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field

from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.errors import NotFound, ToolFault
from rootline.store.journal import Record
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, number, some


async def get_investigation(
    investigation: Annotated[str, Field(description="Its id; empty: this one", max_length=36)] = "",
    *,
    scene: Scene,
) -> Reply:
    """Read one investigation: ranked hypotheses, each claim with its mark, what was not checked, the plan."""
    record = await record_of(investigation, scene)
    answer = record.answer
    return Reply(
        status="ok" if answer else "partial",
        summary=told(answer) if answer else f"{record.investigation.state}, no answer yet",
        data={
            "investigation": str(record.investigation.id),
            "state": record.investigation.state,
            "answer": answer.model_dump(mode="json") if answer else None,
            "plans": [{"sha256": plan.sha256, **plan.model_dump(mode="json")} for plan in record.plans],
        },
    )


async def record_of(investigation: str, scene: Scene) -> Record:
    """Find an investigation of this tenant, or raise ToolFault; another tenant's is not found either."""
    try:
        return await scene.journal.record(UUID(investigation) if investigation else scene.investigation)
    except (ValueError, NotFound) as bad:
        raise ToolFault(f"There is no investigation {investigation[:36]!r} here. `investigate` starts one.") from bad


async def evidence_of(investigation: str, scene: Scene) -> Mapping[str, Evidence]:
    """Return the evidence of an investigation of this tenant by label; of this one when none is named."""
    if not investigation:
        return scene.evidence
    return {one.label: one for one in (await record_of(investigation, scene)).evidence}


def told(answer: Answer) -> str:
    """Write an answer in short lines: each hypothesis with its checked claims, then what was not checked."""
    blocks = [*map(_hypothesis, answer.hypotheses), *map(_claim, answer.claims)]
    none = f"no change explains it: {number(answer.none_confidence)}" if answer.none_confidence else ""
    gaps = [item.asked for item in answer.coverage if item.status not in {"ok", "partial"}]
    past = [f"  similar: {cut(one.claim.sentence, 200)} [{one.outcome}]" for one in answer.recalled[:3]]
    tail = [f"not checked or empty: {some(gaps)}"] if gaps else []
    return "\n".join(
        [f"outcome: {answer.outcome}", *blocks, *([none] if none else []), *past, *tail, answer.remark]
    ).strip()


def _hypothesis(one: Hypothesis) -> str:
    kind = "inference" if one.is_proven else "possible cause"
    head = f"#{one.rank} {number(one.confidence.value)} ({kind}) {cut(one.statement, 240)}"
    return "\n".join([head, *(_claim(claim) for claim in (*one.support, *one.against)[:6])])


def _claim(checked: Checked) -> str:
    labels = some(dict.fromkeys(selector.evidence for selector in checked.claim.selectors))
    return f"  {checked.mark} [{labels}] {cut(checked.sentence, 200)}"
