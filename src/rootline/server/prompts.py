"""Prompts a person can choose, and what completes their arguments."""

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts import Prompt
from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from rootline.domain.persona import Persona
from rootline.prompts.library import fill, system_prompt
from rootline.server.resources import runbooks_of
from rootline.server.tokens import caller
from rootline.server.workbench import Workbench

MOST = 100


def add_prompts(server: MCPServer, workbench: Workbench) -> None:
    """Publish `investigate`, `postmortem` and one prompt a persona."""
    default = workbench.question.text

    @server.prompt(name="investigate", title="Investigate", description="Find the cause of an incident, with proof")
    def investigate(question: str = "", persona: str = "on-call-sre") -> str:
        return fill("investigate", question=question or default, persona=persona)

    @server.prompt(name="postmortem", title="Postmortem", description="Write the postmortem of an investigation")
    def postmortem(investigation: str) -> str:
        return fill("postmortem", investigation=investigation)

    for persona in workbench.desk.personas.values():
        server.add_prompt(_of(persona))


def _of(persona: Persona) -> Prompt:
    def speak() -> str:
        return system_prompt(persona)

    return Prompt.from_function(
        speak, name=f"persona-{persona.id}", title=persona.title, description=persona.description
    )


def add_completions(server: MCPServer, workbench: Workbench) -> None:
    """Complete personas, investigations, labels and runbooks by their beginning."""

    @server.completion()  # type: ignore[no-untyped-call,untyped-decorator]
    async def complete(
        ref: PromptReference | ResourceTemplateReference,  # noqa: ARG001 an argument's name says enough
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        known = await _known(argument.name, dict(context.arguments or {}) if context else {}, workbench)
        fitting = [one for one in known if one.startswith(argument.value)]
        return Completion(values=fitting[:MOST], total=len(fitting), has_more=len(fitting) > MOST)


async def _known(name: str, chosen: dict[str, str], workbench: Workbench) -> list[str]:
    journal = workbench.of(caller()).desk.journal
    match name:
        case "persona":
            return sorted(workbench.desk.personas)
        case "name":
            return [one.name for one in await runbooks_of(workbench)]
        case "investigation":
            return [str(one.id) for one in await journal.investigations(limit=MOST)]
        case "label":
            every = await journal.investigations(limit=MOST)
            named = next((one.id for one in every if str(one.id) == chosen.get("investigation")), None)
            return [one.label for one in (await journal.record(named)).evidence] if named else []
        case _:
            return []
