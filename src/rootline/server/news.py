"""What has changed, told to those who listen: each tenant hears of its own investigations alone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from mcp.server.mcpserver import Context
from mcp.server.subscriptions import InMemorySubscriptionBus, ServerEvent

from rootline.domain.tenant import LOCAL_TENANT
from rootline.server.bench import Called
from rootline.server.tokens import token_holder


class TenantBus:
    """A bus for each tenant. Who listens and who publishes is known by the token of the request that does it."""

    def __init__(self) -> None:
        self._buses: dict[UUID, InMemorySubscriptionBus] = {}

    async def publish(self, event: ServerEvent) -> None:
        """Deliver the event to the listeners of the current caller's tenant."""
        await self._own().publish(event)

    def subscribe(self, listener: Callable[[ServerEvent], None]) -> Callable[[], None]:
        """Register a listener of the current caller's tenant, and return what takes it off again."""
        return self._own().subscribe(listener)

    def _own(self) -> InMemorySubscriptionBus:
        holder = token_holder()
        return self._buses.setdefault(holder.tenant if holder else LOCAL_TENANT, InMemorySubscriptionBus())


async def tell(called: Called, context: Context[Any, Any]) -> None:
    """Tell listeners which report a call has changed, and when there is a new one to list."""
    if called.back.result.is_error:
        return
    if called.has_new:
        await context.notify_resources_changed()
    changed = {called.investigation, str(called.back.data.get("investigation") or called.investigation)}
    for one in sorted(changed):
        await context.notify_resource_updated(f"investigation://{one}")
