"""An investigation as JSON. What differs between two runs of one tape stands under `header` alone."""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.hypothesis import Hypothesis, Recalled
from rootline.domain.plan import Plan
from rootline.domain.window import rfc3339
from rootline.reports.coverage import coverage
from rootline.reports.marks import as_marked, labels_of
from rootline.reports.next_steps import next_steps
from rootline.store.journal import Record


def as_json(record: Record, rechecks: Sequence[Checked] = ()) -> JsonObject:
    """Write an investigation as JSON; evidence by label, each claim with its mark, text as it was stored."""
    investigation, answer = record.investigation, record.answer
    return {
        "header": {
            "investigation": str(investigation.id),
            "session": str(investigation.session),
            "opened_at": rfc3339(investigation.opened_at),
        },
        "question": investigation.question.model_dump(mode="json"),
        "persona": investigation.persona,
        "model": investigation.model,
        "state": investigation.state,
        "outcome": answer.outcome if answer else None,
        "written_by": answer.written_by if answer else "",
        "remark": answer.remark if answer else "",
        "hypotheses": [_hypothesis(one, rechecks) for one in (answer.hypotheses if answer else ())],
        "claims": _claims(answer.claims if answer else (), rechecks),
        "failed": _claims(answer.failed if answer else (), rechecks),
        "none": {
            "confidence": answer.none_confidence if answer else 0.0,
            "reasons": list(answer.none_reasons if answer else ()),
        },
        "first_failing_service": answer.first_failing_service if answer else "",
        "blast_radius": list(answer.blast_radius if answer else ()),
        "recalled": [_recalled(one) for one in (answer.recalled if answer else ())],
        "coverage": [one.model_dump(mode="json") for one in coverage(record)],
        "plans": [_plan(one) for one in record.plans],
        "evidence": [_evidence(one) for one in record.evidence],
        "next": list[JsonValue](next_steps(record)),
    }


def _hypothesis(one: Hypothesis, rechecks: Sequence[Checked]) -> JsonObject:
    plain = one.model_dump(mode="json", exclude={"support", "against"})
    sides = {"support": _claims(one.support, rechecks), "against": _claims(one.against, rechecks)}
    return {**plain, "is_inference": True, **sides}


def _claims(checked: Sequence[Checked], rechecks: Iterable[Checked]) -> list[JsonValue]:
    return [
        {
            "sentence": one.sentence,
            "mark": one.mark,
            "reason": one.reason,
            "evidence": list[JsonValue](labels_of(one.claim)),
            "claim": one.claim.model_dump(mode="json"),
        }
        for one in as_marked(checked, rechecks)
    ]


def _recalled(one: Recalled) -> JsonObject:
    (claim,) = _claims((one.claim,), ())
    return {**one.model_dump(mode="json", exclude={"claim"}), "claim": claim}


def _plan(plan: Plan) -> JsonObject:
    return {"sha256": plan.sha256, **plan.model_dump(mode="json")}


def _evidence(one: Evidence) -> JsonObject:
    return {
        "label": one.label,
        "tool": one.tool,
        "arguments": one.arguments,
        "author": one.author,
        "source": one.reading.source.model_dump(mode="json", exclude_none=True),
        "window": one.window.model_dump(mode="json"),
        "status": one.reading.status,
        "facts": len(one.reading.facts),
        "sha256": one.sha256,
    }
