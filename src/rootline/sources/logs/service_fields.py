"""Which label or field of a log backend names services: the configured one, or the first usual one that has them."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from rootline.domain.window import Window
from rootline.sources.logs.fields import services
from rootline.sources.logs.newest_lines import AT_ONCE
from rootline.sources.together import together

Span = Window | None
"""A window; None is the backend's usual one, before anything was asked."""


@dataclass(kw_only=True)
class ServiceFields:
    """Finds the field for a service, in a window or in the one last asked about.

    Attributes:
        configured: The field that the operator named; empty where the usual ones are tried.
        exist: Lists the fields there are.
        values: Lists the values of one.

    """

    configured: str
    exist: Callable[[Span], Awaitable[Collection[str]]]
    values: Callable[[str, Span], Coroutine[Any, Any, Sequence[str]]]
    _last: Span = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that may name a service, the likeliest first."""
        return services(self.configured)

    async def holding(self, service: str, window: Window) -> str:
        """Return the field that names services, or of several the one that has this service; empty if none."""
        self._last = window
        known = await self._known(window)
        if not service:
            return known[0] if known else ""
        values = await together((self.values(name, window) for name in known), at_once=AT_ONCE)
        return next((name for name, found in zip(known, values, strict=True) if service in found), "")

    async def services(self) -> Sequence[str]:
        """Return the values of the field that names services, in the window last asked about."""
        known = await self._known(self._last)
        return sorted(await self.values(known[0], self._last)) if known else []

    async def _known(self, window: Span) -> list[str]:
        there = set(await self.exist(window))
        return [name for name in self.names if name in there]
