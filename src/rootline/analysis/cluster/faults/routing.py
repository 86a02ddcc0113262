"""Services that do not lead to their pods: selector, target port, protocol."""

from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Endpoint, Service
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import ServicePort, ServiceSpec, Workload

_DATAGRAM_PORTS = {53, 67, 68, 69, 123, 161, 162, 500, 514, 4789, 5775, 6831, 6832, 8125, 8472}
"""Ports whose protocols run over UDP.

Source: IANA Service Name and Transport Protocol Port Number Registry; the ports of Jaeger's agent and StatsD.
"""


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Compare each service with the pods it should lead to."""
    for service in snapshot.services:
        spec = next((s for s in snapshot.service_specs() if s.name == service.name), None)
        yield from _selector(snapshot, service, spec)
        yield from _protocol(snapshot, service, spec)
        yield from _target(snapshot, service, spec)


def _endpoint(snapshot: Snapshot, service: Service) -> Endpoint | None:
    return next((e for e in snapshot.endpoints if e.service == service.name), None)


def _failures(snapshot: Snapshot, service: Service) -> list[LineProof]:
    return [r.proof for r in snapshot.reaches if r.service == service.name and not r.reached]


def _owner(snapshot: Snapshot, service: Service) -> str:
    """The application that a service is meant for, going by its name; empty when none is called so."""
    named = [app for app in snapshot.apps() if service.name == app or service.name.startswith(f"{app}-")]
    return max(named, key=len, default="")


def _selector(snapshot: Snapshot, service: Service, spec: ServiceSpec | None) -> Iterator[Candidate]:
    owner = _owner(snapshot, service)
    template, deployment = snapshot.workload(owner), snapshot.deployment(owner)
    held = (template.labels if template else {}) or (deployment.selector if deployment else {})
    if not owner or not service.selector or not held or service.selector.items() <= held.items():
        return
    elsewhere = any(service.selector.items() <= d.selector.items() for d in snapshot.deployments)
    if template is None and elsewhere and service.name != owner:
        return
    endpoint = _endpoint(snapshot, service)
    own = {p.ip for p in snapshot.pods_of(owner)}
    leads_on = endpoint is not None and any(host in own for host, _ in endpoint.addresses)
    shown = [p.proof for p in ([template] if template else []) + ([deployment] if deployment else [])]
    lines = [service.proof, *([spec.proof] if spec else []), *shown, *_line(None if leads_on else endpoint)]
    yield Candidate(
        object=f"app/{owner}",
        cause="service_selects_no_pod",
        score=0.3 if leads_on else 0.95 if (template or endpoint) else 0.85,
        mechanism=f"The service {service.name} selects labels that the pods of {owner} do not carry.",
        support=(*lines, *_failures(snapshot, service)[:1]),
        against=_line(endpoint) if leads_on else (),
    )


def _protocol(snapshot: Snapshot, service: Service, spec: ServiceSpec | None) -> Iterator[Candidate]:
    app = snapshot.backing_app(service)
    workload = snapshot.workload(app)
    for number, protocol in service.ports:
        if protocol == "TCP" or number in _DATAGRAM_PORTS or any(p == "TCP" for _, p in service.ports):
            continue
        spoken = {p.protocol for p in workload.ports} if workload else set()
        if protocol in spoken:
            continue
        asked = [p.proof for p in (spec.ports if spec else ()) if p.protocol == protocol]
        yield Candidate(
            object=f"app/{app}",
            cause="service_protocol_wrong",
            score=0.95 if spoken else 0.85,
            mechanism=f"The service {service.name} forwards {protocol}, but {app} speaks TCP.",
            support=(
                service.proof,
                *asked[:1],
                *([p.proof for p in workload.ports][:1] if workload else []),
                *_failures(snapshot, service)[:1],
            ),
        )


def _target(snapshot: Snapshot, service: Service, spec: ServiceSpec | None) -> Iterator[Candidate]:
    app = snapshot.backing_app(service)
    workload = snapshot.workload(app)
    endpoint = _endpoint(snapshot, service)
    missed = _missed(spec, workload) if spec and workload else None
    if missed:
        yield _mapping(snapshot, service, app, 0.95, (missed.proof, *_declared(workload), *_line(endpoint)))
    elif endpoint and workload and (strayed := _strays(endpoint, workload)):
        yield _mapping(snapshot, service, app, 0.9, (*_line(endpoint), *_declared(workload), *strayed))
    elif endpoint and not endpoint.addresses and _serves(snapshot, service, app):
        yield _mapping(snapshot, service, app, 0.7, (*_line(endpoint), service.proof))


def _mapping(snapshot: Snapshot, service: Service, app: str, score: float, lines: tuple[LineProof, ...]) -> Candidate:
    return Candidate(
        object=f"app/{app}",
        cause="service_target_port_wrong",
        score=score,
        mechanism=f"The service {service.name} leads to a port on which {app} does not listen.",
        support=(*lines, *_failures(snapshot, service)[:1]),
    )


def _missed(spec: ServiceSpec, workload: Workload) -> ServicePort | None:
    """The first service port whose target no container declares."""
    declared = {str(p.number) for p in workload.ports} | {p.name for p in workload.ports if p.name}
    numbers = {str(p.number) for p in workload.ports}
    if not declared:
        return None
    wrong = (p for p in spec.ports if p.target not in (numbers if p.target.isdecimal() else declared))
    return next(wrong, None)


def _strays(endpoint: Endpoint, workload: Workload) -> list[LineProof]:
    numbers = {p.number for p in workload.ports}
    if not numbers or not endpoint.addresses:
        return []
    return [endpoint.proof] if not {port for _, port in endpoint.addresses} & numbers else []


def _serves(snapshot: Snapshot, service: Service, app: str) -> bool:
    """Whether pods that the service selects are ready, so that only the port can be wrong."""
    deployment = snapshot.deployment(app)
    selects = deployment and service.selector.items() <= deployment.selector.items()
    return bool(selects and deployment and deployment.ready > 0)


def _declared(workload: Workload | None) -> list[LineProof]:
    return [p.proof for p in workload.ports][:1] if workload else []


def _line(endpoint: Endpoint | None) -> tuple[LineProof, ...]:
    return (endpoint.proof,) if endpoint else ()
