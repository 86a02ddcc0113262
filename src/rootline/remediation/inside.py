"""A plan is for one cluster: of several, only what is known of that one enters it, under the names it has there."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rootline.analysis.cluster.query import TO_CLUSTER, is_of_cluster
from rootline.domain.evidence import Evidence, clusters_of
from rootline.domain.fact import (
    AnyFact,
    ConditionFact,
    EdgeFact,
    LineProof,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.plan import Action
from rootline.domain.service_key import ServiceKey
from rootline.errors import ToolFault
from rootline.remediation.names import Open, is_object_name

_MOST_TOLD = 4
_KUBECTL = re.compile(r"\bkubectl (?=-|[a-z])")


def cluster_of(subject: str, evidence: Mapping[str, Evidence]) -> str:
    """Return the cluster of a subject: the one it names or the only one that knows it; empty where there is but one.

    Raises:
        ToolFault: It names none, and several know it.

    """
    clusters = clusters_of(evidence.values())
    own = ServiceKey.of(subject, clusters)
    if own.cluster in clusters:
        return own.cluster
    keys = (ServiceKey.of(one.subject, clusters) for each in evidence.values() for one in each.reading.facts)
    known = sorted({key.cluster for key in keys if key.name == own.name and key.cluster in clusters})
    if len(known) > 1:
        where = " or ".join(f"{one}/{subject}"[:80] for one in known[:_MOST_TOLD])
        raise ToolFault(f"{subject[:60]!r} is known in {len(known)} clusters. Plan for one of them: {where}.")
    return known[0] if known else ""


def inside(cluster: str, evidence: Mapping[str, Evidence]) -> Mapping[str, Evidence]:
    """Return what the evidence knows of one of several clusters, each thing named as that cluster names it."""
    clusters = clusters_of(evidence.values())
    if cluster not in clusters:
        return evidence
    found = {}
    for label, one in evidence.items():
        facts = tuple(_named(fact, cluster) for fact in one.reading.facts if _is_near(fact, cluster, clusters))
        found[label] = one.model_copy(update={"reading": one.reading.model_copy(update={"facts": facts})})
    return found


def bare(name: str, cluster: str) -> str:
    """Return a name without its cluster."""
    return name.removeprefix(f"{cluster}/") if cluster else name


def addressed(actions: Iterable[Action], cluster: str) -> tuple[Action, ...]:
    """Let every kubectl command wait until a person has named the context of the cluster that it is for."""
    if not cluster:
        return tuple(actions)
    where = f"name the kubectl context of {cluster if is_object_name(cluster) else 'the cluster'}"
    to = f"kubectl --context {Open('CONTEXT', where)} "

    def addressed_one(one: Action) -> Action:
        commands = tuple(_KUBECTL.sub(lambda _: to, command) for command in one.commands)
        return one.model_copy(update={"commands": commands, "rollback": _KUBECTL.sub(lambda _: to, one.rollback)})

    return tuple(addressed_one(one) for one in actions)


def _is_near(fact: AnyFact, cluster: str, clusters: frozenset[str]) -> bool:
    if isinstance(fact, TextFact):
        return is_of_cluster(fact.asked, cluster) or TO_CLUSTER not in fact.asked
    name = fact.service if isinstance(fact, SeriesFact | OperationFact) else fact.subject
    return ServiceKey.of(name, clusters).cluster not in clusters - {cluster}


def _named(fact: AnyFact, cluster: str) -> AnyFact:
    told: dict[str, object] = {"subject": bare(fact.subject, cluster)}
    if isinstance(fact, SeriesFact | OperationFact):
        told["service"] = bare(fact.service, cluster)
    if isinstance(fact, EdgeFact):
        told["callee"] = bare(fact.callee, cluster)
    if isinstance(fact, ServiceFact):
        told |= {field: _all(getattr(fact, field), cluster) for field in ("callers", "callees", "victims")}
    if isinstance(fact, ConditionFact):
        told |= {field: [_proof(one, cluster) for one in getattr(fact, field)] for field in ("support", "against")}
    if isinstance(fact, TextFact):
        told = dict.fromkeys(("subject", "asked"), fact.asked.removesuffix(f"{TO_CLUSTER}{cluster}"))
    return fact.model_copy(update=told)


def _all(names: Sequence[str], cluster: str) -> list[str]:
    return [bare(one, cluster) for one in names]


def _proof(one: LineProof, cluster: str) -> LineProof:
    asked = one.asked.removesuffix(f"{TO_CLUSTER}{cluster}")
    return one.model_copy(update={"asked": asked, "subject": bare(one.subject, cluster)})
