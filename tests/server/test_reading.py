import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PromptReference, ResourceTemplateReference, TextContent
from tests.fakes.mcp_desk import ERAS, House

from rootline.personas.library import built_in

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("era", ERAS)]
NOBODYS = "01900000-0000-7000-8000-000000000000"


async def test_the_three_kinds_of_address_are_published(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        templates = (await client.list_resource_templates()).resource_templates

    assert [one.uri_template for one in templates] == [
        "evidence://{investigation}/{label}",
        "investigation://{investigation}",
        "runbook://{name}",
    ]
    assert all(one.title and one.description and one.mime_type for one in templates)


async def test_what_is_listed_can_be_read(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        await client.call_tool("investigate", {"question": "why is it slow?"})
        resources = (await client.list_resources()).resources
        texts = [(await client.read_resource(one.uri)).contents[0].text for one in resources]  # type: ignore[union-attr]

    assert {one.uri.split("://")[0] for one in resources} == {"runbook", "investigation"}
    assert all(texts)


@pytest.mark.parametrize(
    "uri",
    [
        "evidence://nothing/E1",
        f"evidence://{NOBODYS}/E1",
        f"investigation://{NOBODYS}",
        "runbook://no-such-runbook",
        "runbook://..%2F..%2Fetc%2Fpasswd",
        "file:///etc/passwd",
    ],
)
async def test_what_is_not_there_is_a_wrong_parameter_that_names_the_address(era: str, uri: str) -> None:
    async with Client(House().server(), mode=era) as client:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)

    assert refused.value.code == INVALID_PARAMS
    assert refused.value.data == {"uri": uri}


async def test_there_is_a_prompt_to_investigate_one_for_the_postmortem_and_one_for_each_persona(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        prompts = (await client.list_prompts()).prompts

    assert [one.name for one in prompts] == ["investigate", "postmortem", *(f"persona-{name}" for name in built_in())]
    assert all(one.title and one.description for one in prompts)
    assert all(argument.description for one in prompts for argument in one.arguments or [])


async def test_a_prompt_is_filled_with_what_was_given(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        given = {"question": "why do charges fail?", "persona": "database"}
        asked = (await client.get_prompt("investigate", given)).messages[0].content
        spoken = (await client.get_prompt("persona-network")).messages[0].content

    assert isinstance(asked, TextContent)
    assert isinstance(spoken, TextContent)
    assert "As the database persona, investigate: why do charges fail?" in asked.text
    assert built_in()["network"].title in spoken.text


@pytest.mark.parametrize(
    ("name", "arguments", "helps"),
    [
        ("investigat", {}, "Did you mean investigate?"),
        ("investigate", {"persona": "databse"}, "Did you mean database?"),
        ("investigate", {"personna": "database"}, "Did you mean persona?"),
        ("postmortem", {}, "needs investigation"),
        ("postmortem", {"investigation": NOBODYS}, "There is no investigation"),
    ],
)
async def test_a_prompt_that_cannot_be_filled_says_what_would_help(
    era: str, name: str, arguments: dict[str, str], helps: str
) -> None:
    async with Client(House().server(), mode=era) as client:
        with pytest.raises(MCPError) as refused:
            await client.get_prompt(name, arguments)

    assert refused.value.code == INVALID_PARAMS
    assert helps in str(refused.value)


async def test_arguments_complete_by_their_beginning(era: str) -> None:
    async with Client(House().server(), mode=era) as client:
        await client.call_tool("get_alerts", {})
        personas = await client.complete(
            PromptReference(type="ref/prompt", name="investigate"), {"name": "persona", "value": "o"}
        )
        address = ResourceTemplateReference(type="ref/resource", uri="evidence://{investigation}/{label}")
        known = (await client.complete(address, {"name": "investigation", "value": ""})).completion.values
        labels = await client.complete(
            address, {"name": "label", "value": "E"}, context_arguments={"investigation": known[0]}
        )
        runbooks = await client.complete(
            ResourceTemplateReference(type="ref/resource", uri="runbook://{name}"), {"name": "name", "value": ""}
        )
        unknown = await client.complete(
            PromptReference(type="ref/prompt", name="nobody"), {"name": "nothing", "value": "x"}
        )

    assert personas.completion.values == ["on-call-sre"]
    assert labels.completion.values == ["E1"]
    assert runbooks.completion.values == sorted(runbooks.completion.values) != []
    assert unknown.completion.values == []
