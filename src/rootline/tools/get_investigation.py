"""get_investigation: read an investigation back: outcome, hypotheses, claims, gaps."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    record = await summary_of(investigation, scene)
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
    """Return an investigation of this tenant whole, this one when none is named; or raise ToolFault."""
    with _named(investigation, scene) as found:
        return await scene.journal.record(found)


async def evidence_of(investigation: str, labels: Collection[str], scene: Scene) -> Mapping[str, Evidence]:
    """Return what is there under these labels in an investigation of this tenant; in this one when none is named."""
    with _named(investigation, scene) as found:
        return {one.label: one for one in await scene.journal.evidence(found, labels)}


async def labels_of(investigation: str, scene: Scene) -> Sequence[str]:
    """Return all labels of an investigation of this tenant; of this one when none is named."""
    with _named(investigation, scene) as found:
        return await scene.journal.labels(found)


async def summary_of(investigation: str, scene: Scene) -> Record:
    """Return an investigation as `record_of` does, without what it read."""
    with _named(investigation, scene) as found:
        return await scene.journal.summary(found)


@contextmanager
def _named(investigation: str, scene: Scene) -> Iterator[UUID]:
    """Read an id; where there is none such, raise ToolFault. Another tenant's is not found either."""
    try:
        yield UUID(investigation) if investigation else scene.investigation
    except (ValueError, NotFound) as bad:
        raise ToolFault(f"There is no investigation {investigation[:36]!r} here. `investigate` starts one.") from bad


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
