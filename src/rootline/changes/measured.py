"""Causes outside of all changes that numbers measure, and not only words tell."""

import re
from collections.abc import Iterable, Iterator

from rootline.changes.symptom import Symptom
from rootline.changes.verdict import NoneReason
from rootline.domain.hypothesis import Remediation

MEASURED, CROWDED, CALLEE = 3.0, 2.5, 3.0
"""Source: ours, in logits; what an instrument shows tells more than what an error says."""
# Source: the metric names of node_exporter, the kubelet, cAdvisor, chrony's exporter and the kernel's pressure files.
_CLOCK = re.compile(
    r"(clock|time|ntp|chrony|timex)\w*(offset|skew|drift)|(offset|skew|drift)\w*(clock|ntp)", re.IGNORECASE
)
_ROOM = re.compile(r"(disk|volume|filesystem|fs|storage)\w*(avail|free)", re.IGNORECASE)
_FILLED = re.compile(r"(disk|volume|filesystem|fs|storage)\w*(used|usage|full|percent)", re.IGNORECASE)
_CPU_WAIT = re.compile(r"cpu\w*(wait|steal|pressure)|(steal|pressure)\w*cpu|runqueue|run_queue", re.IGNORECASE)
_CPU_USED = re.compile(r"cpu_(seconds|usage|time|used|util)", re.IGNORECASE)


def measured(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield what is shown: a clock that is off, a disk without room, a CPU that others take, a failing callee."""
    clock = _first(_CLOCK, (*symptom.rising, *symptom.falling))
    if clock:
        yield _reason("clock drift", MEASURED, f"{clock} moved", ("clock",)), "reschedule"
    disk = _first(_ROOM, symptom.falling) or _first(_FILLED, symptom.rising)
    if disk:
        yield _reason("disk full", MEASURED, f"{disk} moved", ("disk",)), "scale"
    waits = _first(_CPU_WAIT, _own(symptom.rising, symptom))
    if waits and not _first(_CPU_USED, _own(symptom.rising, symptom)):
        yield (
            _reason("neighbour takes the CPU", CROWDED, f"{waits} rose, and its own work did not", ("cpu",)),
            "reschedule",
        )
    for one in symptom.outsiders[:1]:
        reason = f"calls to {one[:120]} fail, which shows nothing of itself here"
        yield _reason("provider failure", CALLEE, reason, ("latency", "network", "errors")), "failover"


def is_refuted(name: str, symptom: Symptom) -> bool:
    """Whether the instruments that would show a cause were read, and none of them moved."""
    pattern = {"clock drift": _CLOCK, "disk full": _ROOM}.get(name)
    moved = (*symptom.rising, *symptom.falling)
    return pattern is not None and bool(_first(pattern, symptom.steady)) and not _first(pattern, moved)


def _reason(name: str, weight: float, reason: str, families: tuple[str, ...]) -> NoneReason:
    return NoneReason(name=name, weight=weight, reason=reason, families=families)


def _own(moved: Iterable[str], symptom: Symptom) -> list[str]:
    return [one for one in moved if not symptom.service or one.endswith(f" of {symptom.service}")]


def _first(pattern: re.Pattern[str], moved: Iterable[str]) -> str:
    return next((one[:200] for one in moved if pattern.search(one.partition(" of ")[0][:200])), "")
