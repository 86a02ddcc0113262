"""Faults that nobody commits: they come to the shop from outside."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from rootline.lab.child import Child
from rootline.lab.fault import Event, EventKind
from rootline.lab.floor import Floor
from rootline.lab.places import Places

FILLS_IN_S = 5.0
PIECE_BYTES = 8 * 2**20
PIECES = 8
LONGEST_BURN_S = 600
SMALL_SHARE = 10
PLACED_EVERY_S = 0.5


class Events:
    """Brings faults from outside."""

    def __init__(self, places: Places, floor: Floor) -> None:
        self._places, self._floor = places, floor
        self._neighbours: list[Child] = []
        self._placing: asyncio.Task[None] | None = None

    async def bring(self, event: Event) -> None:
        """Begin it; it lasts until the laboratory ends."""
        kinds: Mapping[EventKind, Callable[[Event], Awaitable[None]]] = {
            "surge": self._surge,
            "fill": self._fill,
            "drift": self._drift,
            "bank": self._bank,
            "neighbour": self._neighbour,
        }
        await kinds[event.kind](event)

    async def end(self) -> None:
        """End what still runs."""
        if self._placing is not None:
            self._placing.cancel()
        await asyncio.gather(*(one.kill() for one in self._neighbours))

    async def _keep_placed(self, service: str, cpu: int) -> None:
        """Put every later process of a service, which a deployment starts, on the same CPU."""
        while True:
            await asyncio.sleep(PLACED_EVERY_S)
            with suppress(OSError):
                _put(self._floor.pid(service), cpu)

    async def _surge(self, event: Event) -> None:
        self._places.rates.write_text(json.dumps({event.target: event.size}), encoding="utf-8")

    async def _drift(self, event: Event) -> None:
        self._places.drift(event.target).write_text(str(event.size), encoding="utf-8")

    async def _bank(self, event: Event) -> None:
        self._places.mood.write_text(event.target, encoding="utf-8")

    async def _fill(self, _: Event) -> None:
        """Let a file on the volume grow until nothing is left; it is sparse, so that the real disk has room."""
        with (self._places.volume / "nightly-dump.part").open("wb") as dump:
            for piece in range(1, PIECES + 1):
                dump.truncate(piece * PIECE_BYTES)
                await asyncio.sleep(FILLS_IN_S / PIECES)

    async def _neighbour(self, event: Event) -> None:
        """Put the service, with a small share, and several greedy processes on one CPU."""
        cpu = max(os.sched_getaffinity(0))
        _put(self._floor.pid(event.target), cpu)
        self._placing = asyncio.create_task(self._keep_placed(event.target, cpu))
        command = [sys.executable, "-m", "rootline.lab.outside.neighbour", str(cpu), str(LONGEST_BURN_S)]
        package = {"PYTHONPATH": str(Path(__file__).parents[2])}
        for place in range(int(event.size)):
            output = self._places.output / "neighbour.log"
            self._neighbours.append(await Child.start(f"neighbour-{place}", command, output, package))


def _put(pid: int, cpu: int) -> None:
    os.sched_setaffinity(pid, {cpu})
    if os.getpriority(os.PRIO_PROCESS, pid) < SMALL_SHARE:
        os.setpriority(os.PRIO_PROCESS, pid, SMALL_SHARE)
        _lower_group(pid)


def _lower_group(pid: int) -> None:
    """Where the kernel groups processes by session, give the group a small share too."""
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(SMALL_SHARE), encoding="ascii")
