"""Applications that call an address nobody answers: the wrong host or the wrong port."""

import re
from collections import Counter
from collections.abc import Iterator

from rootline.analysis.cluster.faults.addresses import Address, addresses
from rootline.analysis.cluster.faults.database import is_sql
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.names import plain, slip_of
from rootline.analysis.cluster.objects import Service
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_SUFFIX = re.compile(r"_?(?:SERVICE)?_?(?:ADDR|ADDRESS|HOST|HOSTNAME|URL|URI|ENDPOINT|SERVER)$", re.IGNORECASE)
_GATE = re.compile(r"ROUTE|GATEWAY|UPSTREAM|PROXY|BACKEND", re.IGNORECASE)


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Check each address that was read against the services that exist."""
    if not snapshot.services:
        return
    known = [a for w in snapshot.workloads() for a in addresses(w)]
    for address in known:
        service = snapshot.service(address.host)
        if service is None:
            yield from _unknown_host(snapshot, address, known)
        elif address.port and service.ports and address.port not in {p for p, _ in service.ports}:
            yield _port(snapshot, address, service, known)
        else:
            yield from _stranger(snapshot, address, service)


def _complaints(snapshot: Snapshot, app: str, host: str) -> list[LineProof]:
    return [p.proof for p in snapshot.logs if p.app == app and host in p.text]


def _port(snapshot: Snapshot, address: Address, service: Service, known: list[Address]) -> Candidate:
    """The caller and the service disagree about a port: side with the container, else with other callers."""
    app = snapshot.backing_app(service)
    votes = Counter(a.port for a in known if a.host == address.host)
    unanimous = len(votes) == 1 and votes[address.port] > 1
    logged = _complaints(snapshot, address.app, address.host)
    support = (address.port_proof, service.proof, *logged[:1], *snapshot.unwell(address.app)[:1])
    if unanimous or _misses_its_pods(snapshot, service, app):
        why = f"{app} is called on port {address.port}, but its service offers another."
        return Candidate(
            object=f"app/{app}", cause="service_target_port_wrong", score=0.9, mechanism=why, support=support
        )
    workload = snapshot.workload(app)
    contested = workload is not None and address.port in {p.number for p in workload.ports}
    return Candidate(
        object=f"app/{address.app}",
        cause="database_port_wrong" if is_sql(snapshot, app) else _cause(address),
        score=0.85 if contested else 0.95,
        mechanism=f"{address.app} calls {address.host} on port {address.port}, which the service does not offer.",
        support=support,
    )


def _misses_its_pods(snapshot: Snapshot, service: Service, app: str) -> bool:
    spec = next((s for s in snapshot.service_specs() if s.name == service.name), None)
    workload = snapshot.workload(app)
    declared = {str(p.number) for p in workload.ports} | {p.name for p in workload.ports} if workload else set()
    return bool(spec and declared and not {p.target for p in spec.ports} & declared)


def _cause(address: Address) -> str:
    return "route_leads_elsewhere" if _GATE.search(address.variable) else "address_in_environment_wrong"


def _unknown_host(snapshot: Snapshot, address: Address, known: list[Address]) -> Iterator[Candidate]:
    if _outside(snapshot, address) or snapshot.deployment(address.host) is not None:
        return
    if any(a.host == address.host and a.app != address.app for a in known):
        return
    logged = _complaints(snapshot, address.app, address.host)
    meant = _meant(snapshot, address) or [s for s in snapshot.services if slip_of(s.name, address.host)]
    unwell = snapshot.unwell(address.app)
    yield Candidate(
        object=f"app/{address.app}",
        cause=_cause(address),
        score=0.93 if logged else 0.9 if meant else 0.6 if unwell else 0.05,
        mechanism=f"{address.app} calls {address.host}, and there is no service of that name.",
        support=(
            address.proof,
            *logged[:1],
            *[s.proof for s in meant[:1]],
            *unwell[:1],
        ),
    )


def _outside(snapshot: Snapshot, address: Address) -> bool:
    """Whether an address cannot be judged here: a pod behind a headless service, or another namespace's."""
    first = address.domain.split(".")[0]
    return snapshot.service(first) is not None or first not in {"", "svc", snapshot.namespace}


def _meant(snapshot: Snapshot, address: Address) -> list[Service]:
    """The service that a variable is named after."""
    root = plain(_SUFFIX.sub("", address.variable))
    return [s for s in snapshot.services if root and plain(s.name) in {root, f"{root}service"}]


def _stranger(snapshot: Snapshot, address: Address, service: Service) -> Iterator[Candidate]:
    """A variable that is named after one service and holds the address of another, or of its namesake."""
    meant = _meant(snapshot, address)
    if address.domain and address.domain.split(".")[0] not in {snapshot.namespace, "svc"}:
        why = f"{address.app} calls {address.host} in another namespace than its own."
        yield _mismatch(snapshot, address, why, [service])
    elif meant and service not in meant:
        why = f"{address.app} has the address of {service.name} where that of {meant[0].name} belongs."
        yield _mismatch(snapshot, address, why, meant)


def _mismatch(snapshot: Snapshot, address: Address, why: str, services: list[Service]) -> Candidate:
    return Candidate(
        object=f"app/{address.app}",
        cause=_cause(address),
        score=0.9,
        mechanism=why,
        support=(address.proof, *[s.proof for s in services[:1]], *snapshot.unwell(address.app)[:1]),
    )
