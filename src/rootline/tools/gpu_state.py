"""GPUs as lines that can be cited, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.gpu.faults import GpuFault, faults
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.evidence import Reading, SourceName, Truncated
from rootline.domain.fact import ConditionFact, LineProof, TextFact
from rootline.domain.gpu import Gpu, GpuNode
from rootline.domain.window import Window
from rootline.tools.wording import cut, nothing, number

ASKED = "get gpus"
KINDS = frozenset({"gpu", "gpus"})
LINES_SHOWN = 30
FAULTS_SHOWN = 10
SERIOUS = 0.85
"""Source: ours; a fault of the board, which a diagnosis names without being asked about GPUs."""
_BROKEN = frozenset({"gpu_error", "gpu_memory_broken", "gpu_link_errors"})
_OLD_NEWS = 0.4
"""Source: ours; what was so before the window, or is over, explains little of it."""
_HEAD = "NODE GPU NAME USED% MEMORY-MIB TEMP-C POWER-W HELD-BY"


@dataclass(frozen=True, kw_only=True)
class GpuState:
    """The GPUs of a window as a text fact, with their faults, which cite its lines."""

    text: TextFact
    conditions: tuple[ConditionFact, ...]
    gpus: int

    @property
    def serious(self) -> tuple[ConditionFact, ...]:
        """The faults that a diagnosis names."""
        return tuple(one for one in self.conditions if one.score >= SERIOUS)


def nodes(readings: Sequence[GpuReading], window: Window, cluster: str = "") -> list[GpuNode]:
    """Return the nodes with their GPUs, in order."""
    of: dict[str, list[Gpu]] = {}
    for one in readings:
        of.setdefault(one.node, []).append(one.gpu)
    return [
        GpuNode(cluster_name=cluster, node_name=node, gpus=tuple(gpus), last_updated=window.end)
        for node, gpus in sorted(of.items())
    ]


def gpu_state(readings: Sequence[GpuReading], window: Window, name: str = "") -> GpuState:
    """Write GPUs, of one node where it is named, a line each, and the faults found below them."""
    known = [one for one in readings if name in {"", one.node}]
    found = faults(known)
    table = [_row(node.node_name, gpu) for node in nodes(known, window) for gpu in node.gpus]
    lines = [_HEAD, *table, *(cut(f"{one.cause}: {one.words}", 300) for one in found)]
    first = len(lines) - len(found)
    return GpuState(
        text=TextFact(subject="gpus", asked=ASKED, lines=lines),
        conditions=tuple(_condition(one, first + at, lines[first + at]) for at, one in enumerate(found)),
        gpus=len(table),
    )


def gpu_reading(readings: Sequence[GpuReading], name: str, window: Window, backend: SourceName) -> Reading:
    """Answer with the GPUs themselves."""
    state = gpu_state(readings, window, name)
    if not state.gpus:
        known = sorted({one.node for one in readings})
        hints = (f"Nodes with GPUs: {', '.join(known[:8])}",) if known else ()
        reason = "this node has no GPU that DCGM's exporter tells of" if known else "no DCGM exporter is scraped"
        return nothing("gpus", window, backend, subject=name or "gpus", known=bool(known), reason=reason, hints=hints)
    conditions = state.conditions[:FAULTS_SHOWN]
    wrong = [f"[{at}] {_told(one)}" for at, one in enumerate(conditions)]
    rows = [f"{at:>4} {cut(line, 160)}" for at, line in enumerate(state.text.lines[: state.gpus + 1][:LINES_SHOWN])]
    head = f"{state.gpus} GPUs, {len(state.conditions)} faults"
    whole, shown = state.gpus + len(state.conditions), min(state.gpus, LINES_SHOWN - 1) + len(conditions)
    return Reading(
        status="ok",
        summary="\n".join([head, *wrong, f"[{len(state.conditions)}] {ASKED}", *rows]),
        facts=(*state.conditions, state.text),
        source=backend,
        window=window,
        truncated=Truncated(returned=shown, total=whole) if shown < whole else None,
    )


def _row(node: str, gpu: Gpu) -> str:
    limit = f"/{gpu.power_limit_watts:.0f}" if gpu.power_limit_watts is not None else ""
    power = f"{gpu.power_draw_watts:.0f}{limit}" if gpu.power_draw_watts is not None else "?"
    memory = f"{_or(gpu.memory_used_mb)}/{_or(gpu.memory_total_mb)}"
    held = ",".join(one.process_name for one in gpu.processes) or "-"
    used = _or(gpu.utilization_gpu_percent)
    name = gpu.name.replace(" ", "-") or "?"
    return cut(f"{node} {gpu.index} {name} {used} {memory} {_or(gpu.temperature_celsius)} {power} {held}", 300)


def _or(value: int | None) -> str:
    return "?" if value is None else str(value)


def _condition(fault: GpuFault, line: int, quote: str) -> ConditionFact:
    score = fault.strength * (_OLD_NEWS if fault.was_before or not fault.still_present else 1.0)
    subject = f"node/{fault.node}"
    return ConditionFact(
        subject=subject,
        cause=fault.cause,
        mechanism=fault.mechanism,
        family="infrastructure" if fault.cause in _BROKEN else "performance",
        still_present=fault.still_present,
        score=round(score, 4),
        probability=round(score / 2, 4),
        support=[LineProof(asked=ASKED, line=line, quote=quote, subject=subject)],
    )


def _told(one: ConditionFact) -> str:
    over = "" if one.still_present else " (over)"
    return f"{cut(one.support[0].quote, 160)}{over}, strength {number(one.score)}"
