"""Objects out of the tables of `kubectl get`."""

import re
from collections import Counter
from dataclasses import replace

from rootline.analysis.cluster.objects import (
    Claim,
    Deployment,
    Endpoint,
    Event,
    Node,
    Pod,
    Quota,
    Service,
    Volume,
)
from rootline.analysis.cluster.proof import proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.tables import rows
from rootline.analysis.cluster.text import age_s, numbered, quantity, whole

_COUNTS = re.compile(r"^(\d+)/(\d+)$")
_RESTARTS = re.compile(r"^(\d+)(?: \((\w+) ago\))?")
_PORT = re.compile(r"(\d{1,5})(?::\d{1,5})?/(TCP|UDP|SCTP)")
_ADDRESS = re.compile(r"([\da-fA-F.:]{2,45}):(\d{1,5})")
_EVENT = re.compile(r"^(\S+) +(Normal|Warning) +(\S+) +([a-zA-Z]+/\S+) *(.*)$")
_QUOTA = re.compile(r"([a-z][\w./-]{0,100}): {0,8}(\w[\w.]{0,30})/(\w[\w.]{0,30})")
_HEADS = {"master", "control-plane", "controlplane", "etcd"}
_MINIMUM_TO_STAND_OUT = 2
_SHORT_MODES = {
    "RWO": "ReadWriteOnce",
    "ROX": "ReadOnlyMany",
    "RWX": "ReadWriteMany",
    "RWOP": "ReadWriteOncePod",
}


def labels(text: str) -> dict[str, str]:
    """Labels or a selector as kubectl prints them: `app=web,tier=front`."""
    pairs = (part.split("=", 1) for part in text.split(",") if "=" in part)
    return {key.strip(): value.strip() for key, value in pairs}


def modes(words: list[str]) -> frozenset[str]:
    """Access modes by their long names."""
    return frozenset(_SHORT_MODES.get(word.strip(), word.strip()) for word in words if word.strip())


def pods(query: ClusterQuery, text: str) -> list[Pod]:
    """The list of pods; the application is not known yet."""
    found = []
    for row in rows(text):
        ready, wanted = _of(row.cell("READY"))
        again = _RESTARTS.match(row.cell("RESTARTS"))
        found.append(
            Pod(
                name=row.cell("NAME"),
                app="",
                ready=ready,
                wanted=wanted,
                status=row.cell("STATUS"),
                restarts=whole(again.group(1)) if again else 0,
                restarted_s=age_s(again.group(2)) if again and again.group(2) else None,
                age_s=age_s(row.cell("AGE")),
                node=row.cell("NODE"),
                ip=row.cell("IP"),
                proof=proof_at(query, row, f"pod/{row.cell('NAME')}"),
            )
        )
    return found


def _of(text: str) -> tuple[int, int]:
    found = _COUNTS.match(text)
    return (whole(found.group(1)), whole(found.group(2))) if found else (0, 0)


def deployments(query: ClusterQuery, text: str) -> list[Deployment]:
    """The list of deployments, or of stateful sets."""
    found = []
    for row in rows(text):
        ready, wanted = _of(row.cell("READY"))
        found.append(
            Deployment(
                name=row.cell("NAME"),
                ready=ready,
                wanted=wanted,
                current=whole(row.cell("UP-TO-DATE"), wanted),
                images=tuple(i for i in row.cell("IMAGES").split(",") if i),
                selector=labels(row.cell("SELECTOR")),
                proof=proof_at(query, row, f"{query.kind.removesuffix('s')}/{row.cell('NAME')}"),
            )
        )
    return found


def short_replica_sets(text: str) -> list[str]:
    """The names of the replica sets that have fewer pods than they want."""
    counted = [(row.cell("NAME"), whole(row.cell("DESIRED"), 0), whole(row.cell("CURRENT"), 0)) for row in rows(text)]
    return [name for name, wanted, held in counted if held < wanted]


