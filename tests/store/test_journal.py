"""What every journal keeps: the same body for the one in memory and the one in PostgreSQL."""

import math
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from tests.store.examples import (
    ASKS,
    NOON,
    QUESTION,
    READS,
    answer,
    checked,
    detected,
    evidence,
    feedback,
    hypothesis,
    identity,
    incident,
    investigation,
    plan,
    session,
)

from rootline.domain.claim import Checked
from rootline.domain.evidence import fingerprint
from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Transition
from rootline.domain.session import IDLE_LIFE, LONGEST_LIFE, Investigation, Message, ToolCall, ToolResult
from rootline.errors import NotFound
from rootline.store.bodies import write
from rootline.store.journal import Journal, Record
from rootline.store.refusals import AlreadyClosed, Refused, SessionExpired, Taken

pytestmark = pytest.mark.anyio


async def opened(journal: Journal) -> Investigation:
    one = investigation()
    await journal.open_session(session())
    await journal.open_investigation(one, QUESTION)
    return one


async def answered(journal: Journal) -> Investigation:
    one = await opened(journal)
    await journal.add_messages(one.id, 0, [], [evidence()])
    await journal.conclude(one.id, answer())
    return one


async def refusal(step: Awaitable[object]) -> type[Exception] | None:
    try:
        await step
    except (Refused, NotFound) as error:
        return type(error)
    return None


async def test_an_investigation_reads_back_whole_and_in_order(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 0, [], [evidence("E2", "early read")])
    await journal.add_messages(one.id, 1, [ASKS])
    await journal.add_messages(one.id, 2, [READS], [evidence("E1"), evidence("E3", "another")])
    await journal.conclude(one.id, answer())
    await journal.add_recheck(one.id, [checked("stale")])
    await journal.add_plan(one.id, plan())
    await journal.add_feedback(feedback(one))

    record = await journal.record(one.id)

    assert record == Record(
        investigation=one.model_copy(update={"state": "done", "outcome": "explained"}),
        messages=(QUESTION, ASKS, READS),
        evidence=(evidence("E2", "early read"), evidence("E1"), evidence("E3", "another")),
        answer=answer(),
        rechecks=(checked("stale"),),
        plans=(plan(),),
        feedback=(feedback(one),),
    )


async def test_what_was_read_can_be_had_piece_by_piece(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [ASKS])
    await journal.add_messages(one.id, 2, [READS], [evidence("E1"), evidence("E2", "another"), evidence("E3")])

    some = await journal.evidence(one.id, {"E3", "E1", "E9"})

    assert [*await journal.messages(one.id)] == [QUESTION, ASKS, READS]
    assert [*await journal.labels(one.id)] == ["E1", "E2", "E3"]
    assert [*some] == [evidence("E1"), evidence("E3")]
    assert [*await journal.evidence(one.id, [])] == []


async def test_the_hash_of_evidence_verifies_after_reading_it_back(journal: Journal) -> None:
    one = await opened(journal)
    hostile = evidence("E1", 'nul \x00 quote " backslash \\u0000 emoji 🚨 nel \x85 bom \ufeff', current=1e-300)
    await journal.add_messages(one.id, 0, [], [hostile])

    (stored,) = (await journal.record(one.id)).evidence

    assert stored == hostile
    assert fingerprint(stored.tool, stored.arguments, stored.reading) == hostile.sha256


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "half a pair \ud83d",
        "\udc00",
        "\\u0000",
        "'; drop table rootline.sessions; --",
        "%s %(x)s {app}",
        "x" * 3_000_000,
    ],
)
async def test_text_from_outside_reads_back_to_the_character(journal: Journal, text: str) -> None:
    one = await opened(journal)
    message = Message(
        role="assistant",
        text=text,
        calls=(ToolCall(id=text[:50], tool=text[:50], arguments={text[:50]: [text, 10**40, -0.0, True]}),),
        results=(ToolResult(call="c", text=text),),
    )
    await journal.add_messages(one.id, 1, [message])

    assert (await journal.record(one.id)).messages == (QUESTION, message)


