"""The shop's floor: its services run here, each from a checkout of the commit that was deployed last."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rootline.lab.child import Child
from rootline.lab.places import Places
from rootline.lab.ports import HeldPort
from rootline.lab.waiting import until

READY_S = 20.0
WATCH_EVERY_S = 0.5
BACKOFF_S = (1.0, 2.0, 4.0, 8.0)
KILLED_ABOVE_BYTES = 420_000_000


@dataclass(kw_only=True)
class _Running:
    """One service: its process, and how often it has fallen since it was deployed."""

    version: int
    checkout: Path
    child: Child
    falls: int = 0


class Floor:
    """Starts, replaces, watches and ends services."""

    def __init__(self, places: Places, ports: Mapping[str, HeldPort], tell: Callable[[str], None]) -> None:
        self._places, self._ports, self._tell = places, ports, tell
        self._running: dict[str, _Running] = {}
        self._changing = asyncio.Lock()

    async def place(self, service: str, version: int, checkout: Path) -> bool:
        """Run a version: the old one finishes its requests and goes, whether or not the new one is well.

        Returns:
            Whether the new one has said that it is ready.

        """
        ready = self._places.output / f"{service}-{version}.ready"
        child = await self._start(service, version, checkout, ready)
        await until(lambda: ready.exists() or not child.runs, READY_S)
        async with self._changing:
            before = self._running.get(service)
            self._running[service] = _Running(version=version, checkout=checkout, child=child)
        if before is not None:
            await before.child.stop()
        return ready.exists() and child.runs

    async def _start(self, service: str, version: int, checkout: Path, ready: Path) -> Child:
        peers = {f"SHOP_{name.upper()}": port.address for name, port in self._ports.items()}
        own = {
            "SHOP_PORT": str(self._ports[service].number),
            "SHOP_VERSION": f"v{version}",
            "SHOP_TRACES": str(self._places.traces),
            "SHOP_LOG": str(self._places.logs),
            "SHOP_FLAGS": str(self._places.flags),
            "SHOP_VOLUME": str(self._places.volume),
            "SHOP_CLOCK_DRIFT": str(self._places.drift(service)),
            "SHOP_READY": str(ready),
            "PYTHONPATH": str(checkout),
        }
        command = [sys.executable, "-m", f"shop.{service}"]
        return await Child.start(service, command, self._places.output / f"{service}.log", {**peers, **own})

    async def watch(self) -> None:
        """Start again what has fallen, and end what takes too much memory, as a machine would."""
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            for service in tuple(self._running):
                await self._look_after(service)

    async def _look_after(self, service: str) -> None:
        one = self._running[service]
        if one.child.runs and one.child.memory_bytes > KILLED_ABOVE_BYTES:
            self._tell(f"{service} took more than {KILLED_ABOVE_BYTES // 10**6} MB and was killed")
            await one.child.kill()
        if one.child.runs:
            return
        await asyncio.sleep(BACKOFF_S[min(one.falls, len(BACKOFF_S) - 1)])
        async with self._changing:
            if self._running[service] is not one:
                return
            one.falls += 1
            one.child = await self._start(service, one.version, one.checkout, Path(os.devnull))

    def pid(self, service: str) -> int:
        """The process id of a service."""
        return self._running[service].child.pid

    async def clear(self) -> None:
        """End every service."""
        await asyncio.gather(*(one.child.stop() for one in self._running.values()))
