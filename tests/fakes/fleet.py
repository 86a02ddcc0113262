"""A fleet of recorded clusters, some of them behind sockets that hang or refuse."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import numpy as np
from tests.fakes.incident import ONSET, incident
from tests.fakes.observability import free_port

from rootline.domain.change import ChangeSet
from rootline.domain.signal import Alert, Floats, Series
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning
from rootline.sources.fleet.gating import gating
from rootline.sources.fleet.guard import Watch
from rootline.sources.http import fetch
from rootline.sources.metrics.source import MetricQuery

SICK = "c07"


@dataclass(kw_only=True)
class Behind:
    """Recorded alerts and metrics that are read only after a real request was answered, which may take a minute."""

    sources: Sources
    url: str
    name: str = "prometheus"
    runs_promql: bool = False

    async def _reach(self) -> None:
        where = replace(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", self.url), deadline_s=60.0)
        await fetch(where, "/api/v1/query")

    async def alerts(self, window: Window) -> Sequence[Alert]:
        await self._reach()
        return await self.sources.alerts.alerts(window) if self.sources.alerts else ()

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        await self._reach()
        return await self.sources.metrics.series(query, window) if self.sources.metrics else ()

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        await self._reach()
        return await self.sources.metrics.names(service) if self.sources.metrics else ()


@contextmanager
def hanging() -> Iterator[str]:
    """Listen and never answer; the connection is made by the kernel, and nobody reads from it."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def refusing() -> str:
    return f"http://127.0.0.1:{free_port()}"


def sick(name: str) -> Sources:
    """Have the whole made-up incident."""
    return replace(incident().sources(), cluster_name=name)


def healthy(name: str, seed: int) -> Sources:
    """Run the same services without the incident: the noise of the time before it goes on."""
    held = incident(seed=seed)
    calm = [replace(one, values=_calm(one)) for one in held.series or ()]
    quiet = replace(held, series=tuple(calm), alerts=(), lines=(), spans=(), changes=ChangeSet())
    return replace(quiet.sources(), cluster_name=name)


def _calm(one: Series) -> Floats:
    before = one.values[one.times < ONSET.timestamp()]
    return np.resize(before, one.values.shape)


def behind(name: str, url: str) -> Sources:
    wall = Behind(sources=sick(name), url=url)
    return Sources(cluster_name=name, alerts=wall, metrics=wall)


@contextmanager
def fleet(watch: Watch, *, answering: int, hang: int, refuse: int) -> Iterator[Sources]:
    """Yield a fleet: `c00`… answer and `c07` is sick, `hang0`… never answer, `refuse0`… have no server."""
    with ExitStack() as open_servers:
        names = [f"c{at:02}" for at in range(answering)]
        good = [sick(name) if name == SICK else healthy(name, seed) for seed, name in enumerate(names)]
        stuck = [behind(f"hang{at}", open_servers.enter_context(hanging())) for at in range(hang)]
        gone = [behind(f"refuse{at}", refusing()) for at in range(refuse)]
        yield spanning([guarded(one, watch) for one in [*good, *stuck, *gone]])


def guarded(one: Sources, watch: Watch) -> Sources:
    return gating(one, lambda _, name: watch.guard(one.cluster_name, name))
