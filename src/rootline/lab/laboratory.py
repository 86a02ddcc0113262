"""A whole laboratory: the shop, its visitors, its bank, Prometheus, Alertmanager, and the history of its commits."""

import asyncio
import shutil
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.lab.child import Child
from rootline.lab.config_files import SERVICES, Addresses, write_configs
from rootline.lab.edits import Work
from rootline.lab.events import Events
from rootline.lab.fault import Event, Switch, Variant
from rootline.lab.flags import FlagFile
from rootline.lab.floor import Floor
from rootline.lab.happened import Happened, Happening
from rootline.lab.patch import Patch
from rootline.lab.places import Places
from rootline.lab.plan import Plan, Step
from rootline.lab.ports import HeldPort, free_ports
from rootline.lab.programs import Programs
from rootline.lab.repository import AGE, Repository
from rootline.lab.servers import wait_for_servers
from rootline.lab.warming import warm

Tell = Callable[[str], None]
LOOKED_AT_EVERY_S = 30.0
LONGEST_FILE_BYTES = 128 * 2**20
"""Source: ours; an hour and a half of spans."""


class Laboratory:
    """Runs until it is left; `opened` makes one."""

    def __init__(self, places: Places, programs: Programs, *, seed: int, tell: Tell) -> None:
        self.places, self._programs, self._seed = places, programs, seed
        self._listeners = [tell]
        self._ports = {name: HeldPort() for name in (*SERVICES, "bank")}
        prometheus, alertmanager = (f"127.0.0.1:{port}" for port in free_ports(2))
        services = {name: self._ports[name].address for name in reversed(SERVICES)}
        self.addresses = Addresses(services=services, prometheus=prometheus, alertmanager=alertmanager)
        self.repository = Repository(places.repository, programs.git)
        self.flags = FlagFile(places.flags, programs.git)
        self.floor = Floor(places, self._ports, self.tell)
        self.happened = Happened()
        self.versions = dict.fromkeys(SERVICES, 1)
        self._children: list[Child] = []
        self._events = Events(places, self.floor)
        self._deploying = asyncio.Lock()
        self._later: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None

    def tell(self, words: str) -> None:
        """Say what is going on to everybody who listens."""
        for listener in tuple(self._listeners):
            listener(words)

    @contextmanager
    def heard(self, listener: Tell) -> Iterator[None]:
        """Let somebody listen while the block runs."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    async def start(self) -> None:
        """Start everything and wait until it serves; raise Misconfigured with the words of what does not."""
        for folder in (self.places.running, self.places.volume, self.places.output):
            folder.mkdir(parents=True)
        for file in (self.places.traces, self.places.logs):
            file.touch(mode=0o600)
        write_configs(self.places, self.addresses)
        await asyncio.gather(self._open_shop(), self._start_servers())
        await warm(self._ports["store"].address, self._ports["cache"].address, self._seed)
        rates, gateway = str(self.places.rates), self._ports["gateway"].address
        await self._outside("visitors", gateway, rates, str(self._seed))
        self._watching = asyncio.create_task(self._watch())
        self.happened.add("ready", "")

    async def _watch(self) -> None:
        await asyncio.gather(self.floor.watch(), self._keep_short())

    async def _keep_short(self) -> None:
        """Move files of telemetry that have become long out of the way; the services begin new ones."""
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY_S)
            for file in (self.places.traces, self.places.logs):
                await asyncio.to_thread(_moved_away, file)

    async def _open_shop(self) -> None:
        now = datetime.now(tz=UTC)
        first = await asyncio.to_thread(self.repository.create)
        await asyncio.to_thread(self.flags.create)
        at = now - AGE
        for service in SERVICES:
            await asyncio.to_thread(self.repository.tag, service, 1, first, at)
        checkout = self.places.running / "first"
        await asyncio.to_thread(self.repository.checkout, first, checkout)
        await self._outside("bank", str(self._ports["bank"].number), str(self.places.mood))
        placed = await asyncio.gather(*(self.floor.place(service, 1, checkout) for service in SERVICES))
        fallen = [service for service, well in zip(SERVICES, placed, strict=True) if not well]
        if fallen:
            words = (self.places.output / f"{fallen[0]}.log").read_text(encoding="utf-8", errors="replace")[-1500:]
            raise Misconfigured(f"{', '.join(fallen)} did not start. {fallen[0]} says: {words.strip() or 'nothing'}")

    async def _start_servers(self) -> None:
        folder, own = self.places.folder, self.addresses
        prometheus = (
            *("--config.file", str(folder / "prometheus.yml"), "--storage.tsdb.path", str(folder / "prometheus")),
            *("--web.listen-address", own.prometheus, "--storage.tsdb.retention.time", "6h", "--log.level", "warn"),
        )
        alertmanager = (
            *("--config.file", str(folder / "alertmanager.yml"), "--storage.path", str(folder / "alertmanager")),
            *("--web.listen-address", own.alertmanager, "--cluster.listen-address", "", "--log.level", "warn"),
        )
        started = [
            await self._child("prometheus", self._programs.prometheus, *prometheus),
            await self._child("alertmanager", self._programs.alertmanager, *alertmanager),
        ]
        await wait_for_servers(started, (own.prometheus, own.alertmanager))

    async def _outside(self, name: str, *arguments: str) -> None:
        await self._child(name, sys.executable, "-m", f"rootline.lab.outside.{name}", *arguments)

    async def _child(self, name: str, *command: str) -> Child:
        package = {"PYTHONPATH": str(Path(__file__).parents[2])}
        child = await Child.start(name, command, self.places.output / f"{name}.log", package)
        self._children.append(child)
        return child

    async def _deploy(self, service: str, message: str, author: str) -> str:
        """Commit what lies in the working tree and run it as a service; return the commit."""
        commit = await asyncio.to_thread(self.repository.commit, message, author=author)
        self.versions[service] += 1
        version = self.versions[service]
        checkout = self.places.running / f"{service}-v{version}"
        await asyncio.to_thread(self.repository.checkout, commit, checkout)
        well = await self.floor.place(service, version, checkout)
        await asyncio.to_thread(self.repository.tag, service, version, commit)
        state = "" if well else ", which does not start"
        self.tell(f"{author} deployed {service} v{version} ({commit[:10]}: {message}){state}")
        return commit

    async def work(self, does: Work, author: str) -> str:
        """Have somebody commit and deploy work; return the commit, empty where the work no longer fits."""
        async with self._deploying:
            if not does.fits(self.places.repository):
                return ""
            does.apply(self.places.repository)
            return await self._deploy(does.service, does.message, author)

    async def innocent(self, step: Step) -> None:
        """Have somebody deploy something harmless, or turn a harmless flag on."""
        if isinstance(step.does, Switch):
            change = await self._turn_on(step.does, step.author)
        else:
            change = await self.work(step.does, step.author)
        if change:
            self.happened.add("innocent", step.does.service, change)

    async def _turn_on(self, switch: Switch, author: str) -> str:
        """Have somebody turn a flag on; return its name."""
        async with self._deploying:
            await asyncio.to_thread(self.flags.turn_on, switch.flag, author)
        self.tell(f"{author} turned {switch.flag} on")
        return switch.flag

    async def strike(self, variant: Variant, author: str) -> Happening:
        """Break something; return what was done."""
        if isinstance(variant.does, Event):
            await self._events.bring(variant.does)
            return self.happened.add("event", variant.services[0])
        if isinstance(variant.does, Switch):
            return self.happened.add("culprit", variant.services[0], await self._turn_on(variant.does, author))
        commit = await self.work(variant.does, author)
        if not commit:
            raise Misconfigured(
                "The shop's code is no longer as this fault wants it: something else was broken in it before. "
                "Start anew: rootline lab down, rootline lab up."
            )
        return self.happened.add("culprit", variant.services[0], commit)

    async def patch(self, patch: Patch, author: str) -> Happening:
        """Commit a stranger's diff and run it as its service; return what was done."""
        service, begun = patch.service, datetime.now(tz=UTC)
        async with self._deploying:
            await asyncio.to_thread(self.repository.apply, patch)
            commit = await self._deploy(service, f"Change {service}", author)
        return self.happened.add("culprit", service, commit, begun)

    async def carry_out(self, planned: Plan, strike: Callable[[], Awaitable[Happening]]) -> Happening:
        """Follow a plan up to the fault, and return it; what comes after it goes on beside."""
        begun = time.monotonic()
        for step in planned.before:
            await _sleep_until(begun + step.at_s)
            await self.innocent(step)
        await _sleep_until(begun + planned.strikes_at_s)
        done = await strike()
        later = asyncio.create_task(self._afterwards(planned, begun))
        self._later.add(later)
        later.add_done_callback(self._later.discard)
        return done

    async def _afterwards(self, planned: Plan, begun: float) -> None:
        for step in planned.after:
            await _sleep_until(begun + step.at_s)
            await self.innocent(step)

    async def stop(self) -> None:
        """End every process."""
        for task in (*self._later, *([self._watching] if self._watching else [])):
            task.cancel()
        await self._events.end()
        await self.floor.clear()
        await asyncio.gather(*(child.stop() for child in reversed(self._children)))
        for port in self._ports.values():
            port.let_go()


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _moved_away(file: Path) -> None:
    if file.exists() and file.stat().st_size > LONGEST_FILE_BYTES:
        file.replace(file.with_suffix(".older"))


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


@asynccontextmanager
async def opened(folder: Path, programs: Programs, *, seed: int, tell: Tell) -> AsyncIterator[Laboratory]:
    """Make a laboratory in a folder, which is emptied first, and end every process of it in the end."""
    await asyncio.to_thread(_empty, folder)
    laboratory = Laboratory(Places(folder), programs, seed=seed, tell=tell)
    try:
        await laboratory.start()
        yield laboratory
    finally:
        await asyncio.shield(laboratory.stop())
