"""A Kubernetes API server on the loopback: discovery, get, list in pages, selectors, watch, logs, patches, dry runs.

with served(KubeApi(objects)) as api:
    access = Access(kubeconfig=api.kubeconfig(tmp_path))
"""

import copy
import json
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rootline.sources.kubernetes.delivery.argo import APPLICATIONS
from rootline.sources.kubernetes.delivery.flux import HELM_RELEASES, KUSTOMIZATIONS
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import RESOURCES, Resource

Key = tuple[str, str, str]
Object = dict[str, Any]
VERSION = "v1.37.0"
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"]
SERVED = {**RESOURCES, **{one.plural: one for one in (APPLICATIONS, KUSTOMIZATIONS, HELM_RELEASES)}}
KINDS = {one.kind: one for one in SERVED.values()}
TOKEN = "a-token-nobody-may-see"


class KubeApi:
    """Holds objects and answers for them. `forbidden` are pairs of verb and plural that are refused with 403."""

    def __init__(self, objects: Iterable[Object] = (), *, logs: Mapping[tuple[str, str], str] | None = None) -> None:
        self.forbidden: set[tuple[str, str]] = set()
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.logs = dict(logs or {})
        self.url = ""
        self._revision = 100
        self._held: dict[Key, Object] = {}
        self._news: list[tuple[int, str, Key, Object]] = []
        self._changed = threading.Condition()
        self.is_closed = False
        self.oldest = 0
        self.hang_ups = 0
        for one in objects:
            self.put(one)

    def put(self, object_: Object) -> None:
        """Create or replace an object and tell who watches."""
        key = _key(object_)
        with self._changed:
            self._revision += 1
            kept = copy.deepcopy(object_)
            if isinstance(kept.get("metadata"), dict):
                kept["metadata"].setdefault("uid", f"uid-{key[0]}-{key[2]}")
                kept["metadata"]["resourceVersion"] = str(self._revision)
            news = "MODIFIED" if key in self._held else "ADDED"
            self._held[key] = kept
            self._news.append((self._revision, news, key, kept))
            self._changed.notify_all()

    def remove(self, object_: Object) -> None:
        """Delete an object and tell who watches."""
        key = _key(object_)
        with self._changed:
            self._revision += 1
            gone = copy.deepcopy(self._held.pop(key))
            gone["metadata"]["resourceVersion"] = str(self._revision)
            self._news.append((self._revision, "DELETED", key, gone))
            self._changed.notify_all()

    def forget(self) -> None:
        """End every open watch, and know no revision before the present one any more."""
        with self._changed:
            self._revision += 1
            self.oldest = self._revision
            self.hang_ups += 1
            self._changed.notify_all()

    def close(self) -> None:
        """End every watch."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def kubeconfig(self, folder: Path, *, namespace: str = "") -> Path:
        """Write a kubeconfig that leads here."""
        file = folder / "kubeconfig"
        context = {"cluster": "local", "user": "tester", **({"namespace": namespace} if namespace else {})}
        file.write_text(
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "current-context": "local",
                    "clusters": [{"name": "local", "cluster": {"server": self.url}}],
                    "users": [{"name": "tester", "user": {"token": TOKEN}}],
                    "contexts": [{"name": "local", "context": context}],
                }
            )
        )
        return file

    def get(self, key: Key) -> Object | None:
        with self._changed:
            return self._held.get(key)

    def chosen(self, plural: str, namespace: str, query: Mapping[str, str]) -> list[Object]:
        with self._changed:
            held = [one for key, one in sorted(self._held.items()) if key[0] == plural and namespace in {"", key[1]}]
        return [one for one in held if _is_chosen(one, query)]

    def revision(self) -> int:
        with self._changed:
            return self._revision

    def news(self, plural: str, namespace: str, since: int) -> Iterator[tuple[str, Object]]:
        """Yield what changes after a revision until the server hangs up; for none all that ever did, or that is."""
        if since and since < self.oldest:
            yield "ERROR", {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410}
            return
        with self._changed:
            anew = not since and self.oldest > 0
            at, open_since = self._revision if anew else since, self.hang_ups
            now = [one for key, one in self._held.items() if key[0] == plural and namespace in {"", key[1]}]
        yield from (("ADDED", one) for one in (now if anew else []))

        def is_over() -> bool:
            return self.is_closed or self.hang_ups > open_since

        while True:
            with self._changed:
                self._changed.wait_for(lambda at=at: is_over() or self._revision > at)  # type: ignore[misc]
                fresh, at = [one for one in self._news if one[0] > at], self._revision
                if is_over():
                    return
            yield from ((kind, one) for _, kind, key, one in fresh if key[0] == plural and namespace in {"", key[1]})

    def patched(self, key: Key, patch: Any, *, dry_run: bool) -> Object:
        """Apply a JSON patch or a merge patch."""
        changed = copy.deepcopy(self._held[key])
        if isinstance(patch, list):
            for step in patch:
                _step(changed, step)
        else:
            _merge(changed, patch)
        if not dry_run:
            self.put(changed)
        return changed


def _key(object_: Object) -> Key:
    read = Raw(object_)
    return KINDS[read.text("kind")].plural, read.namespace, read.name


def _is_chosen(object_: Object, query: Mapping[str, str]) -> bool:
    read = Raw(object_)
    labels = read.pairs("metadata", "labels")
    wanted = [part.partition("=") for part in query.get("labelSelector", "").split(",") if part]
    fields = [part.partition("=") for part in query.get("fieldSelector", "").split(",") if part]
    return all(labels.get(key) == value.lstrip("=") for key, _, value in wanted) and all(
        (read.text(*key.rstrip("!").split(".")) == value.lstrip("=")) is not key.endswith("!")
        for key, _, value in fields
    )


def _merge(into: Object, patch: Mapping[str, Any]) -> None:
    for key, value in patch.items():
        if value is None:
            into.pop(key, None)
        elif isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif not key.startswith("$"):
            into[key] = value


def _step(into: Object, step: Mapping[str, Any]) -> None:
    *path, last = (part.replace("~1", "/").replace("~0", "~") for part in step["path"].strip("/").split("/"))
    here: Any = into
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
    if step["op"] == "remove":
        here.pop(last, None)
    elif step["op"] in {"add", "replace"}:
        here[last] = step["value"]


@contextmanager
def served(api: KubeApi, tls: ssl.SSLContext | None = None) -> Iterator[KubeApi]:
    """Serve until the block ends."""

    class Handler(_Handler):
        kube = api

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    api.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        api.close()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    kube: KubeApi
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.kube.asked.append(self.path)
        self.kube.tokens.add(self.headers.get("authorization", ""))
        parts = [part for part in urlsplit(self.path).path.split("/") if part]
        query = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
        found = _discovered(parts)
        if found is not None:
            self._send(found)
            return
        resource, namespace, name, below = _addressed(parts)
        if resource is None:
            self._refuse(404, "NotFound", "the server could not find the requested resource")
        elif name:
            self._one(resource, namespace, name, below, query)
        elif query.get("watch") in {"true", "1"}:
            self._watch(resource, namespace, int(query.get("resourceVersion") or 0))
        else:
            self._list(resource, namespace, query)

    def do_PATCH(self) -> None:
        self.kube.asked.append(f"PATCH {self.path}")
        parts = [part for part in urlsplit(self.path).path.split("/") if part]
        resource, namespace, name, _ = _addressed(parts)
        patch = json.loads(self.rfile.read(int(self.headers["content-length"])))
        dry_run = parse_qs(urlsplit(self.path).query).get("dryRun") == ["All"]
        if resource is None or self.kube.get((resource.plural, namespace, name)) is None:
            self._refuse(404, "NotFound", f"{name} not found")
            return
        self._send(self.kube.patched((resource.plural, namespace, name), patch, dry_run=dry_run))

    def _one(self, resource: Resource, namespace: str, name: str, below: str, query: Mapping[str, str]) -> None:
        plural = f"{resource.plural}/{below}" if below else resource.plural
        if self._is_forbidden("get", plural, namespace):
            return
        found = self.kube.get((resource.plural, namespace, name))
        if found is None:
            self._refuse(404, "NotFound", f'{resource.plural} "{name}" not found')
        elif below == "log":
            self._log(name, query)
        elif "as=Table" in self.headers.get("accept", ""):
            self._send(_table(resource, [found], {}))
        else:
            self._send(found)

    def _log(self, name: str, query: Mapping[str, str]) -> None:
        container = query.get("container", "") + ("!" if query.get("previous") == "true" else "")
        text = self.kube.logs.get((name, container))
        if text is None:
            self._refuse(400, "BadRequest", f'previous terminated container in pod "{name}" not found')
        else:
            lines = text.splitlines(keepends=True)
            if query.get("timestamps") == "true":
                lines = [line for line in lines if line >= query.get("sinceTime", "").rstrip("Z")]
            tail = int(query.get("tailLines") or len(text))
            self._raw(200, "".join(lines[-tail:]).encode(), "text/plain")

    def _list(self, resource: Resource, namespace: str, query: Mapping[str, str]) -> None:
        if self._is_forbidden("list", resource.plural, namespace):
            return
        found = self.kube.chosen(resource.plural, namespace, query)
        start, most = int(query.get("continue") or 0), int(query.get("limit") or len(found) or 1)
        rest = len(found) - start - most
        more = {"continue": str(start + most), "remainingItemCount": rest} if rest > 0 else {}
        metadata = {"resourceVersion": str(self.kube.revision()), **more}
        page = found[start : start + most]
        if "as=PartialObjectMetadataList" in self.headers.get("accept", ""):
            page = [{"metadata": one["metadata"]} for one in page]
        if "as=Table" in self.headers.get("accept", ""):
            self._send(_table(resource, page, metadata))
            return
        version = f"{resource.group}/{resource.version}" if resource.group else resource.version
        self._send({"kind": f"{resource.kind}List", "apiVersion": version, "metadata": metadata, "items": page})

    def _watch(self, resource: Resource, namespace: str, since: int) -> None:
        if self._is_forbidden("watch", resource.plural, namespace):
            return
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for kind, object_ in self.kube.news(resource.plural, namespace, since):
            try:
                self.wfile.write(json.dumps({"type": kind, "object": object_}).encode() + b"\n")
                self.wfile.flush()
            except OSError:
                return

    def _is_forbidden(self, verb: str, plural: str, namespace: str) -> bool:
        if (verb, plural) not in self.kube.forbidden:
            return False
        where = f' in the namespace "{namespace}"' if namespace else " at the cluster scope"
        self._refuse(403, "Forbidden", f'{plural} is forbidden: User "tester" cannot {verb} resource "{plural}"{where}')
        return True

    def _refuse(self, code: int, reason: str, message: str) -> None:
        body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code}
        self._send({**body, "message": message}, code)

    def _send(self, body: Object, code: int = 200) -> None:
        self._raw(code, json.dumps(body).encode(), "application/json")

    def _raw(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _addressed(parts: list[str]) -> tuple[Resource | None, str, str, str]:
    """Resource, namespace, name and subresource of a path."""
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1] if len(parts) > 1 else "", parts[3:])
    namespace = ""
    if rest[:1] == ["namespaces"] and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    plural, name, below = (*rest, "", "", "")[:3]
    found = SERVED.get(plural)
    return (found if found and found.group == group else None), namespace, name, below


def _discovered(parts: list[str]) -> Object | None:
    """The answers by which a client learns what there is."""
    groups = sorted({(one.group, one.version) for one in RESOURCES.values() if one.group})
    if parts == ["version"]:
        return {"major": "1", "minor": "37", "gitVersion": VERSION}
    if parts == ["api"]:
        return {"kind": "APIVersions", "versions": ["v1"]}
    if parts == ["apis"]:
        listed = [_group(*one) for one in groups]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
    if parts == ["api", "v1"] or (parts[0] == "apis" and len(parts) == 3):
        group = "" if parts[0] == "api" else parts[1]
        held = [_resource(one) for one in RESOURCES.values() if one.group == group]
        version = "/".join(parts[1:])
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": held}
    return None


def _group(group: str, version: str) -> Object:
    named = {"groupVersion": f"{group}/{version}", "version": version}
    return {"name": group, "versions": [named], "preferredVersion": named}


def _resource(one: Resource) -> Object:
    return {
        "name": one.plural,
        "singularName": one.kind.lower(),
        "namespaced": one.is_namespaced,
        "kind": one.kind,
        "shortNames": list(one.short),
        "verbs": VERBS,
    }


def _table(resource: Resource, objects: list[Object], metadata: Object) -> Object:
    """The table in which an API server answers kubectl: names and phases are enough to be accepted."""
    titles = ("Name", "Phase")
    rows = [{"cells": [Raw(one).name, Raw(one).text("status", "phase")], "object": one} for one in objects]
    if resource.plural == "events":
        titles = ("Last Seen", "Message")
        rows = [{"cells": [Raw(one).text("lastTimestamp"), Raw(one).text("message")], "object": one} for one in objects]
    columns = [{"name": title, "type": "string", "format": "", "description": "", "priority": 0} for title in titles]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns,
        "rows": rows,
    }
