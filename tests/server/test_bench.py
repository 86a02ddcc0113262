import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.fakes.mcp_desk import House, WaitingModel

from rootline.agent.events import nobody
from rootline.cli.find import investigation
from rootline.domain.session import Message
from rootline.domain.tenant import Actor
from rootline.errors import NotFound, ToolFault
from rootline.server.bench import Bench
from rootline.server.isolation import Work

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def bench_of(house: House, **fields: object) -> Bench:
    """Open the door as a new process would."""
    return house.workbench(**fields).bench()


async def label(bench: Bench, tool: str, **arguments: str) -> str:
    called = await bench.call(tool, {**arguments}, nobody)
    return called.back.result.evidence


async def test_labels_go_on_after_a_restart_and_old_ones_still_hold() -> None:
    house = House()
    before = await bench_of(house).call("get_alerts", {}, nobody)

    after = bench_of(house)

    assert await label(after, "query_metrics") == "E2"
    assert await label(after, "get_alerts") == "E1"
    assert (await after.call("get_evidence", {"evidence": "E1"}, nobody)).investigation == before.investigation


async def test_two_processes_of_one_person_never_hand_out_one_label_twice() -> None:
    house = House()
    one, other = bench_of(house), bench_of(house)

    labels = [
        await label(one, "get_alerts"),
        await label(other, "query_metrics"),
        await label(one, "search_logs"),
        await label(other, "diff_commits"),
        await label(other, "get_alerts"),
    ]

    assert labels == ["E1", "E2", "E3", "E4", "E1"]


async def test_what_was_asked_before_a_restart_is_shown_again_with_its_facts() -> None:
    house = House()
    before = await bench_of(house).call("query_metrics", {"service": "cart"}, nobody)

    again = await bench_of(house).call("query_metrics", {"service": "cart", "limit": 10}, nobody)

    assert again.back.result.text == "You asked this before: see E1."
    assert again.back.evidence == before.back.evidence
    assert again.back.evidence is not None


async def test_a_claim_may_cite_what_was_read_before_a_restart() -> None:
    house = House()
    await bench_of(house).call("get_alerts", {}, nobody)

    after = await bench_of(house).call("verify_claims", {"claims": ["E1[0] started", "E2[0] started"]}, nobody)

    _, _, total, first, second, *_ = after.back.result.text.splitlines()
    assert (total, first.split(":")[0], second.split(":")[0]) == ("1 of 2 verified", "verified", "not_found")


async def test_a_bench_is_never_offered_as_unfinished_work() -> None:
    house = House()
    await label(bench_of(house), "get_alerts")

    with pytest.raises(NotFound):
        await investigation(house.desk(), "", unfinished=True)


async def test_a_bench_ends_with_its_session_and_a_new_one_begins() -> None:
    house = House()
    first = await bench_of(house, clock=lambda: NOON).call("get_alerts", {}, nobody)

    next_day = await bench_of(house, clock=lambda: NOON + timedelta(hours=25)).call("query_metrics", {}, nobody)

    assert next_day.investigation != first.investigation
    assert next_day.back.result.evidence == "E1"


async def test_a_call_that_was_cut_off_while_it_was_stored_breaks_nothing() -> None:
    house = House()
    bench = bench_of(house)
    called = await bench.call("get_alerts", {}, nobody)
    stored = await house.journal().record(UUID(called.investigation))
    await house.journal().add_messages(
        UUID(called.investigation), len(stored.messages), [Message(role="assistant", text="cut off here")]
    )

    assert await label(bench, "query_metrics") == "E2"


@pytest.mark.parametrize("tool", ["investigate", "plan_fix", "record_feedback"])
async def test_a_viewer_may_read_and_may_not_write(tool: str) -> None:
    house = House()
    viewer = Actor(tenant=house.desk().actor.tenant, name="vera", role="viewer")
    bench = replace(bench_of(house), desk=house.desk(actor=viewer))

    refused = await bench.call(tool, {"question": "why is it slow?"}, nobody)

    assert refused.back.result.is_error
    assert "vera is a viewer" in refused.back.result.text
    assert await label(bench, "get_alerts") == "E1"


async def test_what_a_person_writes_into_a_call_is_stored_without_its_secrets() -> None:
    house = House()
    bench = bench_of(house)

    called = await bench.call("search_logs", {"text": "password=correct-horse-battery-staple-42"}, nobody)

    record = await house.journal().record(UUID(called.investigation))
    assert "correct-horse" not in "".join(message.model_dump_json() for message in record.messages)


async def test_isolated_work_returns_what_it_returns_and_raises_what_it_raises() -> None:
    async def answer() -> int:
        return 7

    async def fault() -> int:
        raise NotFound("gone")

    work = Work()

    assert await work.isolated(answer()) == 7
    with pytest.raises(NotFound):
        await work.isolated(fault())


async def test_the_end_of_the_server_ends_the_work_and_tells_who_asked() -> None:
    model = WaitingModel()
    house = House(model=model)
    workbench = house.workbench()
    asking = {"question": "why is it slow?"}
    running = asyncio.create_task(workbench.work.isolated(workbench.bench().call("investigate", {**asking}, nobody)))
    await model.is_asked.wait()

    await workbench.work.ended()

    with pytest.raises(ToolFault, match="told to stop"):
        await running
    with pytest.raises(ToolFault, match="told to stop"):
        await workbench.work.isolated(workbench.bench().call("get_alerts", {}, nobody))
    assert {one.led_by: one.state for one in await house.journal().investigations()}[""] == "cancelled"
