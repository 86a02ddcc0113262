import asyncio
import json
from dataclasses import replace

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, ResourceLink, TextContent, Tool
from tests.fakes.mcp_desk import ERAS, GROUND, House, WaitingModel

from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.server.envelope import Envelope
from rootline.store.journal import MemoryJournal

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("era", ERAS)]


def text_of(answer: CallToolResult) -> str:
    return "\n".join(part.text for part in answer.content if isinstance(part, TextContent))


def links_of(answer: CallToolResult) -> list[str]:
    return [str(part.uri) for part in answer.content if isinstance(part, ResourceLink)]


def envelope_of(answer: CallToolResult) -> Envelope:
    return Envelope.model_validate(answer.structured_content)


async def tools_of(era: str) -> list[Tool]:
    async with Client(House().server(), mode=era) as client:
        return (await client.list_tools()).tools


async def test_every_tool_has_a_title_all_four_hints_and_an_output_schema(era: str) -> None:
    tools = await tools_of(era)

    for tool in tools:
        hints = tool.annotations
        assert hints is not None
        assert tool.title == hints.title
        assert {hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint} <= {
            True,
            False,
        }
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
    assert len(tools) == 14


async def test_every_parameter_is_described_on_the_wire(era: str) -> None:
    undescribed = [
        f"{tool.name}.{name}"
        for tool in await tools_of(era)
        for name, schema in tool.input_schema["properties"].items()
        if not schema.get("description")
    ]

    assert undescribed == []


async def test_what_the_wire_defines_costs_at_most_three_thousand_tokens(era: str) -> None:
    defined = [
        json.dumps({"name": tool.name, "description": tool.description, "input_schema": tool.input_schema})
        for tool in await tools_of(era)
    ]

    assert sum(len(one.encode()) for one in defined) / 4 <= 3000
    assert max(len(one.encode()) for one in defined) / 4 <= 350


async def test_two_clients_are_shown_the_same_tools(era: str) -> None:
    house = House()
    async with Client(house.server(), mode=era) as one, Client(house.server(), mode="legacy") as other:
        await one.call_tool("get_alerts", {})

        assert (await one.list_tools()).tools == (await other.list_tools()).tools


