"""Fills the shop's cache before anybody comes, so that the first visitors find it as it usually is."""

import asyncio
import random

from rootline.lab.shop.lib.connection import Connection

PRODUCTS = 96
AT_ONCE = 3
LEAST_S, MOST_S = 4.0, 20.0


async def warm(store: str, cache: str, seed: int) -> None:
    """Copy every product from the store to the cache; they expire one after another, as they do after a while."""
    drawn = random.Random(seed)  # noqa: S311 a load, not a secret
    lives = {f"p{place}": drawn.uniform(LEAST_S, MOST_S) for place in range(1, PRODUCTS + 1)}
    ids = list(lives)
    await asyncio.gather(*(_copy(store, cache, {one: lives[one] for one in ids[at::AT_ONCE]}) for at in range(AT_ONCE)))


async def _copy(store: str, cache: str, lives: dict[str, float]) -> None:
    reading, writing = Connection(store), Connection(cache)
    try:
        for one, life in lives.items():
            _, answer = await reading.ask("POST", "/get", {"table": "products", "key": one}, {})
            entry = {"entries": {f"product:{one}": answer["row"]}, "ttl_s": life}
            await writing.ask("POST", "/write", entry, {})
    finally:
        reading.close()
        writing.close()
