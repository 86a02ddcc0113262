"""Where gateways lead: the rules in routing objects and in the configuration texts of proxies."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rootline.analysis.cluster.podspec import Reader
from rootline.analysis.cluster.proof import proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.text import Line, numbered
from rootline.analysis.cluster.workload import Route
from rootline.analysis.cluster.yamltree import Tree

_KINDS = {"Ingress", "VirtualService", "HTTPRoute", "GRPCRoute", "TCPRoute", "IngressRoute"}
_HOST = re.compile(r"^([a-z0-9][a-z0-9-]{0,62})")
_TARGET = r"([a-zA-Z][a-zA-Z0-9-]{0,62})((?:\.[a-zA-Z0-9-]{1,63}){0,6})(?::(\d{1,5}))?(?![\w.$-])"
_LEADS_TO = re.compile(
    r"(?:\b(?:proxy|grpc|uwsgi|fastcgi)_pass\s{1,8}|\b(?:uri|url):\s{0,8}[\"']?|\bProxyPass\s{1,8}\S{1,200}\s{1,8})"
    r"(?:https?|lb|grpcs?|h2c)://" + _TARGET + r"|^\s{0,80}(?:server\s{1,8}(?:[\w-]{1,63}\s{1,8})?"
    r"|reverse_proxy\s{1,8}(?:/\S{0,200}\s{1,8})?)(?:https?://)?" + _TARGET
)
"""Where a proxy sends requests: nginx, Apache, HAProxy, Caddy, Traefik, Kong and Spring's gateway."""
_GROUP = re.compile(r"\bupstream\s{1,8}([\w.-]{1,100})\s{0,8}\{")
_ROUTED = re.compile(
    r"_pass\s|\buri:|ProxyPass|^\s{0,80}(?:server|reverse_proxy)\s|\bservers:|loadBalancer", re.MULTILINE
)
_BACKEND = re.compile(
    r"^ *(?:Default backend: *)?(?:\S{1,200} +)?(/\S{0,200})? *([a-z0-9][a-z0-9-]{0,62}):([\w-]{1,63}) \("
)
_FOR_PATH = re.compile(r"(?:\bPath=|location\s{1,8}(?:[=~^*]{1,2}\s{1,8})?)(/[\w/.-]{0,200})")


def object_routes(reader: Reader, documents: list[Tree]) -> Iterator[Route]:
    """The rules of ingresses, virtual services and gateway routes."""
    for tree in documents:
        if tree.word("kind") not in _KINDS:
            continue
        owner = tree.word("metadata", "name")
        for part in tree.walk():
            target, port = _target(part)
            host = _HOST.match(target.text) if target else None
            if target and host:
                proof = reader.proof(target, f"{tree.word('kind').lower()}/{owner}")
                yield Route(owner=owner, service=host.group(1), port=port, path=part.word("path"), proof=proof)


def _target(part: Tree) -> tuple[Tree | None, str]:
    """Where a rule leads: ingress `backend.service`, mesh `destination.host`, or one of `backendRefs`."""
    ingress = part.at("backend", "service", "name")
    if ingress:
        port = part.at("backend", "service", "port")
        return ingress, port.word("number", default=port.word("name")) if port else ""
    mesh = part.at("destination", "host")
    if mesh:
        return mesh, part.word("destination", "port", "number")
    referred = next(iter(part.each("backendRefs")), None)
    return (referred.at("name"), referred.word("port")) if referred else (None, "")


def text_routes(query: ClusterQuery, text: str) -> Iterator[Route]:
    """The rules in the configuration text of a proxy: a target, with the path before or after it."""
    if not _ROUTED.search(text):
        return
    groups = {name.lower() for name in _GROUP.findall(text)}
    before = ""
    waiting: Route | None = None
    for line in numbered(text):
        path = _FOR_PATH.search(line.text)
        if path and path.group(0).startswith("location"):
            before = path.group(1)
        elif path and waiting:
            yield replace(waiting, path=path.group(1))
            waiting = None
        found = _text_route(query, line, before, groups)
        if found:
            if waiting:
                yield waiting
            waiting = found
            before = ""
    if waiting:
        yield waiting


def _text_route(query: ClusterQuery, line: Line, path: str, groups: set[str]) -> Route | None:
    """The target in a line, unless it is the name of a group of servers, this host or one outside the cluster."""
    found = _LEADS_TO.search(line.text)
    if found is None:
        return None
    host, domain, port = found.groups()[:3] if found.group(1) else found.groups()[3:]
    if host.lower() in groups | {"localhost"} or (domain and ".svc" not in domain):
        return None
    proof = proof_at(query, line, f"app/{query.name}")
    return Route(owner=query.name, service=host.lower(), port=port or "", path=path, proof=proof)


def backends(query: ClusterQuery, text: str) -> Iterator[Route]:
    """The backends in the description of an ingress."""
    for line in numbered(text):
        found = _BACKEND.match(line.text)
        if found:
            proof = proof_at(query, line, f"ingress/{query.name}")
            path, service, port = found.groups()
            yield Route(owner=query.name, service=service, port=port, path=path or "", proof=proof)