async def test_an_answer_is_short_text_under_a_label_with_a_link_to_the_whole(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        answer = await client.call_tool("get_alerts", {})
        (link,) = links_of(answer)
        whole = json.loads((await client.read_resource(link)).contents[0].text)  # type: ignore[union-attr]

    envelope = envelope_of(answer)
    assert text_of(answer).startswith("E1 get_alerts ok ")
    assert (envelope.evidence_id, envelope.uri, envelope.status) == ("E1", link, "ok")
    assert envelope.data["facts"][0]["name"] == "slow"  # type: ignore[index]
    assert (whole["label"], whole["tool"], len(whole["sha256"])) == ("E1", "get_alerts", 64)


async def test_asking_twice_shows_the_same_evidence_in_full_again(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        first = await client.call_tool("query_metrics", {})
        again = await client.call_tool("query_metrics", {})

    assert (text_of(again), again.structured_content) == (text_of(first), first.structured_content)


async def test_an_unknown_argument_is_answered_with_the_one_that_was_meant(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        answer = await client.call_tool("get_alerts", {"servce": "service-0"})

    assert answer.is_error
    assert "'servce' is no argument of get_alerts. Did you mean service?" in text_of(answer)


async def test_a_wrong_value_is_explained_in_our_words(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        answer = await client.call_tool("get_alerts", {"limit": 1000})

    assert answer.is_error
    assert "get_alerts was not run. limit: " in text_of(answer)
    assert "pydantic" not in text_of(answer)


async def test_an_unknown_tool_is_an_error_of_the_protocol(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("get_alert", {})

    assert refused.value.code == INVALID_PARAMS
    assert "Did you mean get_alerts?" in str(refused.value)


class BrokenAlerts:
    name = "broken"

    async def alerts(self, window: Window) -> list[Alert]:
        raise RuntimeError(f"password=hunter2 at /srv/secret {window}")


class BrokenJournal(MemoryJournal):
    async def add_messages(self, *_: object) -> None:
        raise RuntimeError("password=hunter2")


async def test_a_source_that_breaks_tells_the_client_nothing_of_our_insides(era: str) -> None:
    ground = replace(GROUND, sources=replace(GROUND.sources, alerts=BrokenAlerts()))
    async with Client(House(ground=ground).server(), mode=era) as client:
        answer = await client.call_tool("get_alerts", {})

    assert answer.is_error
    assert "hunter2" not in answer.model_dump_json()
    assert envelope_of(answer).status == "error"


async def test_a_store_that_breaks_tells_the_client_nothing_of_our_insides(era: str) -> None:
    house = House()
    house.journals[next(iter([house.desk().actor.tenant]))] = BrokenJournal()
    async with Client(house.server(), mode=era) as client:
        answer = await client.call_tool("get_alerts", {})

    assert answer.is_error
    assert text_of(answer) == "get_alerts failed; the log of the server says why."


async def test_calls_made_side_by_side_each_get_a_label_of_their_own(era: str) -> None:
    names = ["get_alerts", "query_metrics", "search_logs", "diff_commits", "analyze_traces", "get_topology"]
    server = House().server()
    async with Client(server, mode=era) as one, Client(server, mode=era) as other:
        answers = await asyncio.gather(
            *(client.call_tool(name, {}) for client, name in zip([one, other] * 3, names, strict=True))
        )

    assert sorted(envelope_of(answer).evidence_id or "" for answer in answers) == [f"E{at}" for at in range(1, 7)]


async def test_an_investigation_tells_its_progress_in_order_and_its_answer_can_be_opened(era: str) -> None:
    told: list[tuple[float, str | None]] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        assert total is None
        told.append((progress, message))

    async with Client(House().server(), mode=era) as client:
        answer = await client.call_tool("investigate", {"question": "why is it slow?"}, progress_callback=listen)
        id_ = envelope_of(answer).data["investigation"]
        opened = await client.call_tool("get_evidence", {"evidence": "E1", "investigation": id_})
        planned = await client.call_tool("plan_fix", {"investigation": id_})
        report = (await client.read_resource(f"investigation://{id_}")).contents[0]

    assert [progress for progress, _ in told] == list(range(1, len(told) + 1))
    assert told[0][1] == "asking investigate"
    assert "outcome: explained" in [message for _, message in told]
    assert f"investigation {id_}" in text_of(answer)
    assert links_of(answer) == [f"investigation://{id_}"]
    assert not opened.is_error
    assert "nothing has been run" in text_of(planned)
    assert report.mime_type == "text/markdown"


async def test_a_cancelled_investigation_stops_and_is_stored_as_cancelled(era: str) -> None:
    model = WaitingModel()
    house = House(model=model)
    async with Client(house.server(), mode=era) as client:
        running = asyncio.create_task(client.call_tool("investigate", {"question": "why is it slow?"}))
        await model.is_asked.wait()

        running.cancel()
        await asyncio.wait([running])
        async with asyncio.timeout(5):
            await model.is_cancelled.wait()
            answer = await client.call_tool("get_alerts", {})

    states = {one.led_by: one.state for one in await house.journal().investigations()}
    assert states == {"": "cancelled", "local": "running"}
    assert envelope_of(answer).evidence_id == "E1"


async def test_a_long_investigation_keeps_nobody_waiting(era: str) -> None:
    model = WaitingModel()
    server = House(model=model).server()
    async with Client(server, mode=era) as one, Client(server, mode=era) as other:
        running = asyncio.create_task(one.call_tool("investigate", {"question": "why is it slow?"}))
        await model.is_asked.wait()

        answer = await other.call_tool("get_alerts", {})

        running.cancel()
        await asyncio.wait([running])
    assert envelope_of(answer).evidence_id == "E1"


async def test_claims_are_marked_against_the_evidence_they_cite(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        await client.call_tool("query_metrics", {"service": "service-0"})
        answer = await client.call_tool("verify_claims", {"claims": ["E1[0] rose", "E1[0] rose 999", "E9[0] rose"]})

    marks = [one["mark"] for one in envelope_of(answer).data["claims"]]  # type: ignore[attr-defined]
    assert marks == ["verified", "contradicted", "not_found"]


async def test_what_is_too_large_is_refused(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        answer = await client.call_tool("search_logs", {"text": "x" * 30_000})

    assert answer.is_error
    assert "larger than 20,000 bytes" in text_of(answer)
