"""What a watch leaves behind: the Protocol of the book of rounds, and its in-memory twin."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from rootline.domain.anomaly import AnomalyFeature, Gated, WatchRound
from rootline.domain.window import Window
from rootline.store.limits import Limits


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

    def forget(self, limits: Limits) -> dict[str, int]:
        """Let go of old features and suppressed candidates, and of rounds of which nothing is left."""
        old = {key: one for key, one in self._rounds.items() if one.slot < limits.seen}
        bare = {key: one.model_copy(update={"features": (), "gated": _opened(one)}) for key, one in old.items()}
        kept = {key: one for key, one in bare.items() if one.gated}
        self._rounds = {key: kept.get(key, one) for key, one in self._rounds.items() if key in kept or key not in old}
        return {
            "features": sum(len(one.features) for one in old.values()),
            "candidates": sum(len(one.gated) - len(_opened(one)) for one in old.values()),
            "rounds": len(old) - len(kept),
        }

    def forget_incidents(self, gone: Collection[UUID]) -> None:
        """Let go of the candidates of incidents that are no more."""
        for key, one in self._rounds.items():
            kept = tuple(part for part in one.gated if part.incident not in gone or part.incident is None)
            self._rounds[key] = one.model_copy(update={"gated": kept})

    def _within(self, cluster: str, window: Window) -> list[WatchRound]:
        return [one for (name, slot), one in self._rounds.items() if name == cluster and window.contains(slot)]


def _opened(one: WatchRound) -> tuple[Gated, ...]:
    """The candidates that an incident came of, or that joined one."""
    return tuple(part for part in one.gated if part.incident is not None)
