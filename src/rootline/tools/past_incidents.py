"""Past incidents of this tenant that resemble the one at hand, and what people said of their answers."""

from collections.abc import Iterator, Sequence

from rootline.analysis.joining.remembering import ALIKE, Signature, similarity, standings
from rootline.analysis.joining.signature import signature
from rootline.domain.evidence import Evidence
from rootline.domain.fact import IncidentFact
from rootline.store.journal import Record
from rootline.tools.scene import Scene

LOOKED_BACK = 30
MOST = 5


async def past_incidents(scene: Scene) -> list[IncidentFact]:
    """Return the explanations of past incidents that people confirmed or rejected, those most alike first.

    The similarity of a rejected one is negative. The last 30 investigations that somebody gave a verdict on are
    compared; without any the list is empty.
    """
    now = _signature([*scene.evidence.values()])
    found: list[IncidentFact] = []
    for past in await scene.journal.judged(LOOKED_BACK):
        if past.id != scene.investigation:
            found.extend(_told(await scene.journal.record(past.id), now))
    return sorted(found, key=lambda one: (-abs(one.similarity), one.incident, one.cause))[:MOST]


def _told(record: Record, now: Signature) -> Iterator[IncidentFact]:
    if record.answer is None or not record.feedback:
        return
    alike = similarity(now, _signature(record.evidence))
    for rank, standing in sorted(standings(record.feedback).items()):
        if alike >= ALIKE and rank <= len(record.answer.hypotheses):
            one = record.answer.hypotheses[rank - 1]
            yield IncidentFact(
                subject=one.subject,
                incident=str(record.investigation.id),
                cause=one.cause,
                similarity=round(alike if standing == "confirmed" else -alike, 3),
            )


def _signature(evidence: Sequence[Evidence]) -> Signature:
    return signature(fact for one in evidence for fact in one.reading.facts)
