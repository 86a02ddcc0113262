"""GPUs and what their fields did."""

from collections.abc import Sequence
from typing import Protocol

from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.window import Window


class GpuSource(Protocol):
    """Reads GPUs."""

    name: str

    async def gpus(self, window: Window) -> Sequence[GpuReading]:
        """Return every GPU known at the end of the window, by node and index; none where there is no exporter."""
        ...


class RecordedGpus:
    """GPUs out of a recording."""

    def __init__(self, readings: Sequence[GpuReading], *, name: str = "tape") -> None:
        self.name = name
        self._readings = tuple(sorted(readings, key=lambda one: (one.node, one.gpu.index)))

    async def gpus(self, window: Window) -> Sequence[GpuReading]:  # noqa: ARG002 a recording is of one window
        """Return the recorded GPUs."""
        return self._readings