async def test_a_number_that_json_does_not_have_is_stored_too(journal: Journal) -> None:
    one = await opened(journal)
    message = Message(role="assistant", calls=(ToolCall(id="c", tool="t", arguments={"x": math.nan, "y": -math.inf}),))
    await journal.add_messages(one.id, 1, [message])
    await journal.add_messages(one.id, 1, [message])

    assert write((await journal.record(one.id)).messages[1]) == write(message)


async def test_arguments_keep_their_order_so_that_a_resumed_prompt_has_the_same_bytes(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [ASKS])

    (_, stored) = (await journal.record(one.id)).messages

    assert stored.model_dump_json() == ASKS.model_dump_json()


async def test_what_was_never_stored_is_not_found(journal: Journal) -> None:
    nothing = identity(9)

    refusals = [
        await refusal(journal.session(nothing)),
        await refusal(journal.record(nothing)),
        await refusal(journal.summary(nothing)),
        await refusal(journal.messages(nothing)),
        await refusal(journal.labels(nothing)),
        await refusal(journal.evidence(nothing, ["E1"])),
        await refusal(journal.add_messages(nothing, 0, [QUESTION])),
        await refusal(journal.add_messages(nothing, 0, [], [evidence()])),
        await refusal(journal.conclude(nothing, answer())),
        await refusal(journal.close(nothing, "failed")),
        await refusal(journal.add_plan(nothing, plan())),
        await refusal(journal.add_recheck(nothing, [checked()])),
        await refusal(journal.add_feedback(feedback(investigation()))),
        await refusal(journal.open_investigation(investigation(), QUESTION)),
        await refusal(journal.move_incident(detected(incident()))),
    ]

    assert refusals == [NotFound] * 15


async def test_a_second_writer_at_the_same_place_is_refused(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [ASKS])

    with pytest.raises(Taken):
        await journal.add_messages(one.id, 1, [Message(role="assistant", text="Another turn.")])

    assert (await journal.record(one.id)).messages == (QUESTION, ASKS)


async def test_a_message_leaves_no_place_empty(journal: Journal) -> None:
    one = await opened(journal)

    assert await refusal(journal.add_messages(one.id, 2, [ASKS])) is Refused
    assert await refusal(journal.add_messages(one.id, -1, [ASKS])) is Refused


async def test_every_step_can_be_repeated_and_is_stored_once(journal: Journal) -> None:
    one = investigation()
    for _ in range(2):
        await journal.open_session(session())
        await journal.open_investigation(one, QUESTION)
    for _ in range(2):
        await journal.add_messages(one.id, 1, [ASKS])
    for _ in range(2):
        await journal.add_messages(one.id, 2, [READS], [evidence()])
    for _ in range(2):
        await journal.add_messages(one.id, 0, [], [evidence("E2")])
    for _ in range(2):
        await journal.conclude(one.id, answer())
        await journal.add_plan(one.id, plan())
        await journal.add_feedback(feedback(one))
    await journal.open_session(session())
    await journal.open_investigation(one, QUESTION)
    await journal.add_messages(one.id, 1, [ASKS])

    record = await journal.record(one.id)

    assert record.messages == (QUESTION, ASKS, READS)
    assert record.evidence == (evidence(), evidence("E2"))
    assert (record.answer, record.plans, record.feedback) == (answer(), (plan(),), (feedback(one),))


async def test_a_repeated_step_with_other_content_is_refused_and_changes_nothing(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [READS], [evidence()])
    await journal.conclude(one.id, answer())
    before = await journal.record(one.id)

    refusals = [
        await refusal(journal.open_session(session(title="Another"))),
        await refusal(journal.open_investigation(one.model_copy(update={"persona": "dev"}), QUESTION)),
        await refusal(journal.open_investigation(one, ASKS)),
        await refusal(journal.add_messages(one.id, 1, [READS], [evidence(current=2.0)])),
        await refusal(journal.add_messages(one.id, 1, [READS], [evidence(), evidence("E2")])),
        await refusal(journal.add_messages(one.id, 0, [], [evidence("E5"), evidence(current=2.0)])),
        await refusal(journal.conclude(one.id, answer(hypothesis(support=(checked(), checked()))))),
        await refusal(journal.conclude(one.id, answer(), "failed")),
    ]

    assert refusals == [Taken] * 7 + [AlreadyClosed]
    assert await journal.record(one.id) == before


