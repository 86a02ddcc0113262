"""Products, out of the cache where it has them, else out of the store."""

from logging import Logger

from ..lib.peer import Peer, PeerFailed
from ..lib.wire import Json

PER_PAGE = 10
RELATED = 6


class Shelf:
    """Looks products up."""

    def __init__(self, cache: Peer, store: Peer, *, ttl_s: float, log: Logger) -> None:
        self._cache, self._store, self._ttl_s, self._log = cache, store, ttl_s, log

    async def products(self, ids: list[str]) -> list[Json]:
        """Return the products with these ids, in this order; unknown ones are left out."""
        known = await self._kept(ids)
        missing = [one for one in ids if one not in known]
        if missing:
            fresh = await self._read(missing)
            await self._keep(fresh)
            known = {**known, **fresh}
        return [known[one] for one in ids if one in known]

    async def related(self, product: str) -> list[Json]:
        """Return the products that stand beside this one."""
        place = int(product[1:])
        return list((await self._read([f"p{place + away}" for away in range(1, RELATED + 1)])).values())

    async def _kept(self, ids: list[str]) -> dict[str, Json]:
        """Ask the cache; a cache that fails is only an inconvenience."""
        try:
            answer = await self._cache.post("/read", keys=[f"product:{one}" for one in ids])
        except PeerFailed as failed:
            self._log.warning("the cache was not read: %s", failed.message)
            return {}
        found: dict[str, Json] = answer["found"]
        return {key.removeprefix("product:"): value for key, value in found.items()}

    async def _read(self, ids: list[str]) -> dict[str, Json]:
        answers = [await self._store.post("/get", table="products", key=one, default={}) for one in ids]
        return {one: answer["row"] for one, answer in zip(ids, answers, strict=True) if answer["row"]}

    async def _keep(self, fresh: dict[str, Json]) -> None:
        entries = {f"product:{one}": row for one, row in fresh.items()}
        try:
            await self._cache.post("/write", entries=entries, ttl_s=self._ttl_s)
        except PeerFailed as failed:
            self._log.warning("the cache was not written: %s", failed.message)
