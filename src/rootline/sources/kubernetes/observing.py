"""Turns what a watch says into changes: the value before is what was seen before."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.sources.kubernetes.raw import Raw, newest
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.settings_history import shown
from rootline.sources.kubernetes.templates import differences

WORKLOADS = ("deployments", "statefulsets", "daemonsets")
SETTINGS = {"configmaps": "configmap", "secrets": "secret"}
_MOST_CHANGES = 1_000
MOST_KEPT_BYTES = 16 * 2**20
MOST_OF_ALL_BYTES = 64 * 2**20
"""Objects of one cluster, and of all that are watched, beyond which none is remembered, nor its changes told."""
_REPLICAS = "replicas"


def _nobody(_: ChangeSet) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An object as it was: what of it may change by a person's hand, flat or as a template."""

    held: Raw
    marks: dict[str, str]

    @cached_property
    def weight_bytes(self) -> int:
        """About how much memory it takes."""
        return self.held.weight_bytes() + Raw(self.marks).weight_bytes()


class Observer:
    """Remembers objects as they were and tells what became of them. May be used by several threads.

    `tell` is called with what has just changed, by the thread that saw it.
    """

    def __init__(self, seal: Seal, *, tell: Callable[[ChangeSet], None] = _nobody) -> None:
        self.seal = seal
        self._tell = tell
        self._known: dict[tuple[str, str, str], Seen] = {}
        self._deployments: deque[Deployment] = deque(maxlen=_MOST_CHANGES)
        self._configs: deque[ConfigChange] = deque(maxlen=_MOST_CHANGES)
        self._weight = 0
        self._most_bytes = MOST_KEPT_BYTES
        self._guard = threading.Lock()

    def listen(self, tell: Callable[[ChangeSet], None]) -> None:
        """Tell somebody else of what changes from now on."""
        self._tell = tell

    def is_one_of(self, clusters: int) -> None:
        """Share the room with the other clusters that are watched."""
        self._most_bytes = min(MOST_KEPT_BYTES, MOST_OF_ALL_BYTES // max(1, clusters))

    def seen(self) -> ChangeSet:
        """Everything that changed while it was watched, the latest thousand."""
        with self._guard:
            return ChangeSet(deployments=tuple(self._deployments), configs=tuple(self._configs))

    @property
    def known(self) -> frozenset[tuple[str, str, str]]:
        """Plural, namespace and name of what is remembered."""
        with self._guard:
            return frozenset(self._known)

    def see(self, plural: str, what: str, object_: Raw, now: datetime) -> None:
        """Take note of an object: of its first sight, of a change, or of its end (`DELETED`)."""
        key = plural, object_.namespace, object_.name
        with self._guard:
            before = self._known.pop(key, None)
            self._weight -= before.weight_bytes if before else 0
            after = None if what == "DELETED" else _seen(plural, object_, self.seal)
            if after is not None and self._weight + after.weight_bytes <= self._most_bytes:
                self._known[key] = after
                self._weight += after.weight_bytes
            news = _news(plural, object_, before, after, now, self.seal) if before else ChangeSet()
            self._deployments.extend(news.deployments)
            self._configs.extend(news.configs)
        if news:
            self._tell(news)


def _news(plural: str, object_: Raw, before: Seen, after: Seen | None, now: datetime, seal: Seal) -> ChangeSet:
    at, name = _when(object_, now), object_.name
    if after is None:
        key = f"{plural.removesuffix('s')}/{name}"
        gone = ConfigChange(key=key, service=name, at=now, before="there", after="deleted")
        return ChangeSet(configs=(gone,))
    if plural in SETTINGS:
        return ChangeSet(configs=tuple(_settings(SETTINGS[plural], object_, before, after, at)))
    changed = differences(before.held, after.held, seal)
    kind = plural.removesuffix("s")
    configs = (
        ConfigChange(key=f"{kind}/{name} {path}", service=name, at=at, before=a, after=b) for path, a, b in changed
    )
    rolled = any(path != _REPLICAS for path, _, _ in changed)
    deployments = [Deployment(service=name, at=at, commit="", version=_images(after.held))] if rolled else []
    return ChangeSet(deployments=tuple(deployments), configs=tuple(configs))


def _seen(plural: str, object_: Raw, seal: Seal) -> Seen:
    if plural in SETTINGS:
        kind = SETTINGS[plural]
        pairs = [pair for section in ("data", "binaryData") for pair in object_.fields(section)]
        return Seen(held=Raw(None), marks={key: shown(kind, key, value.text(), seal) for key, value in pairs})
    template, replicas = object_.at("spec", "template").held, object_.at("spec", _REPLICAS).held
    flat = {**template, _REPLICAS: replicas} if isinstance(template, dict) else {}
    return Seen(held=Raw(flat), marks={})


def _settings(kind: str, object_: Raw, before: Seen, after: Seen, at: datetime) -> Iterator[ConfigChange]:
    for key in dict.fromkeys((*before.marks, *after.marks)):
        old, new = before.marks.get(key, ""), after.marks.get(key, "")
        if old != new:
            name = f"{kind}/{object_.name} {key}"
            yield ConfigChange(key=name, service=object_.name, at=at, before=old, after=new)


def _when(object_: Raw, now: datetime) -> datetime:
    """When the object was last written by anyone who does not merely report its status."""
    managed = object_.each("metadata", "managedFields")
    times = [one.moment("time") for one in managed if one.text("subresource") != "status"]
    return newest(times) or now


def _images(template: Raw) -> str:
    return ",".join(one.text("image") for one in template.each("spec", "containers"))