async def test_a_round_is_stored_whole_or_not_at_all(journal: Journal) -> None:
    one = await opened(journal)
    cites_nothing = Message(role="tool", results=(ToolResult(call="c1", text="", evidence="E7"),))

    assert await refusal(journal.add_messages(one.id, 1, [cites_nothing], [evidence("E1")])) is Refused

    record = await journal.record(one.id)
    assert (record.messages, record.evidence) == ((QUESTION,), ())


async def test_several_messages_are_stored_in_one_step_that_can_be_repeated(journal: Journal) -> None:
    one = await opened(journal)

    for _ in range(2):
        await journal.add_messages(one.id, 1, [ASKS, READS], [evidence()])

    record = await journal.record(one.id)
    assert record.messages == (QUESTION, ASKS, READS)
    assert record.evidence == (evidence(),)


async def test_a_step_of_which_the_first_part_is_stored_adds_the_rest(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [ASKS])

    await journal.add_messages(one.id, 1, [ASKS, READS], [evidence()])

    assert (await journal.record(one.id)).messages == (QUESTION, ASKS, READS)


async def test_several_messages_are_stored_whole_or_not_at_all(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 1, [ASKS])
    cites_nothing = Message(role="tool", results=(ToolResult(call="c1", text="", evidence="E7"),))
    before = await journal.record(one.id)

    refusals = [
        await refusal(journal.add_messages(one.id, 2, [READS, cites_nothing], [evidence()])),
        await refusal(journal.add_messages(one.id, 1, [READS, ASKS], [evidence()])),
        await refusal(journal.add_messages(one.id, 3, [ASKS, READS], [evidence()])),
    ]

    assert refusals == [Refused, Taken, Refused]
    assert await journal.record(one.id) == before


@pytest.mark.promise("no-unverified-hypothesis")
@pytest.mark.parametrize(
    "support", [(), (checked("contradicted"),), (checked("not_found"), checked("stale"))], ids=["none", "one", "two"]
)
async def test_a_hypothesis_without_a_verified_claim_is_not_stored(
    journal: Journal, support: tuple[Checked, ...]
) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 0, [], [evidence()])

    assert await refusal(journal.conclude(one.id, answer(hypothesis(), hypothesis(2, support)))) is Refused

    record = await journal.record(one.id)
    assert (record.answer, record.investigation.state) == (None, "running")


async def test_a_verified_claim_against_a_hypothesis_does_not_carry_it(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 0, [], [evidence()])
    alone = hypothesis(support=()).model_copy(update={"against": (checked(),)})

    assert await refusal(journal.conclude(one.id, answer(alone))) is Refused


async def test_a_verified_claim_cites_stored_evidence(journal: Journal) -> None:
    one = await opened(journal)

    assert await refusal(journal.conclude(one.id, answer())) is Refused


async def test_an_explanation_needs_a_first_hypothesis_and_ranks_are_taken_once(journal: Journal) -> None:
    one = await opened(journal)
    await journal.add_messages(one.id, 0, [], [evidence()])

    assert await refusal(journal.conclude(one.id, Answer(outcome="explained"))) is Refused
    assert await refusal(journal.conclude(one.id, answer(hypothesis(2)))) is Refused
    assert await refusal(journal.conclude(one.id, answer(hypothesis(), hypothesis()))) is Refused


@pytest.mark.parametrize("outcome", ["none_of_these", "inconclusive", "answered"])
async def test_not_knowing_is_an_outcome_of_the_investigation(journal: Journal, outcome: str) -> None:
    one = await opened(journal)
    says = Answer.model_validate({"outcome": outcome, "none_confidence": 0.7, "none_reasons": ["all healthy"]})

    await journal.conclude(one.id, says)

    record = await journal.record(one.id)
    assert (record.answer, record.investigation.outcome, record.investigation.state) == (says, outcome, "done")


