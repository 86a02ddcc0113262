"""What completes the arguments of prompts and addresses, by their beginning."""

from mcp.server.mcpserver import MCPServer
from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from rootline.server.workbench import Workbench

MOST = 100
"""Source: MCP 2026-07-28, completion: at most 100 values."""


def add_completions(server: MCPServer, workbench: Workbench) -> None:
    """Complete personas, runbooks, and the caller's own investigations and labels."""

    @server.completion()  # type: ignore[no-untyped-call,untyped-decorator]
    async def complete(
        ref: PromptReference | ResourceTemplateReference,  # noqa: ARG001 an argument's name says enough
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        chosen = (context.arguments or {}) if context else {}
        known = await _known(argument.name, chosen.get("investigation", ""), workbench)
        fitting = [one for one in known if one.startswith(argument.value)]
        return Completion(values=fitting[:MOST], total=len(fitting), has_more=len(fitting) > MOST)


async def _known(name: str, investigation: str, workbench: Workbench) -> list[str]:
    match name:
        case "persona":
            return sorted(workbench.personas)
        case "name":
            return sorted({one.name for one in await workbench.runbooks()})
        case "investigation":
            return [str(one.id) for one in await workbench.journal().investigations(limit=MOST)]
        case "label":
            return await _labels(investigation, workbench)
        case _:
            return []


async def _labels(investigation: str, workbench: Workbench) -> list[str]:
    journal = workbench.journal()
    for one in await journal.investigations(limit=MOST):
        if str(one.id) == investigation:
            return [*await journal.labels(one.id)]
    return []
