"""The tools as MCP sees them: our schemas and our gate, the protocol's envelope."""

import asyncio
from typing import Annotated, Any, cast

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.tools.base import Tool as ProtocolTool
from mcp_types import CallToolResult, ToolAnnotations

from rootline.agent.events import Asking, CameBack, Concluded, Event, Listener, Planned, Remarked
from rootline.server.envelope import Envelope, enveloped
from rootline.server.tokens import caller
from rootline.server.workbench import Workbench
from rootline.tools.registry import Tool


async def _answer() -> Annotated[CallToolResult, Envelope]:
    """Lend its return type to the published output schema."""
    raise NotImplementedError


class GatedTool(ProtocolTool):
    """One tool whose calls all pass our own gate."""

    bench: Any = None

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:  # noqa: ARG002 the SDK's signature
        """Make the call for whoever holds the credential; the answer is already in the protocol's form."""
        workbench = cast("Workbench", self.bench)
        bench = workbench.of(caller())
        back = await bench.call(self.name, arguments, _reporting(context))
        return enveloped(back, bench.investigation)


def gated(tool: Tool, workbench: Workbench) -> GatedTool:
    """Publish one of our tools."""
    lent = ProtocolTool.from_function(_answer, name=tool.name, description=tool.description)
    hints = ToolAnnotations(
        title=tool.title,
        read_only_hint=not tool.writes,
        destructive_hint=tool.destructive,
        idempotent_hint=tool.idempotent,
        open_world_hint=tool.reads_sources,
    )
    return GatedTool(
        fn=tool.verb,
        name=tool.name,
        title=tool.title,
        description=tool.description,
        parameters=dict(tool.schema),
        fn_metadata=lent.fn_metadata,
        is_async=True,
        context_kwarg=None,
        annotations=hints,
        bench=workbench,
    )


def _reporting(context: Context[Any, Any]) -> Listener:
    """Turn events into progress, in order and without waiting for the client."""
    done = 0
    pending: set[asyncio.Task[None]] = set()

    def listen(event: Event) -> None:
        nonlocal done
        told = _told(event)
        if told:
            done += 1
            task = asyncio.ensure_future(context.report_progress(done, None, told))
            pending.add(task)
            task.add_done_callback(pending.discard)

    return listen


def _told(event: Event) -> str:
    match event:
        case Asking():
            return "asking " + ", ".join(call.tool for call in event.calls) if event.calls else ""
        case CameBack():
            return f"{event.result.evidence or 'no evidence'}: {event.call.tool}"
        case Remarked():
            return event.text[:300]
        case Concluded():
            return f"outcome: {event.answer.outcome}"
        case Planned():
            return f"plan {event.plan.sha256[:12]}"
        case _:
            return ""
