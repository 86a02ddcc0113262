"""An answer without an explanation still shows what was observed, verified, and stays inconclusive."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.agent.test_loop import desk_with, investigated
from tests.fakes.incident import HOUR, ONSET, START, incident
from tests.models.builtin.investigations import answer_to, quiet, record_of

from rootline.agent.observing import with_observed
from rootline.claims.checker import Checker
from rootline.domain.evidence import JsonObject
from rootline.domain.hypothesis import Answer
from rootline.domain.session import Question, ToolCall
from rootline.domain.signal import LogLine
from rootline.models.builtin.observed import MOST
from rootline.models.model import Conversation, TurnEnd
from rootline.models.scripted import ScriptedModel, says
from rootline.reports.markdown import markdown
from rootline.store.journal import Record
from rootline.tapes.recording import Recording
from rootline.tools.get_investigation import told

pytestmark = pytest.mark.anyio
NOTHING = Answer(outcome="inconclusive")


def guesses(conversation: Conversation) -> TurnEnd:
    """Blame a service for which no claim stands."""
    metrics = next(one.label for one in conversation.evidence.values() if one.tool == "query_metrics")
    hypothesis: JsonObject = {
        "type": "release",
        "subject": "service-4",
        "cause": "bad_release",
        "probability": 0.9,
        "support": [{"evidence": metrics, "fact": 0, "predicate": "fell"}],
    }
    return says("", ToolCall(id="end", tool="answer", arguments={"hypotheses": [hypothesis]}))


async def inconclusive() -> Record:
    return await investigated(desk_with(ScriptedModel([guesses])))


@pytest.mark.promise("inconclusive-shows-what-was-seen")
async def test_what_was_observed_is_shown_and_the_outcome_stays_inconclusive() -> None:
    record = await inconclusive()

    answer = record.answer
    assert answer is not None
    assert (answer.outcome, record.investigation.outcome, answer.hypotheses) == ("inconclusive", "inconclusive", ())
    assert 0 < len(answer.claims) <= MOST
    assert {one.mark for one in answer.claims} == {"verified"}
    assert any(one.claim.subject.startswith("service-0 latency_seconds") for one in answer.claims)
    assert record.plans == ()


async def test_each_observation_holds_when_it_is_read_again() -> None:
    record = await inconclusive()
    checker = Checker({one.label: one for one in record.evidence})

    assert record.answer is not None
    assert [checker.check(one.claim) for one in record.answer.claims] == list(record.answer.claims)


async def test_the_report_and_the_tool_show_them_and_say_that_they_explain_nothing() -> None:
    record = await inconclusive()

    assert record.answer is not None
    first = record.answer.claims[0]
    assert "## What was observed, without explaining it" in markdown(record)
    assert "**inconclusive: nothing decisive was verified**" in markdown(record)
    assert first.sentence[:40] in told(record.answer)


async def test_an_answer_that_explains_gets_nothing_added() -> None:
    record = await record_of(incident())
    evidence = {one.label: one for one in record.evidence}

    assert record.answer is not None
    assert record.answer.outcome == "explained"
    assert with_observed(record.answer, evidence, incident().question) == record.answer
    assert record.answer.claims == ()


async def test_what_the_answer_says_already_is_not_said_twice() -> None:
    record = await record_of(incident())
    evidence, question = {one.label: one for one in record.evidence}, incident().question
    assert record.answer is not None
    weak = record.answer.model_copy(update={"outcome": "inconclusive"})

    alone, beside = (with_observed(one, evidence, question).claims for one in (NOTHING, weak))
    again = with_observed(with_observed(NOTHING, evidence, question), evidence, question)

    said = {claim.claim for one in weak.hypotheses for claim in (*one.support, *one.against)}
    assert len(beside) < len(alone)
    assert not said & {one.claim for one in beside}
    assert again.claims == alone


async def test_where_nothing_stands_out_nothing_is_shown() -> None:
    answer = await answer_to(quiet())

    assert (answer.outcome, answer.claims) == ("inconclusive", ())


async def test_without_any_evidence_nothing_is_shown() -> None:
    assert with_observed(NOTHING, {}, incident().question) == NOTHING


async def test_the_same_recording_gives_the_same_observations() -> None:
    first, second = await inconclusive(), await inconclusive()

    assert first.answer is not None
    assert second.answer is not None
    assert first.answer.claims == second.answer.claims


async def test_a_recording_of_alerts_alone_shows_the_alert() -> None:
    bare = replace(incident(), series=None, lines=None, spans=None, changes=None, edges=None)

    answer = await answer_to(bare)

    assert answer.outcome == "inconclusive"
    assert [one.claim.predicate for one in answer.claims] == ["started"]


async def test_new_errors_of_a_log_are_quoted_where_nothing_else_was_read() -> None:
    lines = [
        LogLine(at=START + timedelta(seconds=10 * at), service="ledger", severity="INFO", text="booked")
        for at in range(360)
    ]
    lines += [
        LogLine(at=ONSET + timedelta(seconds=10 * at), service="ledger", severity="ERROR", text="no room on the disk")
        for at in range(60)
    ]
    alone = Recording(title="logs", question=Question(text="What is wrong?", window=HOUR), lines=tuple(lines))

    answer = await answer_to(alone)

    assert answer.outcome == "inconclusive"
    assert [(one.claim.subject, one.claim.predicate, one.claim.value) for one in answer.claims] == [
        ("ledger", "contains", "no room on the disk")
    ]
