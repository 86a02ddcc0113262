"""Health checks that fail because they are written wrongly, not because the application is ill."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import Container, PodDetail, Port, Probe, ServicePort

_FAILED = re.compile(r"^(Liveness|Readiness|Startup) probe (?:failed|errored)")
_WRONG_TONGUE = re.compile(
    r"malformed HTTP|HTTP/1\.x transport connection broken|server gave HTTP response to HTTPS client"
    r"|first record does not look like a TLS|server preface|frame too large|unknown service grpc\.health"
    r"|Unimplemented|does not implement the grpc health|HTTP/0\.9|EOF$|http2: ",
)
_NO_HEALTH = re.compile(r"failed to connect service|context deadline exceeded|Unimplemented")
_ILL = re.compile(r"HTTP probe failed with statuscode: 5\d\d")
"""The port speaks the probe's protocol and says that the application is ill; a 4xx may be another protocol's answer."""
_STATUS = re.compile(r"HTTP probe failed with statuscode: \d+")
_ASKED = re.compile(r"\d\.\d{1,3}:(\d{2,5})\b")
_REWRITTEN = "/app-health/"
_HASTY_S = 12.0
"""A verdict sooner than this kills what merely starts: runtimes need seconds before they listen.

Source: kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
(defaults give a container at least 21 s: period 10 s, three failures, timeout 1 s).
"""


@dataclass(frozen=True, slots=True)
class _Case:
    """A probe of a container with the events of its failures."""

    app: str
    container: Container
    probe: Probe
    failures: tuple[LineProof, ...]
    symptom: tuple[LineProof, ...]


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application that restarts or is not ready because of a probe."""
    for detail in snapshot.details:
        for case in _cases(snapshot, detail):
            found = _wrong_port(snapshot, case)
            if found is None and case.failures:
                found = _wrong_protocol(snapshot, case) or _wrong_timing(snapshot, case)
            if found:
                yield found


def _cases(snapshot: Snapshot, detail: PodDetail) -> Iterator[_Case]:
    pod = next((p for p in snapshot.pods if p.name == detail.name), None)
    declared = snapshot.workload(detail.app)
    names = {c.name for c in declared.containers} if declared else set()
    for container in detail.workload.containers:
        if names and container.name not in names:
            continue
        written = next((c for c in declared.containers if c.name == container.name), None) if declared else None
        for probe in container.probes:
            ours = _as_written(probe, written)
            harmed = container.restarts > 0 if probe.kind != "readiness" else bool(pod and pod.ready < pod.wanted)
            failures = tuple(
                e.proof
                for e in detail.events
                if (found := _FAILED.match(e.message)) and found.group(1).lower() == probe.kind
                if _concerns(e.message, probe)
            )
            if harmed:
                symptom = (pod.proof,) if pod else ()
                yield _Case(detail.app, written or container, ours, failures, symptom)


def _concerns(message: str, probe: Probe) -> bool:
    """Whether a failure can be that of a probe: it names the probe's port, or no port at all."""
    asked = set(_ASKED.findall(message[:400]))
    return not asked or not probe.port.isdecimal() or probe.port in asked


def _as_written(probe: Probe, written: Container | None) -> Probe:
    """The probe of the manifest where a mesh has rewritten the one of the pod."""
    if _REWRITTEN not in probe.path or written is None:
        return probe
    return next((p for p in written.probes if p.kind == probe.kind), probe)


def _candidate(case: _Case, cause: str, score: float, why: str, *lines: LineProof) -> Candidate:
    kind = "startup" if case.probe.kind == "startup" else case.probe.kind
    return Candidate(
        object=f"app/{case.app}",
        cause=cause,
        score=score,
        mechanism=f"The {kind} probe of {case.app} {why}.",
        support=(case.probe.proof, *lines, *case.failures[:1], *case.symptom),
    )


def _side(case: _Case) -> str:
    return "readiness" if case.probe.kind == "readiness" else "liveness"