async def test_nothing_comes_after_the_end_of_an_investigation(journal: Journal) -> None:
    one = await opened(journal)
    await journal.close(one.id, "cancelled")
    await journal.close(one.id, "cancelled")

    refusals = [
        await refusal(journal.close(one.id, "failed")),
        await refusal(journal.add_messages(one.id, 1, [ASKS])),
        await refusal(journal.add_messages(one.id, 1, [READS], [evidence()])),
        await refusal(journal.conclude(one.id, Answer(outcome="inconclusive"))),
    ]

    assert refusals == [AlreadyClosed] * 4
    record = await journal.record(one.id)
    assert (record.investigation.state, record.messages, record.evidence) == ("cancelled", (QUESTION,), ())


async def test_a_partial_answer_can_be_kept_when_an_investigation_is_cancelled(journal: Journal) -> None:
    one = await opened(journal)

    await journal.conclude(one.id, Answer(outcome="inconclusive"), "cancelled")

    now = (await journal.record(one.id)).investigation
    assert (now.state, now.outcome) == ("cancelled", "inconclusive")


async def test_an_investigation_runs_when_it_opens_and_is_done_only_with_an_answer(journal: Journal) -> None:
    one = await opened(journal)
    finished = investigation(2).model_copy(update={"state": "done", "outcome": "answered"})

    assert await refusal(journal.open_investigation(finished, QUESTION)) is Refused
    assert await refusal(journal.close(one.id, "done")) is Refused
    assert await refusal(journal.close(one.id, "running")) is Refused
    assert await refusal(journal.conclude(one.id, Answer(outcome="answered"), "running")) is Refused


async def test_a_note_can_be_added_after_the_end(journal: Journal) -> None:
    one = await answered(journal)

    await journal.add_messages(one.id, 0, [], [evidence("E2")])

    assert [found.label for found in (await journal.record(one.id)).evidence] == ["E1", "E2"]


async def test_later_marks_are_added_and_the_first_ones_stay(journal: Journal) -> None:
    one = await answered(journal)

    await journal.add_recheck(one.id, [checked("stale"), checked("verified", value=2.0)])
    await journal.add_recheck(one.id, [checked("contradicted")])

    record = await journal.record(one.id)
    assert record.answer == answer()
    assert [check.mark for check in record.rechecks] == ["stale", "verified", "contradicted"]


async def test_only_a_stored_claim_is_rechecked_planned_for_or_judged(journal: Journal) -> None:
    one = await answered(journal)

    refusals = [
        await refusal(journal.add_recheck(one.id, [checked(value=99.0)])),
        await refusal(journal.add_plan(one.id, plan(rank=2))),
        await refusal(journal.add_feedback(feedback(one, rank=2))),
    ]

    assert refusals == [Refused] * 3


async def test_feedback_about_the_whole_answer_needs_no_hypothesis(journal: Journal) -> None:
    one = await opened(journal)

    await journal.add_feedback(feedback(one, rank=None))

    assert (await journal.record(one.id)).feedback == (feedback(one, rank=None),)


async def test_only_finished_investigations_that_somebody_judged_are_remembered(journal: Journal) -> None:
    await journal.open_session(session())
    for number in (1, 2, 3, 4):
        await journal.open_investigation(investigation(number), QUESTION)
    for number in (1, 2, 3):
        await journal.add_messages(investigation(number).id, 0, [], [evidence()])
        await journal.conclude(investigation(number).id, answer())
    for number in (1, 3):
        await journal.add_feedback(feedback(investigation(number)))

    remembered = await journal.judged()

    assert [one.id for one in remembered] == [investigation(3).id, investigation(1).id]
    assert [one.id for one in await journal.judged(limit=1)] == [investigation(3).id]


async def test_plans_keep_the_order_of_storing_and_the_first_of_each_hash(journal: Journal) -> None:
    one = await answered(journal)
    second = plan(title="Restart checkout")

    for each in (plan(), second, plan().model_copy(update={"state": "approved"})):
        await journal.add_plan(one.id, each)

    assert (await journal.record(one.id)).plans == (plan(), second)


