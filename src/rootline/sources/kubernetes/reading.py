"""Lists and objects out of the API server, page by page, so that no answer outgrows its bounds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.connection import Answer, Connection, Parameters
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import Resource
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.trouble import GONE, NOT_FOUND, Wanted, broken
from rootline.sources.parsing import TooMuch, parse

MOST_OBJECTS = 2_000
PAGE = 250
"""Source: ours; 250 pods of 10 kB are 2.5 MB, well below the bound of one answer."""
MOST_KEPT_BYTES = 16 * 2**20
_USUAL_WEIGHT_BYTES = 2_000
_HEAD_WEIGHT_BYTES = 300
_HEADS = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
"""Source: kubernetes.io, "Kubernetes API Concepts": metadata-only fetches; older servers send whole objects."""
_MOST_PAGES = 60
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}")
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
Kept = TypeVar("Kept")


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Kept]):
    """What was kept of a list. `partial` says why there may be more; empty when all was read."""

    items: list[Kept]
    partial: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which objects of a kind: by namespace (empty for all), labels and fields, at most so many."""

    namespace: str = ""
    labels: str = ""
    fields: str = ""
    most: int = MOST_OBJECTS


class Reader:
    """Reads objects as raw JSON; the values of Secrets are gone before anyone else sees them."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self.seal = seal

    async def one(
        self, resource: Resource, namespace: str, name: str, *, clean: Callable[[Raw], Raw] | None = None
    ) -> Raw | None:
        """Return one object, or None when there is none of that name.

        `clean` takes out what nobody may see; without it the values of a Secret are hashed.
        """
        if not could_be(namespace, name):
            return None
        if resource.is_namespaced and not namespace:
            found = await self.each(resource, Choice(fields=f"metadata.name={name}", most=1))
            return found.items[0] if found.items else None
        wanted = Wanted(verb="get", resource=resource, namespace=_scope(resource, namespace), name=name)
        try:
            answer = await self._connection.get(resource.path(namespace, name), (), wanted)
        except SourceFailed as failed:
            if failed.status == NOT_FOUND:
                return None
            raise
        object_ = self._parsed(answer, wanted)
        return clean(object_) if clean else self._clean(resource, object_)

    async def heads(self, resource: Resource, choice: Choice, keep: Callable[[Raw], Kept]) -> Listed[Kept]:
        """As `kept`, but the server is asked for names, labels and times alone."""
        return await self.kept(resource, choice, keep, lambda _: _HEAD_WEIGHT_BYTES, accept=_HEADS)

    async def each(self, resource: Resource, choice: Choice) -> Listed[Raw]:
        """Return whole objects; for few of them."""
        return await self.kept(resource, choice, lambda object_: object_, weigh=Raw.weight_bytes)

    async def kept(
        self,
        resource: Resource,
        choice: Choice,
        keep: Callable[[Raw], Kept],
        weigh: Callable[[Kept], int] = lambda _: _USUAL_WEIGHT_BYTES,
        *,
        accept: str = "application/json",
    ) -> Listed[Kept]:
        """Return what `keep` makes of each object; the objects themselves are let go page by page.

        What is kept may weigh `MOST_KEPT_BYTES` altogether.
        """
        found: list[Kept] = []
        if not could_be(choice.namespace):
            return Listed(items=found)
        page, token, weight = PAGE, "", 0
        for _ in range(_MOST_PAGES):
            try:
                listed = await self._page(resource, choice, page, token, accept)
            except SourceFailed as failed:
                if failed.is_too_large and page > 1:
                    page = max(1, page // 4)
                    continue
                if not found:
                    raise
                why = "the list changed meanwhile" if failed.status == GONE else failed.happened
                return Listed(items=found, partial=f"{len(found):,} read, then {why}")
            fresh = [keep(object_) for object_ in self._objects(resource, listed)]
            found.extend(fresh)
            weight += sum(map(weigh, fresh))
            token = listed.text("metadata", "continue")
            if not token or len(found) >= choice.most or weight > MOST_KEPT_BYTES:
                break
        cut = bool(token) or len(found) > choice.most
        return Listed(items=found[: choice.most], partial=_told(found, choice, listed) if cut else "")

    async def log(self, pod: Raw, container: str, parameters: Parameters, most: int) -> Answer:
        """Return the end of a container's log."""
        resource = Resource(plural="pods", kind="Pod")
        wanted = Wanted(verb="get", resource=resource, namespace=pod.namespace, name=pod.name, subresource="log")
        path = f"{resource.path(pod.namespace, pod.name)}/log"
        return await self._connection.get(path, (("container", container), *parameters), wanted, most)

    async def version(self) -> str:
        """Return the version that the API server says it has."""
        answer = await self._connection.get("/version", (), None)
        return self._parsed(answer, None).text("gitVersion") or "of unknown version"

    async def _page(self, resource: Resource, choice: Choice, size: int, token: str, accept: str) -> Raw:
        namespace = _scope(resource, choice.namespace)
        wanted = Wanted(verb="list", resource=resource, namespace=namespace)
        given = {"labelSelector": choice.labels, "fieldSelector": choice.fields, "continue": token}
        parameters = (("limit", str(min(size, choice.most))), *((key, value) for key, value in given.items() if value))
        answer = await self._connection.get(resource.path(namespace), parameters, wanted, accept=accept)
        listed = self._parsed(answer, wanted)
        if "items" not in listed.held:
            raise broken(f"Kubernetes, {wanted}", "it sent no list", self._connection.access.setting)
        return listed

    def _parsed(self, answer: Answer, wanted: Wanted | None) -> Raw:
        asked = f"Kubernetes, {wanted or 'version'}"
        if answer.is_cut:
            raise _too_large(asked, "it sent more than 6 MB and was cut off")
        try:
            read = parse(answer.body)
        except TooMuch as much:
            raise _too_large(asked, str(much)) from much
        except ValueError as bad:
            raise broken(asked, str(bad), self._connection.access.setting) from bad
        if not isinstance(read, dict):
            raise broken(asked, "it sent JSON that is no object", self._connection.access.setting)
        return Raw(read)

    def _objects(self, resource: Resource, listed: Raw) -> Iterator[Raw]:
        yield from (self._clean(resource, object_) for object_ in listed.each("items"))

    def _clean(self, resource: Resource, object_: Raw) -> Raw:
        return self.seal.secret(object_) if resource.plural == "secrets" else object_


def could_be(namespace: str, name: str = "") -> bool:
    """Whether a namespace (or none) and a name (or none) can exist, and may stand in a path."""
    return bool(not namespace or _NAMESPACE.fullmatch(namespace)) and bool(not name or _NAME.fullmatch(name))


def _scope(resource: Resource, namespace: str) -> str:
    return namespace if resource.is_namespaced else ""


def _told(found: list[Kept], choice: Choice, listed: Raw) -> str:
    rest = listed.number("metadata", "remainingItemCount")
    shown = min(len(found), choice.most)
    return f"{shown:,} read of {len(found) + rest:,}" if rest else f"{shown:,} read, more exist"


def _too_large(asked: str, happened: str) -> SourceFailed:
    return SourceFailed(asked, happened, "Ask for one namespace, or for one object by its name.", is_too_large=True)
