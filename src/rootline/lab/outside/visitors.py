"""The shop's visitors: they come at random times, by a seed, and as many as the file of rates says.

Arguments: the gateway's address, a file with a factor for each journey, a seed.
"""

import asyncio
import json
import random
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from rootline.lab.shop.lib.connection import Connection, Unreachable

USUAL: Mapping[str, float] = {"browse": 4.5, "look": 2.5, "choose": 1.5, "order": 1.6}
"""How often each journey begins, a second."""
PATIENCE_S = 6.0
MOST_AT_ONCE = 300
PAGES, PRODUCTS = 9, 96


class Visitors:
    """Walk through the shop; what they cannot have they leave."""

    def __init__(self, gateway: str, rates: Path, seed: int) -> None:
        self._gateway, self._rates = gateway, rates
        self._random = random.Random(seed)  # noqa: S311 a load, not a secret
        self._inside: set[asyncio.Task[None]] = set()

    async def come(self, journey: str) -> None:
        """Begin one journey after another, for ever."""
        while True:
            await asyncio.sleep(self._random.expovariate(USUAL[journey] * self._factor(journey)))
            if len(self._inside) < MOST_AT_ONCE:
                task = asyncio.create_task(self._walk(journey))
                self._inside.add(task)
                task.add_done_callback(self._inside.discard)

    def _factor(self, journey: str) -> float:
        try:
            told = json.loads(self._rates.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 1.0
        return max(0.01, float(told.get(journey, 1.0)))

    async def _walk(self, journey: str) -> None:
        connection = Connection(self._gateway)
        try:
            async with asyncio.timeout(PATIENCE_S):
                for method, target, body in self._steps(journey):
                    await connection.ask(method, target, body, {})
        except (TimeoutError, Unreachable, asyncio.IncompleteReadError):
            pass
        finally:
            connection.close()

    def _steps(self, journey: str) -> list[tuple[str, str, dict[str, object]]]:
        who, product = f"v{self._random.randrange(10_000)}", f"p{self._random.randint(1, PRODUCTS)}"
        if journey == "browse":
            return [("GET", f"/products?page={self._random.randint(1, PAGES)}", {})]
        if journey == "look":
            return [("GET", f"/product?id={product}", {})]
        chosen: tuple[str, str, dict[str, object]] = (
            "POST",
            "/cart",
            {"visitor": who, "product": product, "quantity": self._random.choice([1, 1, 1, 2, 6])},
        )
        if journey == "choose":
            return [chosen, ("GET", f"/cart?visitor={who}", {})]
        return [chosen, ("POST", "/orders", {"visitor": who, "card": f"4000{self._random.randrange(10**8):08}"})]


async def _main(gateway: str, rates: Path, seed: int) -> None:
    visitors, ended = Visitors(gateway, rates, seed), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    walks = [asyncio.create_task(visitors.come(journey)) for journey in USUAL]
    await ended.wait()
    for walk in walks:
        walk.cancel()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
