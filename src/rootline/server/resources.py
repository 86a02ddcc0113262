"""What can be read by address: evidence, investigations, runbooks."""

from uuid import UUID

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from rootline.errors import NotFound
from rootline.reports.markdown import markdown
from rootline.server.tokens import caller
from rootline.server.workbench import Workbench
from rootline.sources.runbooks import Runbook


def add_resources(server: MCPServer, workbench: Workbench) -> None:
    """Publish the three kinds of address."""

    @server.resource(
        "evidence://{investigation}/{label}",
        name="evidence",
        title="Evidence",
        description="One piece of evidence, whole: arguments, window, facts, hash",
        mime_type="application/json",
    )
    async def evidence(investigation: str, label: str) -> str:
        try:
            found = await workbench.of(caller()).evidence(investigation, label)
        except (NotFound, ValueError) as bad:
            raise ResourceNotFoundError(f"There is no evidence {label[:10]!r} of {investigation[:36]!r}.") from bad
        if found is None:
            raise ResourceNotFoundError(f"There is no evidence {label[:10]!r} in investigation {investigation[:36]!r}.")
        return found.model_dump_json()

    @server.resource(
        "investigation://{investigation}",
        name="investigation",
        title="Investigation",
        description="The report of one investigation",
        mime_type="text/markdown",
    )
    async def investigation(investigation: str) -> str:
        try:
            record = await workbench.of(caller()).desk.journal.record(UUID(investigation))
        except (NotFound, ValueError) as bad:
            raise ResourceNotFoundError(f"There is no investigation {investigation[:36]!r} here.") from bad
        return markdown(record)

    @server.resource(
        "runbook://{name}",
        name="runbook",
        title="Runbook",
        description="One runbook, as people wrote it",
        mime_type="text/markdown",
    )
    async def runbook(name: str) -> str:
        for known in await runbooks_of(workbench):
            if known.name == name:
                return known.body
        raise ResourceNotFoundError(f"There is no runbook {name[:100]!r}.")


async def runbooks_of(workbench: Workbench) -> list[Runbook]:
    """Return the house's runbooks and those of the sources."""
    source = workbench.ground.sources.runbooks
    return [*workbench.desk.runbooks, *(await source.runbooks() if source else ())]
