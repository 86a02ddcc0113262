"""Past incidents of this tenant that resemble the one at hand: why they do, and what came of them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from rootline.analysis.joining.remembering import ALIKE, Signature, shared, similarity, standings
from rootline.analysis.joining.signature import signature
from rootline.domain.evidence import Evidence
from rootline.domain.fact import IncidentFact, Standing
from rootline.domain.window import Window
from rootline.errors import NotFound
from rootline.knowledge.remembering import signature_of
from rootline.store.journal import Record
from rootline.store.passages import Passage
from rootline.tools.archived import archived
from rootline.tools.scene import Scene
from rootline.tools.wording import cut, number

LOOKED_AT = 10
MOST = 5
_LONGEST_CAUSE, _LONGEST_NAME, _LONGEST_REASON = 80, 80, 200
_SAID = {
    "confirmed": "people confirmed it",
    "rejected": "people rejected it",
    "undecided": "people disagree on it",
    "unjudged": "nobody judged it",
}


@dataclass(frozen=True, kw_only=True)
class Past:
    """Past incidents, those that people judged first and the most alike of them; `remark` says what is missing."""

    incidents: tuple[IncidentFact, ...]
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class _Likeness:
    """How an incident at hand and a past one resemble each other."""

    degree: float
    why: tuple[str, ...]


async def past_incidents(scene: Scene, here: Sequence[Evidence], query: str) -> Past:
    """Return the explanations of past incidents that resemble this one, of which `here` was read, five at most.

    Those that people confirmed or rejected are compared first, of the last 30 investigations with a verdict; the
    similarity of a rejected one is negative. Then come others whose answer in short fits the question and the query.
    The same event, asked about again, is no past incident unless somebody judged it.
    """
    now = signature(fact for one in here for fact in one.reading.facts)
    past = await scene.judged.latest(scene.journal, but=scene.investigation)
    judged = [fact for record, looked in past for fact in _verdicts(record, _alike(now, looked))]
    known = {str(scene.investigation), *(fact.incident for fact in judged)}
    kept = await archived(scene, "incident_summaries", f"{scene.question} {query}", LOOKED_AT)
    others = [fact for fact in [await _recall(one, now, scene) for one in kept] if fact and fact.incident not in known]
    found = sorted(judged, key=_most_alike) + sorted(others, key=_most_alike)
    return Past(incidents=tuple(found[:MOST]), remark=kept.remark)


def _verdicts(record: Record, likeness: _Likeness) -> Iterator[IncidentFact]:
    """Yield the explanations that stand confirmed or rejected, where the incident is alike."""
    if record.answer is None or likeness.degree < ALIKE:
        return
    for rank, standing in sorted(standings(record.feedback).items()):
        if rank <= len(record.answer.hypotheses):
            yield _fact(record, rank, likeness, standing)


async def _recall(kept: Passage, now: Signature, scene: Scene) -> IncidentFact | None:
    """Read back what became of an incident whose answer was kept; None where it is not alike, or the same event."""
    likeness = _alike(now, signature_of(kept.payload))
    if likeness.degree < ALIKE:
        return None
    with suppress(NotFound, ValueError):
        record = await scene.journal.summary(UUID(kept.payload.get("incident_id", "")))
        answered = record.answer is not None and record.answer.hypotheses
        if answered and not _is_same_event(record.investigation.question.window, scene):
            standing: Standing = "undecided" if record.feedback else "unjudged"
            fact = _fact(record, 1, likeness, standing)
            return fact.model_copy(update={"state": await _state(record, scene)})
    return None


def _fact(record: Record, rank: int, likeness: _Likeness, standing: Standing) -> IncidentFact:
    investigation = record.investigation
    hypotheses = record.answer.hypotheses if record.answer else ()
    one = hypotheses[rank - 1]
    cause, subject = cut(one.cause.replace("_", " "), _LONGEST_CAUSE), cut(one.subject, _LONGEST_NAME)
    at = investigation.question.window.start
    told = f"past incident {investigation.id} of {at:%Y-%m-%d}: {cause} in {subject}, and {_SAID[standing]}"
    degree = round(likeness.degree, 3)
    return IncidentFact(
        subject=one.subject,
        incident=str(investigation.id),
        cause=one.cause,
        similarity=-degree if standing == "rejected" else degree,
        standing=standing,
        told=told,
        why=[cut(reason, _LONGEST_REASON) for reason in likeness.why],
        at=at,
        remedy=one.remediation,
    )


async def _state(record: Record, scene: Scene) -> str:
    """Say how the incident stands that an investigation was about; nothing where it was about none."""
    incident = record.investigation.incident
    if incident is None:
        return ""
    with suppress(NotFound):
        return (await scene.journal.incident(incident)).state
    return ""


def line_of(one: IncidentFact) -> str:
    """Write a past incident in one line, with why it is here."""
    why = f" ({cut('; '.join(one.why), _LONGEST_REASON)})" if one.why else ""
    remedy = f"; remedy {one.remedy}" if one.remedy else ""
    return f"{one.told}, {number(abs(one.similarity))} alike{why}{remedy}{f'; {one.state}' if one.state else ''}"


def _alike(now: Signature, past: Signature) -> _Likeness:
    return _Likeness(degree=similarity(now, past), why=shared(now, past))


def _is_same_event(window: Window, scene: Scene) -> bool:
    return window.overlaps(scene.window) or window.start >= scene.window.end


def _most_alike(one: IncidentFact) -> tuple[float, str, str]:
    return -abs(one.similarity), one.incident, one.cause
