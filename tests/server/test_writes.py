from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client
from mcp_types import TextContent
from tests.fakes.mcp_desk import ERAS, GROUND, KEY, RECORDING, House

from rootline.server.protocol import RootlineServer
from rootline.server.serve import build
from rootline.server.workbench import Workbench
from rootline.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("era", ERAS)]


def server_that_may_write() -> RootlineServer:
    desk = House().desk(settings=Settings(home=Path("unused"), enable_writes=True))
    persona = desk.personas["on-call-sre"]
    bold = persona.model_copy(update={"id": "bold", "capabilities": persona.capabilities | {"execute"}})
    able = replace(desk, personas={"bold": bold})
    return build(Workbench(desk=able, ground=GROUND, question=RECORDING.question, persona="bold"), key=KEY)


async def test_the_tool_that_changes_systems_is_shown_as_destructive_and_only_where_writes_are_enabled(
    era: str,
) -> None:
    async with Client(server_that_may_write(), mode=era) as client:
        shown = {tool.name: tool.annotations for tool in (await client.list_tools()).tools}
    async with Client(House().server(), mode=era) as client:
        hidden = {tool.name for tool in (await client.list_tools()).tools}

    assert len(shown) == 15
    assert [name for name, hints in shown.items() if hints and hints.destructive_hint] == ["execute_fix"]
    assert hidden == set(shown) - {"execute_fix"}


async def test_nothing_is_run_without_an_approval_of_its_exact_hash(era: str) -> None:
    async with Client(server_that_may_write(), mode=era) as client:
        answer = await client.call_tool("execute_fix", {"plan": "0" * 64})

    assert answer.is_error
    assert isinstance(answer.content[0], TextContent)
    assert "Nothing was done." in answer.content[0].text
