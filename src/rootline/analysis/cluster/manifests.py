"""An application's YAML as typed objects."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace

from rootline.analysis.cluster.listings import modes
from rootline.analysis.cluster.objects import Claim, Volume
from rootline.analysis.cluster.podspec import Reader
from rootline.analysis.cluster.proof import LineProof, proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.routes import object_routes, text_routes
from rootline.analysis.cluster.text import numbered, quantity, whole
from rootline.analysis.cluster.workload import Manifest, ServicePort, ServiceSpec, Variable, Workload
from rootline.analysis.cluster.yamltree import Tree, documents

_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"}
_SETTINGS = {"ConfigMap", "Secret"}
_LIMIT = re.compile(
    r"\b(max[_-](?:user[_-])?connections|maxclients|maxConns|maxIncomingConnections"
    r"|(?:super[_-]|default_transaction_)?read[_-]only)\b(?:\s{0,3}[=: ]\s{0,3}[\"']?(\w{1,10}))?",
    re.IGNORECASE,
)
_CONFIDENTIAL = re.compile(r"PASS|SECRET|TOKEN|KEY|CREDENTIAL", re.IGNORECASE)


def manifest(query: ClusterQuery, text: str) -> Manifest:
    """Read all documents that were installed for an application."""
    reader = Reader(query)
    found = documents(text)
    of = [(tree.word("kind"), tree) for tree in found]
    settings = [(_name(tree), s) for kind, tree in of if kind in _SETTINGS for s in _settings(reader, tree)]
    return Manifest(
        app=query.name,
        workloads=tuple(_workload(reader, tree, settings) for kind, tree in of if kind in _WORKLOADS),
        services=tuple(_service(reader, tree) for kind, tree in of if kind == "Service"),
        claims=tuple(_claim(reader, tree) for kind, tree in of if kind == "PersistentVolumeClaim"),
        volumes=tuple(_volume(reader, tree) for kind, tree in of if kind == "PersistentVolume"),
        limits=tuple(_limits(query, text)),
        routes=(*object_routes(reader, found), *text_routes(query, text)),
    )


def _name(tree: Tree) -> str:
    return tree.word("metadata", "name")


def _named(reader: Reader, tree: Tree) -> LineProof:
    kind = tree.word("kind").lower()
    return reader.proof(tree.at("metadata", "name") or tree, f"{kind}/{_name(tree)}")


def _settings(reader: Reader, tree: Tree) -> Iterator[Variable]:
    """The entries of a settings object; what is confidential is compared, but never quoted."""
    subject = f"{tree.word('kind').lower()}/{_name(tree)}"
    encoded = tree.word("kind") == "Secret"
    for section in ("data", "stringData"):
        held = tree.at(section)
        for key, value in held.fields.items() if held else ():
            proof = reader.proof(value, subject)
            hidden = replace(proof, quote=key) if encoded or _CONFIDENTIAL.search(key) else proof
            plain = _decoded(value.text) if encoded and section == "data" else value.text
            yield Variable(name=key, value=plain, proof=hidden)


def _limits(query: ClusterQuery, text: str) -> Iterator[Variable]:
    for line in numbered(text):
        found = _LIMIT.search(line.text)
        if found and not line.text.lstrip().startswith("#"):
            subject = f"app/{query.name}"
            proof = proof_at(query, line, subject)
            name = found.group(1).replace("-", "_").lower()
            option = "read_only" if name.endswith("read_only") else name
            yield Variable(name=option, value=(found.group(2) or "").lower(), proof=proof)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text[:4000], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _workload(reader: Reader, tree: Tree, settings: list[tuple[str, Variable]]) -> Workload:
    replicas = tree.word("spec", "replicas")
    template = tree if tree.word("kind") == "Pod" else tree.at("spec", "template") or tree
    workload = reader.workload(
        _name(tree),
        template,
        replicas=whole(replicas) if replicas.isdecimal() else None,
        proof=_named(reader, tree),
    )
    named = {r.name for r in workload.references if r.kind in {"secret", "configmap"}}
    return replace(workload, settings=tuple(variable for owner, variable in settings if owner in named))


def _service(reader: Reader, tree: Tree) -> ServiceSpec:
    name = _name(tree)
    ports = tuple(
        ServicePort(
            name=port.word("name"),
            port=whole(port.word("port")),
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
