"""GPUs behind a guard, and those of several clusters together."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.service_key import placed
from rootline.domain.window import Window
from rootline.sources.fleet.fan_out import fan_out
from rootline.sources.fleet.guarded import Gate
from rootline.sources.fleet.naming import Members
from rootline.sources.metrics.gpus import GpuSource


class GuardedGpus:
    """GPUs behind a gate."""

    def __init__(self, source: GpuSource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def gpus(self, window: Window) -> Sequence[GpuReading]:
        """Return every GPU known at the end of the window."""
        return await self._gate.read(lambda: self._source.gpus(window), window)


class SpanningGpus:
    """GPUs of several clusters."""

    def __init__(self, members: Members[GpuSource]) -> None:
        self.name = "+".join(dict.fromkeys(source.name for _, source in members))
        self._members = members

    async def gpus(self, window: Window) -> Sequence[GpuReading]:
        """Return every GPU of all, each node named with its cluster."""
        asks = [(cluster, partial(source.gpus, window)) for cluster, source in self._members]
        answers = await fan_out("gpus", asks, bool)
        return [replace(one, node=placed(cluster, one.node)) for cluster, found in answers for one in found]