def services(query: ClusterQuery, text: str) -> list[Service]:
    """The list of services."""
    return [
        Service(
            name=row.cell("NAME"),
            type=row.cell("TYPE"),
            cluster_ip=row.cell("CLUSTER-IP"),
            ports=tuple((whole(p), proto) for p, proto in _PORT.findall(row.cell("PORT(S)"))),
            selector=labels(row.cell("SELECTOR")),
            proof=proof_at(query, row, f"service/{row.cell('NAME')}"),
        )
        for row in rows(text)
    ]


def nodes(query: ClusterQuery, text: str) -> list[Node]:
    """The list of nodes."""
    found = []
    for row in rows(text):
        states = row.cell("STATUS").split(",")
        roles = set(row.cell("ROLES").split(","))
        found.append(
            Node(
                name=row.cell("NAME"),
                ready="Ready" in states,
                cordoned="SchedulingDisabled" in states,
                control_plane=bool(roles & _HEADS),
                role=row.cell("ROLES"),
                age_s=age_s(row.cell("AGE")),
                proof=proof_at(query, row, f"node/{row.cell('NAME')}"),
            )
        )
    return found


def with_heads(found: list[Node]) -> list[Node]:
    """Nodes whose control plane is recognised by its place where its role has an unusual name.

    A cordoned node that alone has its role, while all others share one, is the control plane.
    """
    if any(node.control_plane for node in found) or len(found) <= _MINIMUM_TO_STAND_OUT:
        return found
    shared = Counter(node.role for node in found)
    return [replace(n, control_plane=n.cordoned and shared[n.role] == 1 and len(shared) == 2) for n in found]  # noqa: PLR2004 its role and that of all others


def events(query: ClusterQuery, text: str) -> list[Event]:
    """The list of events, with or without its title line."""
    found = []
    for line in numbered(text):
        cells = _EVENT.match(line.text)
        if cells:
            seen, level, reason, subject, message = cells.groups()
            proof = proof_at(query, line, subject)
            found.append(
                Event(
                    subject=subject,
                    warning=level == "Warning",
                    reason=reason,
                    message=message,
                    age_s=age_s(seen),
                    proof=proof,
                )
            )
    return found


def claims(query: ClusterQuery, text: str) -> list[Claim]:
    """The list of claims; capacity and modes are those of the volume that was bound."""
    return [
        Claim(
            name=row.cell("NAME"),
            status=row.cell("STATUS"),
            storage_class=row.cell("STORAGECLASS"),
            capacity=quantity(row.cell("CAPACITY")),
            modes=modes(row.cell("ACCESS MODES").split(",")),
            labels={},
            volume=row.cell("VOLUME"),
            proof=proof_at(query, row, f"persistentvolumeclaim/{row.cell('NAME')}"),
        )
        for row in rows(text)
    ]


def volumes(query: ClusterQuery, text: str) -> list[Volume]:
    """The list of persistent volumes."""
    return [
        Volume(
            name=row.cell("NAME"),
            status=row.cell("STATUS"),
            claim=row.cell("CLAIM"),
            storage_class=row.cell("STORAGECLASS"),
            capacity=quantity(row.cell("CAPACITY")),
            modes=modes(row.cell("ACCESS MODES").split(",")),
            labels=labels(row.cell("LABELS")),
            proof=proof_at(query, row, f"persistentvolume/{row.cell('NAME')}"),
        )
        for row in rows(text)
    ]


def quotas(query: ClusterQuery, text: str) -> list[Quota]:
    """The list of resource quotas, one entry for each limited resource."""
    found = []
    for line in numbered(text)[1:]:
        name = line.text.split()[0]
        proof = proof_at(query, line, f"resourcequota/{name}")
        for resource, used, hard in _QUOTA.findall(line.text):
            amounts = quantity(used), quantity(hard)
            if amounts[0] is not None and amounts[1] is not None:
                found.append(Quota(name=name, resource=resource, used=amounts[0], hard=amounts[1], proof=proof))
    return found


def endpoints(query: ClusterQuery, text: str) -> list[Endpoint]:
    """The list of endpoints."""
    return [
        Endpoint(
            service=row.cell("NAME"),
            addresses=tuple((host, whole(port)) for host, port in _ADDRESS.findall(row.cell("ENDPOINTS"))),
            proof=proof_at(query, row, f"endpoints/{row.cell('NAME')}"),
        )
        for row in rows(text)
    ]
