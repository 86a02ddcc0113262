import asyncio

import pytest
from mcp.server.subscriptions import ResourcesListChanged, ResourceUpdated
from mcp_types import CallToolResult
from tests.fakes.mcp_desk import House
from tests.fakes.mcp_http import MODERN, opened
from tests.server.test_http import ALICE, NAMESAKE, TOKENS, VERA

from rootline.server.envelope import Envelope

pytestmark = pytest.mark.anyio


async def test_a_tenant_hears_of_its_own_investigations_and_nothing_of_another() -> None:
    async with (
        opened(House(), TOKENS) as door,
        door.client(MODERN, VERA) as colleague,
        door.client(MODERN, NAMESAKE) as stranger,
        door.client(MODERN, ALICE) as alice,
    ):
        report = report_of(await alice.call_tool("get_alerts", {}))
        async with (
            colleague.listen(resource_subscriptions=[report]) as heard,
            stranger.listen(resources_list_changed=True, resource_subscriptions=[report]) as elsewhere,
            asyncio.timeout(10),
        ):
            await alice.call_tool("query_metrics", {})
            theirs = await anext(aiter(heard))
            await stranger.call_tool("get_alerts", {})
            first_of_stranger = await anext(aiter(elsewhere))

    assert theirs == ResourceUpdated(uri=report)
    assert first_of_stranger == ResourcesListChanged()


def report_of(answer: CallToolResult) -> str:
    return "investigation://" + str(Envelope.model_validate(answer.structured_content).uri).split("/")[2]
