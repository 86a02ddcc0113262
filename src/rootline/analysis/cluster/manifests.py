"""An application's YAML as typed objects."""

import re

from rootline.analysis.cluster.listings import modes
from rootline.analysis.cluster.objects import Claim, Volume
from rootline.analysis.cluster.podspec import Reader
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.text import quantity
from rootline.analysis.cluster.workload import Manifest, Route, ServicePort, ServiceSpec, Workload
from rootline.analysis.cluster.yamltree import Tree, documents

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"}
_ROUTES = {"Ingress", "VirtualService", "HTTPRoute", "GRPCRoute", "TCPRoute", "IngressRoute"}


def manifest(query: ClusterQuery, text: str) -> Manifest:
    """Read all documents that were installed for an application."""
    reader = Reader(query)
    found = documents(text)
    of = [(tree.word("kind"), tree) for tree in found]
    return Manifest(
        app=query.name,
        workloads=tuple(_workload(reader, tree) for kind, tree in of if kind in _WORKLOADS),
        services=tuple(_service(reader, tree) for kind, tree in of if kind == "Service"),
        claims=tuple(_claim(reader, tree) for kind, tree in of if kind == "PersistentVolumeClaim"),
        volumes=tuple(_volume(reader, tree) for kind, tree in of if kind == "PersistentVolume"),
        routes=tuple(r for kind, tree in of if kind in _ROUTES for r in _routes(reader, tree)),
    )


def _name(tree: Tree) -> str:
    return tree.word("metadata", "name")


def _named(reader: Reader, tree: Tree) -> LineProof:
    kind = tree.word("kind").lower()
    return reader.proof(tree.at("metadata", "name") or tree, f"{kind}/{_name(tree)}")


def _workload(reader: Reader, tree: Tree) -> Workload:
    replicas = tree.word("spec", "replicas")
    template = tree if tree.word("kind") == "Pod" else tree.at("spec", "template") or tree
    return reader.workload(
        _name(tree),
        template,
        replicas=int(replicas) if replicas.isdigit() else None,
        proof=_named(reader, tree),
    )


def _service(reader: Reader, tree: Tree) -> ServiceSpec:
    name = _name(tree)
    ports = tuple(
        ServicePort(
            name=port.word("name"),
            port=int(port.word("port")) if port.word("port").isdigit() else 0,
            target=port.word("targetPort", default=port.word("port")),
            protocol=port.word("protocol", default="TCP").upper(),
            proof=reader.proof(
                port.at("targetPort") or port.at("protocol") or port.at("port") or port, f"service/{name}"
            ),
        )
        for port in tree.each("spec", "ports")
    )
    selector = tree.mapping("spec", "selector")
    at = tree.at("spec", "selector")
    inner = next(iter(at.fields.values()), None) if at else None
    proof = reader.proof(inner, f"service/{name}") if inner else _named(reader, tree)
    return ServiceSpec(name=name, selector=selector, ports=ports, proof=proof)


def _claim(reader: Reader, tree: Tree) -> Claim:
    held = tree.at("spec", "storageClassName")
    return Claim(
        name=_name(tree),
        status="",
        storage_class=held.text if held else None,
        capacity=quantity(tree.word("spec", "resources", "requests", "storage")),
        modes=modes([mode.text for mode in tree.each("spec", "accessModes")]),
        labels=tree.mapping("spec", "selector", "matchLabels"),
        volume=tree.word("spec", "volumeName"),
        proof=_named(reader, tree),
    )


def _volume(reader: Reader, tree: Tree) -> Volume:
    claim = tree.at("spec", "claimRef")
    return Volume(
        name=_name(tree),
        status="",
        claim=f"{claim.word('namespace')}/{claim.word('name')}" if claim else "",
        storage_class=tree.word("spec", "storageClassName"),
        capacity=quantity(tree.word("spec", "capacity", "storage")),
        modes=modes([mode.text for mode in tree.each("spec", "accessModes")]),
        labels=tree.mapping("metadata", "labels"),
        proof=_named(reader, tree),
    )


_HOST = re.compile(r"^([a-z0-9][a-z0-9-]{0,62})")


def _routes(reader: Reader, tree: Tree) -> list[Route]:
    owner = _name(tree)
    found = []
    for part in tree.walk():
        target, port = _target(part)
        host = _HOST.match(target.text) if target else None
        if target and host:
            proof = reader.proof(target, f"{tree.word('kind').lower()}/{owner}")
            found.append(Route(owner=owner, service=host.group(1), port=port, proof=proof))
    return found


def _target(part: Tree) -> tuple[Tree | None, str]:
    """Where a rule leads: ingress `service.name`, mesh `destination.host`, gateway `backendRefs`."""
    ingress = part.at("service", "name")
    if ingress:
        return ingress, part.word("service", "port", "number", default=part.word("service", "port", "name"))
    mesh = part.at("destination", "host")
    if mesh:
        return mesh, part.word("destination", "port", "number")
    backend = part.at("name") if part.at("port") and not part.at("protocol") else None
    plain = backend if backend and not part.at("targetPort") and not part.at("hosts") else None
    return plain, part.word("port")
