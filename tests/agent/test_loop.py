import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.incident import CULPRIT, incident

from rootline.agent.budget import Budget
from rootline.agent.events import CameBack, Concluded, Event, Planned, Remarked
from rootline.desk import Desk
from rootline.domain.evidence import JsonObject
from rootline.domain.session import ToolCall
from rootline.errors import ProviderFailed
from rootline.ground import Ground
from rootline.models.builtin.model import BuiltinModel
from rootline.models.model import Conversation, Model, TurnEnd
from rootline.models.scripted import ScriptedModel, says
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Record

pytestmark = pytest.mark.anyio


def desk_with(model: Model, **fields: object) -> Desk:
    return replace(memory_desk(Settings(home=Path("unused"))), models=lambda _: model, **fields)  # type: ignore[arg-type]


async def investigated(desk: Desk, listener: Callable[[Event], None] = lambda _: None, persona: str = "") -> Record:
    recording = incident()
    record = await desk.open(recording.question, persona=persona, origin="made up")
    return await desk.run(record, Ground.of(recording, "made up"), listener=listener)


def asks(tool: str, *, id: str = "c1", **arguments: object) -> ToolCall:  # noqa: A002 the wire's word
    return ToolCall(id=id, tool=tool, arguments=arguments)  # type: ignore[arg-type]


def label_of(conversation: Conversation, tool: str) -> str:
    return next(one.label for one in conversation.evidence.values() if one.tool == tool)


def blames_the_release(conversation: Conversation) -> TurnEnd:
    metrics, changes = label_of(conversation, "query_metrics"), label_of(conversation, "diff_commits")
    hypothesis: JsonObject = {
        "type": "release",
        "subject": "service-0",
        "cause": "query_in_a_loop",
        "change": CULPRIT,
        "remediation": "rollback",
        "probability": 0.9,
        "support": [
            {"evidence": metrics, "fact": 0, "predicate": "rose"},
            {"evidence": changes, "fact": 0, "predicate": "changed"},
            {"evidence": changes, "fact": 0, "predicate": "rose"},
        ],
    }
    return says("", ToolCall(id="end", tool="answer", arguments={"hypotheses": [hypothesis]}))


async def test_the_built_in_investigator_names_the_culprit_with_verified_claims() -> None:
    record = await investigated(desk_with(BuiltinModel()))

    assert record.answer is not None
    best = record.answer.hypotheses[0]
    assert (best.change, best.is_proven) == (CULPRIT, True)
    assert {claim.mark for claim in best.support} == {"verified"}


@pytest.mark.promise("claims-are-checked")
async def test_a_model_answers_and_what_it_cannot_prove_is_shown_as_failed() -> None:
    record = await investigated(desk_with(ScriptedModel([blames_the_release])))

    assert record.answer is not None
    best = record.answer.hypotheses[0]
    assert [claim.claim.predicate for claim in best.support] == ["rose", "changed"]
    assert [claim.mark for claim in record.answer.failed] == ["not_found"]
    assert record.answer.written_by == "scripted"


async def test_evidence_is_gathered_before_a_model_is_asked_and_in_fixed_order() -> None:
    model = ScriptedModel([blames_the_release])

    await investigated(desk_with(model))

    tools = [one.tool for one in model.seen[0].evidence.values()]
    assert tools == [
        "get_alerts",
        "get_topology",
        "query_metrics",
        "analyze_traces",
        "search_logs",
        "diff_commits",
        "get_cluster_state",
    ]


async def test_parallel_calls_are_stored_in_the_order_of_asking() -> None:
    calls = (asks("search_logs", id="b", service="service-0"), asks("get_topology", id="a", service="service-1"))
    record = await investigated(desk_with(ScriptedModel([says("", *calls), blames_the_release])))

    assert [result.call for result in record.messages[4].results] == ["b", "a"]
    assert [one.tool for one in record.evidence[-2:]] == ["search_logs", "get_topology"]


