"""Watches workloads and settings, so that the value before a change is known."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import random

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.connection import Connection, Stop
from rootline.sources.kubernetes.delivery.helm import TYPE
from rootline.sources.kubernetes.observing import SETTINGS, WORKLOADS, Observer
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.trouble import FORBIDDEN, NOT_FOUND, Wanted
from rootline.sources.kubernetes.upkeep import Stands, Upkeep
from rootline.sources.parsing import parse
from rootline.sources.threads import Threads

LEFT_OUT = {"secrets": f"type!={TYPE}"}
"""Helm's own Secrets hold whole releases, a megabyte each, and are read as releases."""
_KNOWN = frozenset({"ADDED", "MODIFIED", "DELETED", "BOOKMARK"})
_ENDED = "the watch of {} ends again and again and tells nothing; look at the API server or the proxy before it"


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """How long to wait before a watch is begun again, in seconds.

    Source: ours; doubled from `first_s` to `longest_s` while there is trouble, each shortened by up to half at random
    so that many watchers of one server do not come back at once. What is not allowed is tried again after `refused_s`.
    """

    first_s: float = 1.0
    longest_s: float = 60.0
    refused_s: float = 300.0

    def after(self, failures: int, random: float) -> float:
        """The wait after so many failures one after the other; `random` from 0 to 1."""
        whole = min(self.longest_s, self.first_s * 2.0 ** min(failures, 30))
        return whole * (1.0 - random / 2.0)


class Watch:
    """Watches one cluster, or one namespace of it, until it is cancelled."""

    def __init__(
        self,
        connection: Connection,
        observer: Observer,
        *,
        clock: Callable[[], datetime],
        namespace: str = "",
        pauses: Pauses | None = None,
        randomness: Callable[[], float] = random,
    ) -> None:
        self._connection = connection
        self._observer = observer
        self._clock = clock
        self._namespace = namespace
        self._pauses = pauses or Pauses()
        self._random = randomness
        self._upkeep = Upkeep((*WORKLOADS, *SETTINGS))
        self._stop = Stop()
        self._threads = Threads(len(WORKLOADS) + len(SETTINGS), name="kubernetes-watch")

    def listen(self, tell: Stands) -> None:
        """Tell somebody why something cannot be watched, and with an empty text that everything is."""
        self._upkeep.tell = tell

    async def run(self) -> None:
        """Watch every kind at once; one that may not be watched is left out until it may."""
        try:
            async with asyncio.TaskGroup() as group:
                for plural in (*WORKLOADS, *SETTINGS):
                    group.create_task(self._kind(plural))
        finally:
            self._stop.set()

    async def _kind(self, plural: str) -> None:
        """Watch one kind: go on after the last thing seen, begin anew when that is forgotten, pause after trouble.

        A watch that ends at once, having told nothing, is trouble too: else a broken server would be asked in a loop.
        """
        revision, failures, clock = "", 0, asyncio.get_running_loop().time
        while not self._stop.is_set:
            began = clock()
            try:
                after = await self._followed(plural, revision)
                is_sound = bool(after) and (after != revision or clock() - began >= self._pauses.first_s)
                revision, failures = after, 0 if is_sound else failures + 1
                self._note(plural, failures)
            except SourceFailed as failed:
                revision, failures = "", failures + 1
                self._upkeep.fails(plural, str(failed))
                if failed.status in {FORBIDDEN, NOT_FOUND}:
                    await asyncio.sleep(self._pauses.refused_s * (1.0 - self._random() / 2.0))
                    continue
            if failures:
                await asyncio.sleep(self._pauses.after(failures - 1, self._random()))

    def _note(self, plural: str, failures: int) -> None:
        """Take note of how a watch ended; once without news is no trouble, as a revision may have expired."""
        if not failures:
            self._upkeep.works(plural)
        elif failures > 1:
            self._upkeep.fails(plural, _ENDED.format(plural))

    async def _followed(self, plural: str, revision: str) -> str:
        return await self._threads.run(lambda: self._once(plural, revision))

    def _once(self, plural: str, revision: str) -> str:
        """Follow one watch to its end and return the revision to go on from; empty to begin anew.

        Source: kubernetes.io, "Kubernetes API Concepts": a revision that is too old is answered with an ERROR event of
        the code 410, or with that status; the watch then begins anew, with everything as it is now.
        """
        resource = RESOURCES[plural]
        wanted = Wanted(verb="watch", resource=resource, namespace=self._namespace)
        chosen = (("fieldSelector", LEFT_OUT[plural]),) if plural in LEFT_OUT else ()
        since = (("resourceVersion", revision),) if revision else ()
        given = (("allowWatchBookmarks", "true"), *chosen, *since)
        path, began = resource.path(self._namespace), lambda: self._upkeep.works(plural)
        for line in self._connection.lines(path, given, wanted, self._stop, began):
            told = _parsed(line)
            if told.text("type") not in _KNOWN:
                return ""
            object_ = told.at("object")
            revision = object_.text("metadata", "resourceVersion") or revision
            if told.text("type") != "BOOKMARK":
                sealed = self._observer.seal.secret(object_) if plural == "secrets" else object_
                self._observer.see(plural, told.text("type"), sealed, self._clock())
        return revision


def _parsed(line: bytearray) -> Raw:
    """An event of a watch; one that cannot be read ends the watch, as an error does."""
    try:
        return Raw(parse(line))
    except ValueError:
        return Raw(None)