def _wrong_port(snapshot: Snapshot, case: _Case) -> Candidate | None:
    if case.probe.handler == "exec" or not case.probe.port:
        return None
    known = _listening(snapshot, case)
    if not known or case.probe.port in known:
        return None
    ports = [port.proof for port in case.container.ports][:1]
    why = f"asks port {case.probe.port}, on which the container does not listen"
    score = 0.95 if case.failures else 0.75
    return _candidate(case, f"{_side(case)}_probe_wrong_port", score, why, *ports)


def _listening(snapshot: Snapshot, case: _Case) -> set[str]:
    """Numbers and names of the ports that the container declares or, failing that, is known to serve."""
    declared = _names(case.container.ports)
    if declared:
        return declared
    led_to = {port.target for port in _service_ports(snapshot, case.app)}
    others = {p.port for p in case.container.probes if p.kind != case.probe.kind and p.port}
    return led_to | others


def _names(ports: tuple[Port, ...]) -> set[str]:
    return {str(p.number) for p in ports} | {p.name for p in ports if p.name}


def _service_ports(snapshot: Snapshot, app: str) -> list[ServicePort]:
    return [port for m in snapshot.manifests if m.app == app for s in m.services for port in s.ports]


def _wrong_protocol(snapshot: Snapshot, case: _Case) -> Candidate | None:
    cause = f"{_side(case)}_probe_wrong_protocol"
    why = f"speaks {case.probe.handler} to a port that answers in another protocol"
    garbled = next((line for line in case.failures if _WRONG_TONGUE.search(line.quote)), None)
    if garbled:
        return _candidate(case, cause, 0.95, why, garbled)
    ill = case.probe.handler == "http" and any(_ILL.search(line.quote) for line in case.failures)
    usual = "" if ill else _usual_handler(snapshot, case)
    if usual and usual != case.probe.handler and "exec" not in {usual, case.probe.handler}:
        return _candidate(case, cause, 0.85, why)
    unserved = next((line for line in case.failures if _NO_HEALTH.search(line.quote)), None)
    if unserved and case.probe.handler == "grpc" and _side(case) == "readiness":
        return _candidate(case, cause, 0.65, why, unserved)
    refused = next((line for line in case.failures if _STATUS.search(line.quote)), None)
    if refused:
        return _candidate(case, cause, 0.5 if ill else 0.62, why, refused)
    return None


def _usual_handler(snapshot: Snapshot, case: _Case) -> str:
    """What the container's other probe on that port speaks, or else what most neighbours' probes speak."""
    others = [p for p in case.container.probes if p.kind != case.probe.kind and p.port == case.probe.port]
    if others:
        return others[0].handler
    neighbours = Counter(
        p.handler
        for w in snapshot.workloads()
        if w.app != case.app
        for c in w.containers
        for p in c.probes
        if p.kind == case.probe.kind
    )
    name, votes = neighbours.most_common(1)[0] if neighbours else ("", 0)
    return name if votes >= 3 and votes > sum(neighbours.values()) / 2 else ""  # noqa: PLR2004 a majority of a few


def _wrong_timing(snapshot: Snapshot, case: _Case) -> Candidate | None:
    if case.probe.kind == "readiness":
        return None
    patience = case.probe.patience_s
    usual = _usual_patience(snapshot, case)
    why = f"gives the container only {patience:g} s before it is killed"
    if patience <= _HASTY_S:
        return _candidate(case, "liveness_probe_too_early", 0.9, why)
    if usual and patience < usual / 2:
        return _candidate(case, "liveness_probe_too_early", 0.8, why)
    return _candidate(case, "liveness_probe_too_early", 0.35, why)


def _usual_patience(snapshot: Snapshot, case: _Case) -> float:
    others = [
        p.patience_s
        for w in snapshot.workloads()
        for c in w.containers
        for p in c.probes
        if p.kind in {"liveness", "readiness"} and (w.app, p.kind) != (case.app, case.probe.kind)
    ]
    return median(others) if others else 0.0
