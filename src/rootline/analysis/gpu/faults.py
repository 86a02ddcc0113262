"""Faults of a GPU: broken, held back, full, or taken and not used."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rootline.analysis.gpu.readings import GpuReading
from rootline.analysis.gpu.xids import xid

FULL = 0.97
"""Source: ours; the frameworks' caching allocators fail to grow beyond it."""
HELD_BACK = 0.01
"""Source: ours; the share of the window from which being throttled is told."""
IDLE_PERCENT, IDLE_S = 1.0, 1_800.0
"""Source: ours; half an hour without work is longer than a job's start or checkpoint."""
_REASONS: Mapping[int, str] = {
    0x04: "power cap of the software",
    0x08: "slowdown by the hardware",
    0x20: "thermal slowdown by the software",
    0x40: "thermal slowdown by the hardware",
    0x80: "power brake by the hardware",
}
"""Source: NVIDIA, NVML, `nvmlClocksEventReasons`."""
_THERMAL, _POWER = 0x20 | 0x40, 0x04 | 0x80
_EVENTS = ("CLOCKS_EVENT_REASONS", "CLOCK_THROTTLE_REASONS")
_LINKS = (
    "NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL",
    "NVLINK_CRC_DATA_ERROR_COUNT_TOTAL",
    "NVLINK_REPLAY_ERROR_COUNT_TOTAL",
    "NVLINK_RECOVERY_ERROR_COUNT_TOTAL",
)
_MICROSECONDS, _NANOSECONDS = 1e6, 1e9


@dataclass(frozen=True, kw_only=True)
class GpuFault:
    """One fault.

    Attributes:
        node: Where the GPU is.
        index: Which one it is there.
        cause: In snake case, as other causes are.
        mechanism: One sentence.
        words: The line that shows it, with the field and its numbers.
        strength: 0 to 1; what is broken goes before what is only slow, and that before what is wasted.
        still_present: Whether the GPU still shows it at the end of the window.
        was_before: Whether it was so in the window before, too.

    """

    node: str
    index: int
    cause: str
    mechanism: str
    words: str
    strength: float
    still_present: bool = True
    was_before: bool = False


def faults(readings: Iterable[GpuReading]) -> list[GpuFault]:
    """Return what is wrong, worst first; what was so before the window comes after what is new."""
    found = [fault for one in readings for rule in _RULES for fault in rule(one)]
    return sorted(found, key=lambda one: (one.was_before, -one.strength, one.node, one.index, one.cause))


def _fault(one: GpuReading, cause: str, mechanism: str, words: str, strength: float, **more: bool) -> GpuFault:
    what = f"{one.node} gpu {one.gpu.index} {words}"
    return GpuFault(
        node=one.node, index=one.gpu.index, cause=cause, mechanism=mechanism, words=what, strength=strength, **more
    )


def _errors(one: GpuReading) -> Iterator[GpuFault]:
    number = int(one.highest.get("XID_ERRORS", 0.0))
    if number:
        means, before = xid(number), int(one.highest_before.get("XID_ERRORS", 0.0))
        strength = {"hardware": 1.0, "unknown": 0.7, "application": 0.5}[means.origin]
        cause = {"application": "gpu_program_error"}.get(means.origin, "gpu_error")
        words = f"XID_ERRORS {number} ({means.words}), before {before}"
        still = int(one.now.get("XID_ERRORS", 0.0)) == number
        yield _fault(
            one,
            cause,
            f"the driver reported error {number}: {means.words}",
            words,
            strength,
            still_present=still,
            was_before=before == number,
        )


