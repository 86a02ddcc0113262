"""What a watch leaves behind: the Protocol of the book of rounds, and its in-memory twin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rootline.domain.anomaly import AnomalyFeature, Gated, WatchRound
from rootline.domain.window import Window


class Watchbook(Protocol):
    """Keeps rounds, their features and their candidates. A book belongs to one tenant."""

    async def add_round(self, one: WatchRound) -> bool:
        """Store a round whole; False, and nothing stored, when its slot has been evaluated before."""
        ...

    async def last_round(self, cluster: str) -> WatchRound | None:
        """Return the latest round of a cluster, without its features and candidates."""
        ...

    async def features(
        self, cluster: str, window: Window, service: str = ""
    ) -> Sequence[tuple[datetime, AnomalyFeature]]:
        """Return the features of a window with their slots, in order, of one service or of all."""
        ...

    async def gated(self, cluster: str, window: Window) -> Sequence[tuple[datetime, Gated]]:
        """Return the candidates of a window with their slots, in order, suppressed ones among them."""
        ...


@dataclass
class MemoryWatchbook:
    """A book that ends with the process."""

    _rounds: dict[tuple[str, datetime], WatchRound] = field(default_factory=dict)

    async def add_round(self, one: WatchRound) -> bool:
        """Keep the round."""
        return self._rounds.setdefault((one.cluster, one.slot), one) is one

    async def last_round(self, cluster: str) -> WatchRound | None:
        """Return the latest round of a cluster."""
        slots = [slot for name, slot in self._rounds if name == cluster]
        found = self._rounds[cluster, max(slots)] if slots else None
        return found and found.model_copy(update={"features": (), "gated": ()})

    async def features(
        self, cluster: str, window: Window, service: str = ""
    ) -> Sequence[tuple[datetime, AnomalyFeature]]:
        """Return the features of a window."""
        found = [(one.slot, part) for one in self._within(cluster, window) for part in one.features]
        wanted = [pair for pair in found if service in {"", pair[1].service}]
        return sorted(wanted, key=lambda pair: (pair[0], pair[1].service, pair[1].signal, pair[1].window))

    async def gated(self, cluster: str, window: Window) -> Sequence[tuple[datetime, Gated]]:
        """Return the candidates of a window."""
        found = [(one.slot, part) for one in self._within(cluster, window) for part in one.gated]
        return sorted(found, key=lambda pair: (pair[0], pair[1].service))

    def _within(self, cluster: str, window: Window) -> list[WatchRound]:
        return [one for (name, slot), one in self._rounds.items() if name == cluster and window.contains(slot)]
