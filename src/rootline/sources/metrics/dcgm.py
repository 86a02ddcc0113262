"""Reads NVIDIA's DCGM exporter through a Prometheus that scrapes it.

Three instant queries, whatever the number of GPUs: the fields as they stand, and what they did in the window and
in the one before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from rootline.analysis.gpu.readings import PREFIX, GpuReading
from rootline.domain.gpu import Gpu, GpuProcess
from rootline.domain.window import Window
from rootline.sources.in_part import telling_of
from rootline.sources.prometheus import Prometheus

_HIGHEST = ("XID_ERRORS", "GPU_UTIL", "FB_USED", "ROW_REMAP_FAILURE")
_GREW = (
    "ECC_DBE_VOL_TOTAL",
    "ECC_DBE_AGG_TOTAL",
    "UNCORRECTABLE_REMAPPED_ROWS",
    "THERMAL_VIOLATION",
    "POWER_VIOLATION",
    "NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL",
    "NVLINK_CRC_DATA_ERROR_COUNT_TOTAL",
    "NVLINK_REPLAY_ERROR_COUNT_TOTAL",
    "NVLINK_RECOVERY_ERROR_COUNT_TOTAL",
)
_NOW = (
    "GPU_UTIL|MEM_COPY_UTIL|GPU_TEMP|POWER_USAGE|POWER_MGMT_LIMIT|FAN_SPEED|FB_USED|FB_FREE|FB_TOTAL|XID_ERRORS|"
    "CLOCKS_EVENT_REASONS|CLOCK_THROTTLE_REASONS|ROW_REMAP_FAILURE"
)
_HOLDERS = (("namespace", "pod", "container"), ("exported_namespace", "exported_pod", "exported_container"))
_INDEX = re.compile(r"[0-9]{1,4}")
_BLANK = 1e12
"""Source: NVIDIA, DCGM, "blank" values: what a board cannot tell is a number larger than this."""
Found = Iterable[tuple[Mapping[str, str], float]]
Place = tuple[str, int, str]


_MEMORY = ("FB_USED", "FB_FREE", "FB_TOTAL")


def _fullness(part: Mapping[str, float]) -> float:
    """The share of a part's memory that is used; less than none where it does not tell."""
    used, free = part.get("FB_USED", 0.0), part.get("FB_FREE", 0.0)
    total = part.get("FB_TOTAL") or used + free
    return used / total if "FB_USED" in part and total > 0 else -1.0


@dataclass
class _Board:
    """One GPU as its samples come in, by the part of it that they are of; one that is not divided is one part."""

    labels: Mapping[str, str]
    parts: dict[str, dict[str, float]] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)

    @property
    def now(self) -> dict[str, float]:
        """The highest of each field, and the memory of the fullest part, where a program runs out of it first."""
        fields = {name for part in self.parts.values() for name in part}
        highest = {name: max(part[name] for part in self.parts.values() if name in part) for name in fields}
        fullest = max(self.parts.values(), key=_fullness, default={})
        return highest | {name: fullest[name] for name in _MEMORY if name in fullest}


class DcgmGpus:
    """GPUs of one Prometheus."""

    def __init__(self, api: Prometheus) -> None:
        self.name = "dcgm"
        self._api = api

    async def gpus(self, window: Window) -> Sequence[GpuReading]:
        """Return every GPU; those that were exported by pod stand there once, with all the pods that hold them."""
        with telling_of("gpus"):
            return await self._read(window)

    async def _read(self, window: Window) -> Sequence[GpuReading]:
        boards = _boards(await self._api.instant(f'{{__name__=~"{PREFIX}({_NOW})"}}', window.end))
        if not boards:
            return ()
        asked = _did(round(window.duration.total_seconds()))
        during, before = [_fields(await self._api.instant(asked, at)) for at in (window.end, window.start)]
        return [_reading(place, boards[place], during, before, window) for place in sorted(boards)]


