"""Discount and tax, read from the store and kept for a while."""

from ..lib import clock
from ..lib.peer import Peer
from ..lib.wire import Json


class Rates:
    """Knows the rates."""

    def __init__(self, store: Peer, *, kept_s: float) -> None:
        self._store, self._kept_s = store, kept_s
        self._known: Json = {}
        self._read_at = 0.0

    async def current(self) -> Json:
        """Return the rates as ratios, at most `kept_s` seconds old."""
        if not self._known or clock.now() - self._read_at > self._kept_s:
            answer = await self._store.post("/get", table="rates", key="today")
            self._known, self._read_at = answer["row"], clock.now()
        return self._known
