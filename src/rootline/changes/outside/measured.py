"""Causes outside of all changes that numbers measure, and not only words tell."""

import re
from collections.abc import Iterable, Iterator

from rootline.changes.outside.asymmetry import lone
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import NoneReason
from rootline.domain.hypothesis import Remediation

MEASURED, CROWDED, CALLEE, BY_OTHERS = 3.0, 2.5, 3.0, 5.0
ALONE, COPY, PORTION, LARGER = 3.5, 2.5, 2.0, 1.2
"""Source: ours, in logits; what an instrument shows tells more than what an error says."""
# Source: the metric names of node_exporter, the kubelet, cAdvisor, chrony's exporter and the kernel's pressure files.
_CLOCK = re.compile(
    r"(clock|time|ntp|chrony|timex)\w*(offset|skew|drift)|(offset|skew|drift)\w*(clock|ntp)", re.IGNORECASE
)
_PLACE = r"(disk|volume|filesystem|(?<![a-z])(root|node|image|container)?fs|storage)"
_ROOM = re.compile(rf"{_PLACE}\w*(avail|free)", re.IGNORECASE)
_FILLED = re.compile(rf"{_PLACE}\w*(used|usage|full|percent)", re.IGNORECASE)
_CPU_WAIT = re.compile(r"cpu\w*(wait|steal|pressure)|(steal|pressure)\w*cpu|runqueue|run_queue", re.IGNORECASE)
_WIRE = re.compile(
    r"(?<![a-z])(rx|tx|crc|nic|link|carrier|edac|ecc|smart(ctl|mon)?|thermal)\d*(_\w*)?(err|fault|flap|drop|down|change)"
    r"|(tcp|segment)\w*retrans"
    r"|xid_err|temperature",
    re.IGNORECASE,
)
_INPUT = re.compile(
    r"(doc|document|body|payload|message|event|row|record|input|object|subject|line|file|upload|item)s?_(\w+_)?"
    r"(bytes|size|chars|length|len)",
    re.IGNORECASE,
)
_CPU_USED = re.compile(r"cpu_(seconds|usage|time|used|util)", re.IGNORECASE)
_RUNS_OUT = re.compile(r"cert\w*_(days|remaining|valid|left)|not_?after|cert\w*(expir|ttl)", re.IGNORECASE)
_NAMES_FAIL = re.compile(
    r"servfail|nxdomain|(dns|(name|host|addr\w*)_?resol\w*|^resolv\w*)_\w*(err|fail|timeout)", re.IGNORECASE
)
_DEVICE_WAIT = re.compile(
    r"(disk|volume|block|fsync|nvme|\bio|_io)\w*(latency|await|_ms|wait|queue|seconds)", re.IGNORECASE
)
_DEVICE_WORK = re.compile(r"iops|(disk|volume|block|nvme)\w*(ops|bytes|per_sec|throughput)", re.IGNORECASE)


def measured(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield what is shown: a clock that is off, a disk without room, a CPU that others take, a failing callee."""
    clock = _first(_CLOCK, (*symptom.rising, *symptom.falling))
    if clock:
        yield _reason("clock drift", MEASURED, f"{clock} moved", ("clock",)), "reschedule"
    disk = _first(_ROOM, symptom.falling) or _first(_FILLED, symptom.rising)
    if symptom.filled_by_others:
        yield _reason("disk full", BY_OTHERS, symptom.filled_by_others, ()), "scale"
    elif disk:
        yield _reason("disk full", MEASURED, f"{disk} moved", ("disk",)), "scale"
    names = _first(_NAMES_FAIL, symptom.rising)
    if names:
        yield _reason("name resolution down", MEASURED, f"{names} rose", ("dns",)), "escalate-upstream"
    ends = _first(_RUNS_OUT, symptom.falling)
    if ends:
        yield _reason("certificate expired", MEASURED, f"{ends} fell", ("tls",)), "rotate-cert"
    yield from _alone(symptom)
    yield from _larger(symptom)
    waits = _first(_CPU_WAIT, _own(symptom.rising, symptom))
    if waits and not _first(_CPU_USED, _own(symptom.rising, symptom)):
        yield (
            _reason("neighbour takes the CPU", CROWDED, f"{waits} rose, and its own work did not", ("cpu",)),
            "reschedule",
        )
    for one in symptom.outsiders[:1]:
        reason = f"calls to {one[:120]} fail, which shows nothing of itself here"
        yield _reason("provider failure", CALLEE, reason, ("latency", "network", "errors")), "failover"


def is_instrument(metric: str) -> bool:
    """Whether a metric shows by itself a cause outside of all changes: a clock that is off, a disk without room."""
    return any(pattern.search(metric[:200]) for pattern in (_CLOCK, _ROOM, _FILLED))


def is_room(metric: str) -> bool:
    """Whether a metric tells how much room is left on a disk or volume."""
    return bool(_ROOM.search(metric[:200]))


def _alone(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield that only one machine or one portion of the data is ill, while its likes are well."""
    found = {dimension: (moved, stayed) for dimension, moved, stayed in lone(symptom)}
    wire = _first(_WIRE, symptom.rising)
    waits, works = _first(_DEVICE_WAIT, symptom.rising), _first(_DEVICE_WORK, symptom.falling)
    if "machine" in found:
        moved, stayed = found["machine"]
        reason = f"{moved} moved, {stayed} did not"
        yield _reason("node failure", ALONE, reason, ("schedule",)), "reschedule"
    elif "standby" in found:
        moved, stayed = found["standby"]
        reason = f"{moved} moved, {stayed}, which does the same work, did not"
        yield _reason("node failure", ALONE, reason, ("schedule",)), "failover"
    elif "copy" in found:
        moved, stayed = found["copy"]
        reason = f"{moved} moved, {stayed} did not"
        yield _reason("node failure", COPY, reason, ("schedule",)), "reschedule"
    elif waits and works:
        reason = f"{waits} rose while {works} fell: the device does less and takes longer"
        yield _reason("node failure", COPY, reason, ("schedule",)), "reschedule"
    elif wire:
        yield _reason("node failure", MEASURED, f"{wire} rose", ("schedule",)), "reschedule"
    if "portion" in found:
        moved, stayed = found["portion"]
        reason = f"{moved} moved, {stayed} did not"
        yield _reason("poison message", PORTION, reason, ("queue", "parse", "cache")), "purge-bad-data"


def _larger(symptom: Symptom) -> Iterator[tuple[NoneReason, Remediation]]:
    """Yield that what comes in is larger than it was."""
    larger = _first(_INPUT, symptom.rising)
    if larger:
        families = ("cpu", "latency", "parse", "size", "memory", "queue")
        yield _reason("bad data", LARGER, f"{larger} rose", families), "purge-bad-data"


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