def _did(window_s: int) -> str:
    """Write what the fields did as one expression; each term carries its field as a label."""
    highest = [("max_over_time", "highest", name) for name in _HIGHEST]
    grew = [("increase", "grew", name) for name in _GREW]
    return " or ".join(
        f'label_replace({function}({PREFIX}{name}[{window_s}s]), "did", "{did} {name}", "", "")'
        for function, did, name in [*highest, *grew]
    )


def _boards(found: Found) -> dict[Place, _Board]:
    boards: dict[Place, _Board] = {}
    for labels, value in found:
        place = _place(labels)
        if place is None or not abs(value) < _BLANK:
            continue
        board = boards.setdefault(place, _Board(labels))
        part = board.parts.setdefault(labels.get("GPU_I_ID", ""), {})
        part[labels.get("__name__", "").removeprefix(PREFIX)] = value
        holder = _holder(labels)
        if holder:
            board.holders.add(holder)
    return boards


def _fields(found: Found) -> Mapping[tuple[Place, str], float]:
    did: dict[tuple[Place, str], float] = {}
    for labels, value in found:
        place = _place(labels)
        if place is not None and isfinite(value):
            key = (place, labels.get("did", ""))
            did[key] = max(value, did.get(key, value))
    return did


def _place(labels: Mapping[str, str]) -> Place | None:
    """Say which GPU a sample is of; parts of a divided one (MIG) count as the whole."""
    index, node = labels.get("gpu", ""), labels.get("Hostname") or labels.get("node") or labels.get("instance", "")
    return (node, int(index), labels.get("UUID", "")) if _INDEX.fullmatch(index) else None


def _holder(labels: Mapping[str, str]) -> str:
    for names in _HOLDERS:
        namespace, pod, container = (labels.get(name, "") for name in names)
        if pod:
            return "/".join(part for part in (namespace, pod, container) if part)
    return ""


def _reading(
    place: Place,
    board: _Board,
    during: Mapping[tuple[Place, str], float],
    before: Mapping[tuple[Place, str], float],
    window: Window,
) -> GpuReading:
    highest, grew = (_part(during, place, did) for did in ("highest", "grew"))
    highest_before, grew_before = (_part(before, place, did) for did in ("highest", "grew"))
    return GpuReading(
        node=place[0],
        gpu=_gpu(place, board),
        now=board.now,
        highest=highest,
        grew=grew,
        highest_before=highest_before,
        grew_before=grew_before,
        window_s=window.duration.total_seconds(),
    )


def _part(did: Mapping[tuple[Place, str], float], place: Place, what: str) -> dict[str, float]:
    return {
        name.removeprefix(f"{what} "): value
        for (at, name), value in did.items()
        if at == place and name.startswith(f"{what} ")
    }


def _gpu(place: Place, board: _Board) -> Gpu:
    now, labels = board.now, board.labels
    used, free = _whole(now, "FB_USED"), _whole(now, "FB_FREE")
    total = _whole(now, "FB_TOTAL") or (used + free if used is not None and free is not None else None)
    holders = sorted(board.holders)
    return Gpu(
        index=place[1],
        uuid=place[2],
        name=labels.get("modelName", ""),
        driver_version=labels.get("DCGM_FI_DRIVER_VERSION", ""),
        cuda_version=labels.get("DCGM_FI_CUDA_DRIVER_VERSION", ""),
        memory_total_mb=total,
        memory_used_mb=used,
        memory_free_mb=free,
        utilization_gpu_percent=_percent(now, "GPU_UTIL"),
        utilization_memory_percent=_percent(now, "MEM_COPY_UTIL"),
        temperature_celsius=_whole(now, "GPU_TEMP"),
        power_draw_watts=now.get("POWER_USAGE"),
        power_limit_watts=now.get("POWER_MGMT_LIMIT"),
        fan_speed_percent=_percent(now, "FAN_SPEED"),
        processes=tuple(
            GpuProcess(process_name=one, used_memory_mb=used if len(holders) == 1 else None) for one in holders
        ),
    )


def _whole(now: Mapping[str, float], name: str) -> int | None:
    value = now.get(name)
    return None if value is None else round(value)


def _percent(now: Mapping[str, float], name: str) -> int | None:
    value = _whole(now, name)
    return None if value is None else min(max(value, 0), 100)
