"""What can be read by address: evidence, investigations, runbooks. Another tenant's is not found either."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError

from rootline.errors import NotFound
from rootline.reports.markdown import markdown
from rootline.server.workbench import Workbench


def add_resources(server: MCPServer, workbench: Workbench) -> None:
    """Publish the three kinds of address."""

    @server.resource(
        "evidence://{investigation}/{label}",
        name="evidence",
        title="Evidence",
        description="One piece of evidence, whole: tool, arguments, window, facts, sha256",
        mime_type="application/json",
    )
    async def evidence(investigation: str, label: str) -> str:
        with _named(investigation) as found:
            for known in await workbench.journal().evidence(found, [label]):
                return known.model_dump_json()
        raise ResourceNotFoundError(f"There is no evidence {label[:10]!r} in investigation {investigation[:36]!r}.")

    @server.resource(
        "investigation://{investigation}",
        name="investigation",
        title="Investigation",
        description="The report of one investigation: hypotheses, claims with their marks, what was not checked",
        mime_type="text/markdown",
    )
    async def investigation(investigation: str) -> str:
        with _named(investigation) as found:
            return markdown(await workbench.journal().record(found))

    @server.resource(
        "runbook://{name}",
        name="runbook",
        title="Runbook",
        description="One runbook, as people wrote it",
        mime_type="text/markdown",
    )
    async def runbook(name: str) -> str:
        for known in await workbench.runbooks():
            if known.name == name:
                return known.body
        raise ResourceNotFoundError(f"There is no runbook {name[:100]!r}.")


@contextmanager
def _named(investigation: str) -> Iterator[UUID]:
    try:
        yield UUID(investigation)
    except (NotFound, ValueError) as bad:
        raise ResourceNotFoundError(f"There is no investigation {investigation[:36]!r} here.") from bad
