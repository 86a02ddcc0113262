from datetime import UTC, datetime, timedelta

import pytest
from tests.models.builtin.investigations import desk, record_of, without_changes

from rootline.desk import Desk
from rootline.domain.fact import IncidentFact
from rootline.domain.hypothesis import Hypothesis
from rootline.domain.incident import Feedback, Verdict
from rootline.store.journal import Record

pytestmark = pytest.mark.anyio
LATER = datetime(2026, 6, 1, tzinfo=UTC)


async def say(at: Desk, record: Record, verdict: Verdict, minute: int) -> None:
    moment = LATER + timedelta(minutes=minute)
    said = Feedback(investigation=record.investigation.id, hypothesis_rank=1, verdict=verdict, author="ana", at=moment)
    await at.journal.add_feedback(said)


def best(record: Record) -> Hypothesis:
    assert record.answer is not None
    return record.answer.hypotheses[0]


def parts(record: Record) -> dict[str, float]:
    return {one.name: one.contribution for one in best(record).confidence.components}


async def test_without_history_no_past_incident_is_shown() -> None:
    record = await record_of(without_changes())

    assert not [fact for one in record.evidence for fact in one.reading.facts if isinstance(fact, IncidentFact)]
    assert "past incidents" not in parts(record)


async def test_a_confirmation_raises_the_same_cause_in_an_incident_alike_and_taking_it_back_undoes_it() -> None:
    at = desk()
    first = await record_of(without_changes(), at)

    await say(at, first, "confirmed", 1)
    second = await record_of(without_changes(), at)
    await say(at, first, "uncertain", 2)
    third = await record_of(without_changes(), at)

    assert parts(second)["past incidents"] == pytest.approx(1.0, abs=0.01)
    assert best(second).confidence.value > best(first).confidence.value
    assert best(third).confidence == best(first).confidence


async def test_a_rejection_lowers_it() -> None:
    at = desk()
    first = await record_of(without_changes(), at)

    await say(at, first, "rejected", 1)
    second = await record_of(without_changes(), at)

    assert parts(second)["past incidents"] < 0
    assert best(second).confidence.value < best(first).confidence.value