async def test_a_session_is_read_only_a_day_after_its_last_activity(journal: Journal) -> None:
    await journal.open_session(session())
    last = NOON + IDLE_LIFE - timedelta(milliseconds=1)
    await journal.open_investigation(investigation(1, opened_at=last), QUESTION)
    late = investigation(2, opened_at=last + IDLE_LIFE)

    with pytest.raises(SessionExpired):
        await journal.open_investigation(late, QUESTION)

    assert (await journal.session(session().id)).active_at == last
    assert list(await journal.investigations(session().id)) == [investigation(1, opened_at=last)]
    await journal.add_messages(investigation(1, opened_at=last).id, 1, [ASKS])


async def test_a_session_never_lives_longer_than_a_week(journal: Journal) -> None:
    await journal.open_session(session())
    for day in range(1, 7):
        moment = NOON + timedelta(hours=23 * day)
        await journal.open_investigation(investigation(day, opened_at=moment), QUESTION)
    last = NOON + timedelta(hours=23 * 7)
    await journal.open_investigation(investigation(8, opened_at=last), QUESTION)

    with pytest.raises(SessionExpired):
        await journal.open_investigation(investigation(9, opened_at=NOON + LONGEST_LIFE), QUESTION)


async def test_sessions_come_by_their_last_activity(journal: Journal) -> None:
    first, second = session(1), session(2, NOON + timedelta(hours=1))
    await journal.open_session(first)
    await journal.open_session(second)
    await journal.open_investigation(investigation(1, first, NOON + timedelta(hours=2)), QUESTION)

    assert [one.id for one in await journal.sessions()] == [first.id, second.id]
    assert [one.id for one in await journal.sessions(limit=1)] == [first.id]


async def test_investigations_come_newest_first_of_one_session_or_of_all(journal: Journal) -> None:
    here, there = session(1), session(2)
    await journal.open_session(here)
    await journal.open_session(there)
    for number, of in enumerate((here, there, here)):
        opened_at = NOON + timedelta(minutes=number)
        await journal.open_investigation(investigation(number, of, opened_at), QUESTION)

    minutes = [one.opened_at.minute for one in await journal.investigations()]
    assert minutes == [2, 1, 0]
    assert [one.opened_at.minute for one in await journal.investigations(here.id)] == [2, 0]
    assert [one.opened_at.minute for one in await journal.investigations(limit=1)] == [2]


async def test_an_incident_moves_from_where_it_stands(journal: Journal) -> None:
    one = incident()
    await journal.open_incident(one, detected(one))
    await journal.open_incident(one, detected(one))
    step = Transition(incident=one.id, before="detected", after="acknowledged", at=NOON, actor="ada", reason="\x00")

    moved = await journal.move_incident(step)

    assert moved == one.model_copy(update={"state": "acknowledged"})
    assert await journal.move_incident(step) == moved
    assert await refusal(journal.move_incident(step.model_copy(update={"after": "resolved"}))) is Refused
    assert await refusal(journal.move_incident(detected(one))) is Refused
    assert list(await journal.incidents()) == [moved]


async def test_an_incident_opens_with_a_first_transition_into_its_state(journal: Journal) -> None:
    one = incident()

    refusals = [
        await refusal(journal.open_incident(one, detected(incident(2)))),
        await refusal(journal.open_incident(one, detected(one).model_copy(update={"after": "resolved"}))),
        await refusal(journal.open_incident(one, detected(one).model_copy(update={"before": "detected"}))),
    ]

    assert refusals == [Refused] * 3
    assert list(await journal.incidents()) == []
    await journal.open_incident(one, detected(one))
    assert await refusal(journal.open_incident(one.model_copy(update={"title": "Else"}), detected(one))) is Taken


async def test_incidents_come_newest_first(journal: Journal) -> None:
    for number in range(3):
        one = incident(number, NOON + timedelta(minutes=number))
        await journal.open_incident(one, detected(one))

    assert [one.opened_at.minute for one in await journal.incidents(limit=2)] == [2, 1]
