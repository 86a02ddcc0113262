"""Names of services that do not resolve: the wrong resolver, a missing service, an alias into nothing."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.faults.addresses import addresses
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.snapshot import Snapshot

_UNRESOLVED = re.compile(
    r"no such host|UnknownHost|Name or service not known|name resolution|EAI_AGAIN|ENOTFOUND|getaddrinfo"
    r"|could not (?:translate|resolve) host|server misbehaving|NXDOMAIN",
    re.IGNORECASE,
)
_UNANSWERED = re.compile(
    r"lookup \S{1,200} on \S{1,60}:53: .{0,80}(?:i/o timeout|connection refused|server misbehaving|no route)"
    r"|EAI_AGAIN|Temporary failure in name resolution|SERVFAIL",
    re.IGNORECASE,
)
_READ = 600


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Look at the resolvers of pods, at aliases, and at applications without a name."""
    yield from _resolver(snapshot)
    yield from _own_entry(snapshot)
    yield from _alias(snapshot)
    yield from _nameless(snapshot)
    yield from _asked_in_vain(snapshot)


def _asked_in_vain(snapshot: Snapshot) -> Iterator[Candidate]:
    """Applications that cannot resolve a service that exists.

    A resolver that does not answer is the fault of no start-up; "no such host" is how a start-up looks from outside,
    and only a guess where nothing else is found.
    """
    for pattern in snapshot.logs:
        if not _UNRESOLVED.search(pattern.text) and not _UNANSWERED.search(pattern.text):
            continue
        named = [s for s in snapshot.services if s.selector and _looks_up(pattern.text, s.name)]
        for service in named[:1]:
            unanswered = _UNANSWERED.search(pattern.text) is not None
            yield Candidate(
                object=f"app/{pattern.app}",
                cause="service_name_not_resolved",
                score=0.8 if unanswered else 0.3,
                mechanism=f"{pattern.app} cannot resolve {service.name}, although that service exists.",
                support=(pattern.proof, service.proof),
            )


def _looks_up(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text[:_READ]) is not None


def _resolver(snapshot: Snapshot) -> Iterator[Candidate]:
    """Pods that were told to ask another resolver than the cluster's, unless that is the custom here."""
    unusual = [w for w in snapshot.workloads() if w.dns]
    for workload in unusual:
        logged = [p.proof for p in snapshot.logs if p.app == workload.app and _UNRESOLVED.search(p.text)]
        yield Candidate(
            object=f"app/{workload.app}",
            cause="service_name_not_resolved",
            score=0.95 if logged else 0.9 if len(unusual) == 1 else 0.3,
            mechanism=f"{workload.app} does not ask the cluster's resolver, so no service's name resolves there.",
            support=(*workload.dns[:2], *logged[:1]),
        )


def _own_entry(snapshot: Snapshot) -> Iterator[Candidate]:
    """Pods that resolve a service's name by an entry of their own instead of asking."""
    for workload in snapshot.workloads():
        for entry in workload.named("host_alias"):
            service = snapshot.service(entry.name.split(".")[0])
            if service is not None:
                yield Candidate(
                    object=f"app/{workload.app}",
                    cause="service_name_not_resolved",
                    score=0.92,
                    mechanism=f"{workload.app} resolves {service.name} by an entry of its own, not by the cluster.",
                    support=(entry.proof, service.proof),
                )


def _alias(snapshot: Snapshot) -> Iterator[Candidate]:
    """Services that are only another name, in front of an application that runs here."""
    for service in snapshot.services:
        deployment = snapshot.deployment(service.name)
        if service.type == "ExternalName" and deployment is not None:
            yield Candidate(
                object=f"app/{deployment.name}",
                cause="service_name_not_resolved",
                score=0.9,
                mechanism=f"The service {service.name} is an alias for a name outside instead of its own pods.",
                support=(service.proof, deployment.proof),
            )


def _nameless(snapshot: Snapshot) -> Iterator[Candidate]:
    """Applications that are called by a name for which no service exists any more."""
    if not snapshot.services:
        return
    known = [a for w in snapshot.workloads() for a in addresses(w)]
    for deployment in snapshot.deployments:
        name = deployment.name
        if snapshot.service(name) is not None:
            continue
        other = [s.proof for s in snapshot.services if snapshot.backing_app(s) == name]
        callers = [a.proof for a in known if a.host == name]
        unresolved = [p.proof for p in snapshot.logs if name in p.text and _UNRESOLVED.search(p.text)]
        if callers or unresolved:
            yield Candidate(
                object=f"app/{name}",
                cause="service_name_not_resolved",
                score=0.9 if callers and unresolved else 0.85,
                mechanism=f"{name} runs and is called by its name, but no service carries it, so it does not resolve.",
                support=(*unresolved[:1], *callers[:2], *other[:1], deployment.proof),
            )