def _memory_errors(one: GpuReading) -> Iterator[GpuFault]:
    double = _grew(one, ("ECC_DBE_VOL_TOTAL", "ECC_DBE_AGG_TOTAL", "UNCORRECTABLE_REMAPPED_ROWS"))
    if double is not None:
        yield _fault(one, "gpu_memory_broken", "memory errors that cannot be corrected were counted", double, 0.95)
    if one.now.get("ROW_REMAP_FAILURE", 0.0) > 0:
        words = f"ROW_REMAP_FAILURE {one.now['ROW_REMAP_FAILURE']:g}"
        was = one.highest_before.get("ROW_REMAP_FAILURE", 0.0) > 0
        yield _fault(
            one, "gpu_memory_broken", "a broken row of memory could not be replaced", words, 0.95, was_before=was
        )


def _link_errors(one: GpuReading) -> Iterator[GpuFault]:
    words = _grew(one, _LINKS)
    if words is not None:
        was = any(one.grew_before.get(name, 0.0) >= 1 for name in _LINKS)
        yield _fault(one, "gpu_link_errors", "transfers between GPUs are repeated or fail", words, 0.85, was_before=was)


def _throttled(one: GpuReading) -> Iterator[GpuFault]:
    for cause, field, bits, words in (
        ("gpu_thermal_throttling", "THERMAL_VIOLATION", _THERMAL, "too hot"),
        ("gpu_power_throttling", "POWER_VIOLATION", _POWER, "at its power limit"),
    ):
        share, before = _share(one.grew, field, one.window_s), _share(one.grew_before, field, one.window_s)
        now = _bits(one.now) & bits
        if share >= HELD_BACK or now:
            why = ", ".join(said for bit, said in _REASONS.items() if now & bit)
            told = f"{field} {share:.1%} of the window, before {before:.1%}" + (f"; now {why}" if why else "")
            yield _fault(
                one,
                cause,
                f"its clocks are held back because it is {words}",
                told,
                0.6 + 0.2 * min(share, 1.0),
                still_present=bool(now) or not any(name in one.now for name in _EVENTS),
                was_before=before >= HELD_BACK,
            )


def _full(one: GpuReading) -> Iterator[GpuFault]:
    total, used = one.gpu.memory_total_mb, one.gpu.memory_used_mb
    if total and used is not None and used / total >= FULL:
        was = one.highest_before.get("FB_USED", 0.0) / total >= FULL
        words = f"FB_USED {used} of {total} MiB"
        yield _fault(one, "gpu_memory_full", "a program that asks for more memory fails", words, 0.75, was_before=was)


def _idle(one: GpuReading) -> Iterator[GpuFault]:
    highest = one.highest.get("GPU_UTIL")
    if one.gpu.processes and highest is not None and highest <= IDLE_PERCENT and one.window_s >= IDLE_S:
        was = one.highest_before.get("GPU_UTIL", 100.0) <= IDLE_PERCENT
        holder = one.gpu.processes[0].process_name
        words = f"GPU_UTIL at most {highest:g} % in the window, held by {holder}"
        yield _fault(one, "gpu_idle", "it is given to a pod that does not use it", words, 0.3, was_before=was)


_RULES: Sequence[Callable[[GpuReading], Iterator[GpuFault]]] = (
    _errors,
    _memory_errors,
    _link_errors,
    _throttled,
    _full,
    _idle,
)


def _grew(one: GpuReading, names: Sequence[str]) -> str | None:
    told = [
        f"{name} +{one.grew[name]:.0f}, before +{one.grew_before.get(name, 0.0):.0f}"
        for name in names
        if one.grew.get(name, 0.0) >= 1
    ]
    return "; ".join(told) or None


def _bits(fields: Mapping[str, float]) -> int:
    return next((int(fields[name]) for name in _EVENTS if name in fields), 0)


def _share(grew: Mapping[str, float], field: str, window_s: float) -> float:
    """Return the share of the window; the exporter documents microseconds, newer drivers count nanoseconds."""
    counted = grew.get(field, 0.0)
    share = counted / _MICROSECONDS / window_s
    return share if share <= 1.05 else counted / _NANOSECONDS / window_s  # noqa: PLR2004 extrapolated by increase()