async def test_a_repeated_identical_call_is_answered_from_the_ledger() -> None:
    again = says("", asks("get_alerts"), asks("get_alerts", id="c2"))

    record = await investigated(desk_with(ScriptedModel([again, blames_the_release])))

    assert [result.evidence for result in record.messages[4].results] == ["E1", "E1"]
    assert sum(one.tool == "get_alerts" for one in record.evidence) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (asks("delete_everything"), "There is no tool"),
        (asks("query_metrcs"), "Did you mean query_metrics?"),
        (asks("query_metrics", servce="x"), "Did you mean service?"),
        (asks("query_metrics", limit="many"), "limit"),
        (asks("execute_fix", plan="0" * 64), "not enabled"),
        (asks("investigate", question="again please"), "may not use investigate"),
        (asks("record_feedback", verdict="confirmed"), "may not use record_feedback"),
        (ToolCall(id="c1", tool="get_alerts", arguments={}, broken="{]"), "no JSON object"),
    ],
)
async def test_whatever_a_model_sends_is_checked_before_anything_runs(call: ToolCall, words: str) -> None:
    record = await investigated(desk_with(ScriptedModel([says("", call), blames_the_release])))

    result = record.messages[4].results[0]
    assert (words in result.text, result.is_error, result.evidence) == (True, True, "")


@pytest.mark.promise("personas-are-limits")
async def test_a_persona_is_refused_what_it_may_not_use_when_it_calls_it() -> None:
    ends = says("", asks("answer", id="end"))
    model = ScriptedModel([says("", asks("diff_commits", service="service-0")), ends])

    record = await investigated(desk_with(model), persona="network")

    assert "The persona network may not use diff_commits" in record.messages[4].results[0].text
    assert "diff_commits" not in {tool.name for tool in model.seen[0].tools}


@pytest.mark.promise("provider-may-fail")
@pytest.mark.parametrize("failing", [ProviderFailed("The provider refused."), says("just prose")])
async def test_when_the_provider_fails_the_built_in_investigator_finishes_and_says_so(
    failing: ProviderFailed | TurnEnd,
) -> None:
    told: list[str] = []

    def listen(event: Event) -> None:
        told.extend([event.text] if isinstance(event, Remarked) else [])

    record = await investigated(desk_with(ScriptedModel([failing])), listen)

    assert record.answer is not None
    assert record.answer.hypotheses[0].change == CULPRIT
    assert record.answer.written_by == "builtin"
    assert "built-in investigator finished" in record.answer.remark
    assert told == [record.answer.remark]


async def test_a_model_that_only_talks_runs_out_of_rounds() -> None:
    talker = ScriptedModel([says("let me think") for _ in range(20)])

    record = await investigated(desk_with(talker, budget=Budget(rounds=3)))

    assert len(talker.seen) == 3
    assert record.answer is not None
    assert "no answer within 3 rounds" in record.answer.remark


@pytest.mark.parametrize(
    ("budget", "words"),
    [(Budget(tokens=10), "10 tokens"), (Budget(seconds=0.0), "0 seconds"), (Budget(cost_usd=0.0), "0 US dollars")],
)
async def test_every_limit_of_the_budget_ends_the_model_s_part(budget: Budget, words: str) -> None:
    record = await investigated(desk_with(ScriptedModel([says("x" * 400), blames_the_release]), budget=budget))

    assert record.answer is not None
    assert words in record.answer.remark


@pytest.mark.promise("stable-prefix")
async def test_what_a_model_is_shown_only_grows_at_its_end() -> None:
    model = ScriptedModel([says("", asks("search_logs", service="service-0")), blames_the_release])

    await investigated(desk_with(model))

    first, second = model.seen
    assert (second.system, second.tools) == (first.system, first.tools)
    assert list(second.messages[: len(first.messages)]) == list(first.messages)


@pytest.mark.promise("same-tape-same-answer")
async def test_the_same_tape_twice_gives_the_same_evidence_and_the_same_answer() -> None:
    first = await investigated(desk_with(BuiltinModel()))
    second = await investigated(desk_with(BuiltinModel()))

    assert [one.sha256 for one in first.evidence] == [one.sha256 for one in second.evidence]
    assert first.answer == second.answer


async def test_an_interrupted_investigation_goes_on_from_what_is_stored() -> None:
    recording, seen = incident(), []

    def stop_after_the_first_look(event: Event) -> None:
        seen.append(event)
        if isinstance(event, CameBack):
            raise KeyboardInterrupt

    desk = desk_with(BuiltinModel())
    record = await desk.open(recording.question, origin="made up")
    with pytest.raises(KeyboardInterrupt):
        await desk.run(record, Ground.of(recording, "made up"), listener=stop_after_the_first_look)
    left = await desk.journal.record(record.investigation.id)
    done = await desk.run(left, Ground.of(recording, "made up"))

    assert done.messages[: len(left.messages)] == left.messages
    assert done.evidence[: len(left.evidence)] == left.evidence
    assert done.answer is not None


