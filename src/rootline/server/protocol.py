"""The SDK's server, with what the protocol asks for and the SDK leaves to us."""

import difflib
from collections.abc import Sequence
from typing import Any, NoReturn

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.subscriptions import ListenHandler, SubscriptionBus
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    SubscriptionsListenRequestParams,
)
from mcp_types import Resource as ListedResource

from rootline.server.listing import listed
from rootline.server.tokens import FileTokens
from rootline.server.workbench import Workbench


class RootlineServer(MCPServer[Any]):
    """Refuses what it does not know as the protocol says, and lists what the caller's tenant has stored."""

    workbench: Workbench
    tokens: FileTokens | None = None
    listening: ListenHandler

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; an unknown one is an error of the protocol, not an answer of a tool."""
        known = [one.name for one in self.workbench.toolbox.listed]
        if name not in known:
            refuse("tool", name, known)
        return await super().call_tool(name, arguments, context)

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Fill a prompt; an unknown name or argument, or one that is missing, is the caller's to correct."""
        prompts = {one.name: one for one in await self.list_prompts()}
        if name not in prompts:
            refuse("prompt", name, list(prompts))
        takes = prompts[name].arguments or []
        given = arguments or {}
        for unknown in set(given) - {one.name for one in takes}:
            refuse("argument", unknown, [one.name for one in takes])
        missing = [one.name for one in takes if one.required and one.name not in given]
        if missing:
            raise MCPError(INVALID_PARAMS, f"The prompt {name} needs {', '.join(missing)}.")
        return await super().get_prompt(name, arguments, context)

    async def list_resources(self) -> list[ListedResource]:
        """List the runbooks and the newest investigations of the caller's tenant."""
        return [*await super().list_resources(), *await listed(self.workbench)]

    def publish_over(self, bus: SubscriptionBus) -> None:
        """Serve listeners of this bus, in a way that `stop` can end."""
        self.listening = ListenHandler(bus)
        self._lowlevel_server.add_request_handler(
            "subscriptions/listen", SubscriptionsListenRequestParams, self.listening
        )

    def stop(self) -> None:
        """Cancel what runs, and say goodbye to those who listen."""
        self.workbench.work.cancel()
        self.listening.close()

    async def run_over(self, read: Any, write: Any) -> None:
        """Serve one client over a pair of streams of messages until it goes."""
        await self._lowlevel_server.run(read, write, self._lowlevel_server.create_initialization_options())


def refuse(kind: str, name: str, known: Sequence[str]) -> NoReturn:
    """Raise the protocol's error for a name that is not there, with the one that may have been meant."""
    meant = difflib.get_close_matches(name[:60], known, n=1)
    hint = f"Did you mean {meant[0]}?" if meant else f"Known: {', '.join(known)}."
    raise MCPError(INVALID_PARAMS, f"There is no {kind} {name[:60]!r}. {hint}")
