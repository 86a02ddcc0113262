"""Applications that call an address nobody answers: the wrong host, the wrong port, a name that does not resolve."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from rootline.analysis.cluster.faults.addresses import Address, addresses
from rootline.analysis.cluster.faults.database import is_store
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import LogPattern, Service
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_UNRESOLVED = re.compile(
    r"no such host|UnknownHost|Name or service not known|name resolution|EAI_AGAIN|ENOTFOUND|getaddrinfo"
    r"|could not (?:translate|resolve) host|server misbehaving|NXDOMAIN",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"_?(?:SERVICE)?_?(?:ADDR|ADDRESS|HOST|HOSTNAME|URL|URI|ENDPOINT|SERVER)$", re.IGNORECASE)
_ALIKE = 0.75
"""Similarity of two names from which one is taken for a slip of the other."""


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
    yield from _resolver(snapshot)
    yield from _nameless(snapshot, known)


def _symptoms(snapshot: Snapshot, app: str) -> list[LineProof]:
    return [p.proof for p in snapshot.pods_of(app) if not p.healthy or p.restarts]


def _complaints(snapshot: Snapshot, app: str, host: str) -> list[LogPattern]:
    return [p for p in snapshot.logs if p.app == app and host in p.text]


def _port(snapshot: Snapshot, address: Address, service: Service, known: list[Address]) -> Candidate:
    """The caller and the service disagree about a port: side with the container, else with other callers."""
    app = snapshot.backing_app(service)
    workload = snapshot.workload(app)
    declared = {p.number for p in workload.ports} if workload else set()
    votes = Counter(a.port for a in known if a.host == address.host)
    offered = {p for p, _ in service.ports}
    blamed_service = address.port in declared and not offered & declared
    blamed_service |= len(votes) == 1 and votes[address.port] > 1
    logged = [p.proof for p in _complaints(snapshot, address.app, address.host)]
    support = (address.port_proof, service.proof, *logged[:1], *_symptoms(snapshot, address.app)[:1])
    if blamed_service:
        why = f"{app} is called on port {address.port}, but its service offers another."
        return Candidate(
            object=f"app/{app}", cause="service_port_mapping_mismatch", score=0.9, mechanism=why, support=support
        )
    store = is_store(snapshot, app)
    return Candidate(
        object=f"app/{address.app}",
        cause="mysql_invalid_port" if store else "service_env_var_address_mismatch",
        score=0.95,
        mechanism=f"{address.app} calls {address.host} on port {address.port}, which the service does not offer.",
        support=support,
    )


def _unknown_host(snapshot: Snapshot, address: Address, known: list[Address]) -> Iterator[Candidate]:
    if "." in address.domain and not address.domain.startswith(f"{snapshot.namespace}."):
        outside = not address.domain.endswith(("svc", "cluster.local"))
        if outside:
            return
    logged = [p.proof for p in _complaints(snapshot, address.app, address.host)]
    twins = [s for s in snapshot.services if _alike(s.name, address.host)]
    others = {a.app for a in known if a.host == address.host and a.app != address.app}
    if others:
        return
    score = 0.93 if logged else 0.88 if twins else 0.05
    yield Candidate(
        object=f"app/{address.app}",
        cause="service_env_var_address_mismatch",
        score=score,
        mechanism=f"{address.app} calls {address.host}, and there is no service of that name.",
        support=(address.proof, *logged[:1], *[s.proof for s in twins[:1]], *_symptoms(snapshot, address.app)[:1]),
    )


def _alike(one: str, other: str) -> bool:
    return one != other and SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _stranger(snapshot: Snapshot, address: Address, service: Service) -> Iterator[Candidate]:
    """A variable that is named after one service and holds the address of another."""
    if address.domain and address.domain.split(".")[0] not in {snapshot.namespace, "svc"}:
        why = f"{address.app} calls {address.host} in another namespace than its own."
        yield _mismatch(snapshot, address, 0.9, why, [service])
        return
    root = _plain(_SUFFIX.sub("", address.variable))
    meant = [s for s in snapshot.services if root and _plain(s.name) in {root, f"{root}service"}]
    if meant and service not in meant:
        why = f"{address.app} has the address of {service.name} where that of {meant[0].name} belongs."
        yield _mismatch(snapshot, address, 0.9, why, meant)


def _mismatch(snapshot: Snapshot, address: Address, score: float, why: str, services: list[Service]) -> Candidate:
    return Candidate(
        object=f"app/{address.app}",
        cause="service_env_var_address_mismatch",
        score=score,
        mechanism=why,
        support=(address.proof, *[s.proof for s in services[:1]], *_symptoms(snapshot, address.app)[:1]),
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _resolver(snapshot: Snapshot) -> Iterator[Candidate]:
    """Pods that were told to ask another resolver than the cluster's."""
    for workload in snapshot.workloads():
        logged = [p.proof for p in snapshot.logs if p.app == workload.app and _UNRESOLVED.search(p.text)]
        if workload.dns:
            yield Candidate(
                object=f"app/{workload.app}",
                cause="service_dns_resolution_failure",
                score=0.95 if logged else 0.88,
                mechanism=f"{workload.app} does not ask the cluster's resolver, so names of services do not resolve.",
                support=(*workload.dns[:2], *logged[:1]),
            )


def _nameless(snapshot: Snapshot, known: list[Address]) -> Iterator[Candidate]:
    """Applications that are called by a name for which no service exists any more."""
    served = {snapshot.backing_app(s) for s in snapshot.services}
    for deployment in snapshot.deployments:
        name = deployment.name
        if snapshot.service(name) is not None or name in served:
            continue
        callers = [a.proof for a in known if a.host == name]
        unresolved = [p.proof for p in snapshot.logs if name in p.text and _UNRESOLVED.search(p.text)]
        if callers or unresolved:
            yield Candidate(
                object=f"app/{name}",
                cause="service_dns_resolution_failure",
                score=0.85,
                mechanism=f"{name} runs, but no service carries its name, so the name does not resolve.",
                support=(*unresolved[:1], *callers[:2], deployment.proof),
            )