async def test_cancelling_closes_the_investigation_and_keeps_what_was_read() -> None:
    class Endless:
        name = "endless"

        async def turn(self, conversation: Conversation):  # type: ignore[no-untyped-def]  # noqa: ANN202, ARG002
            await asyncio.Event().wait()
            yield says("never")

    recording, desk = incident(), desk_with(Endless())
    record = await desk.open(recording.question, origin="made up")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await desk.run(record, Ground.of(recording, "made up"))

    left = await desk.journal.record(record.investigation.id)
    assert left.investigation.state == "cancelled"
    assert len(left.evidence) == 7


@pytest.mark.promise("plans-run-nothing")
async def test_a_plan_follows_an_explained_incident_and_nothing_is_run() -> None:
    events: list[Event] = []

    record = await investigated(desk_with(BuiltinModel()), events.append)

    assert [type(event) for event in events[-2:]] == [Concluded, Planned]
    assert record.plans[0].state == "draft"


async def test_a_persona_without_plans_gets_none() -> None:
    record = await investigated(desk_with(BuiltinModel()), persona="application-developer")

    assert record.plans == ()


@pytest.mark.promise("coverage-is-computed")
async def test_coverage_names_what_was_not_connected_and_what_was_refused() -> None:
    model = ScriptedModel([says("", asks("query_metrics", limit=0)), blames_the_release])

    record = await investigated(desk_with(model))

    assert record.answer is not None
    statuses = {(item.tool, item.status) for item in record.answer.coverage}
    assert {("get_cluster_state", "not_configured"), ("query_metrics", "error")} <= statuses


async def test_secrets_in_a_question_are_not_stored() -> None:
    desk = desk_with(BuiltinModel())
    question = incident().question.model_copy(update={"text": "why? password=hunter2hunter2"})

    record = await desk.open(question)

    assert "hunter2" not in record.investigation.question.text
    assert "hunter2" not in record.messages[0].text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": "frontend, where Bob deleted the table"}, "names nothing like the subject"),
        ({"change": "deadbeef" * 5}, "No change 'deadbeefdeadbeef"),
        ({"cause": "error_rate_rose_900_percent"}, "holds figures"),
    ],
)
async def test_a_model_cannot_blame_what_the_evidence_does_not_know(changes: dict[str, str], words: str) -> None:
    def blames(conversation: Conversation) -> TurnEnd:
        end = blames_the_release(conversation)
        hypothesis = {**end.calls[0].arguments["hypotheses"][0], **changes}  # type: ignore[index, dict-item]
        return says("", ToolCall(id="end", tool="answer", arguments={"hypotheses": [hypothesis]}))

    record = await investigated(desk_with(ScriptedModel([blames, blames_the_release])))

    assert words in record.messages[4].results[0].text
    assert record.answer is not None
    assert record.answer.hypotheses[0].subject == "service-0"


async def test_a_model_s_own_scores_and_unrelated_claims_carry_nothing() -> None:
    def boasts(conversation: Conversation) -> TurnEnd:
        metrics = label_of(conversation, "query_metrics")
        facts = conversation.evidence[metrics].reading.facts
        other = next(at for at, fact in enumerate(facts) if fact.subject.startswith("service-1 latency"))
        hypothesis: JsonObject = {
            "type": "release",
            "subject": "service-4",
            "cause": "bad_release",
            "probability": 0.99,
            "support": [{"evidence": metrics, "fact": other, "predicate": "rose"}],
            "components": [{"name": "verified by two engineers", "contribution": 9.9}],
        }
        return says("", ToolCall(id="end", tool="answer", arguments={"hypotheses": [hypothesis]}))

    record = await investigated(desk_with(ScriptedModel([boasts])))

    assert record.answer is not None
    assert (record.answer.outcome, record.answer.hypotheses) == ("inconclusive", ())


async def test_free_words_of_a_model_are_shown_as_unchecked() -> None:
    def explains(conversation: Conversation) -> TurnEnd:
        end = blames_the_release(conversation)
        return says(
            "", ToolCall(id="end", tool="answer", arguments={**end.calls[0].arguments, "none_reasons": ["it is late"]})
        )

    record = await investigated(desk_with(ScriptedModel([explains])))

    assert record.answer is not None
    assert "[unchecked words of scripted]" in record.answer.none_reasons[0]
