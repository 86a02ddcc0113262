"""The tools as MCP sees them: our schemas and our gate, the protocol's envelope."""

import logging
from functools import cache
from typing import Any, cast

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools.base import Tool as ProtocolTool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp_types import CallToolResult, ToolAnnotations

from rootline.errors import NotApproved, NotFound, RootlineError, ToolFault
from rootline.server.envelope import Envelope, enveloped
from rootline.server.news import tell
from rootline.server.progress import reporting
from rootline.server.workbench import Workbench
from rootline.tools.registry import Tool, without_titles

_LOG = logging.getLogger(__name__)


class GuardedTool(ProtocolTool):
    """One tool whose calls all pass our own gate."""

    bench: Any

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: ARG002 ours is already in the protocol's form
    ) -> CallToolResult:
        """Make the call for whoever holds the credential.

        Raises:
            ToolError: With words for the model, and nothing of our insides.

        """
        try:
            return await self._answered(arguments, context)
        except (ToolFault, NotApproved, NotFound) as fault:
            raise ToolError(str(fault)) from fault
        except RootlineError as fault:
            _LOG.warning("%s failed: %s", self.name, fault)
            raise ToolError(f"{self.name} cannot be served now; the log of the server says why.") from fault
        except Exception as bug:
            raise UnexpectedToolError(f"{self.name} failed; the log of the server says why.") from bug

    async def _answered(self, arguments: dict[str, Any], context: Context[Any, Any]) -> CallToolResult:
        workbench = cast("Workbench", self.bench)
        bench = workbench.bench()
        async with reporting(context) as listener:
            called = await workbench.work.isolated(bench.call(self.name, arguments, listener))
        await tell(called, context)
        return enveloped(called)


def gated(tool: Tool, workbench: Workbench) -> GuardedTool:
    """Publish one of our tools, with the schema of its arguments and of its answer."""
    hints = ToolAnnotations(
        title=tool.title,
        read_only_hint=not tool.writes,
        destructive_hint=tool.destructive,
        idempotent_hint=tool.idempotent,
        open_world_hint=tool.reads_sources,
    )
    return GuardedTool(
        fn=tool.verb,
        name=tool.name,
        title=tool.title,
        description=tool.description,
        parameters=dict(tool.schema),
        fn_metadata=FuncMetadata(arg_model=ArgModelBase, output_schema=answer_schema(), output_model=Envelope),
        is_async=True,
        context_kwarg=None,
        annotations=hints,
        bench=workbench,
    )


@cache
def answer_schema() -> dict[str, Any]:
    """Return the one output schema of all tools."""
    return without_titles(Envelope.model_json_schema(mode="serialization"))
