"""Watches workloads and settings, so that the value before a change is known."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.connection import Connection, Stop
from rootline.sources.kubernetes.observing import SETTINGS, WORKLOADS, Observer
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.trouble import FORBIDDEN, NOT_FOUND, Wanted
from rootline.sources.parsing import parse
from rootline.sources.threads import Threads

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


class Watch:
    """Watches one cluster, or one namespace of it, until it is cancelled."""

    def __init__(
        self, connection: Connection, observer: Observer, *, clock: Callable[[], datetime], namespace: str = ""
    ) -> None:
        self._connection = connection
        self._observer = observer
        self._clock = clock
        self._namespace = namespace
        self._stop = Stop()
        self._threads = Threads(len(WORKLOADS) + len(SETTINGS), name="kubernetes-watch")

    async def run(self) -> None:
        """Watch every kind at once; one that may not be watched is left out."""
        try:
            async with asyncio.TaskGroup() as group:
                for plural in (*WORKLOADS, *SETTINGS):
                    group.create_task(self._kind(plural))
        finally:
            self._stop.set()

    async def _kind(self, plural: str) -> None:
        """Watch one kind: go on after the last thing seen, begin anew when that is forgotten, pause after trouble."""
        revision, pause_s = "", _FIRST_PAUSE_S
        while not self._stop.is_set:
            try:
                revision, pause_s = await self._followed(plural, revision), _FIRST_PAUSE_S
            except SourceFailed as failed:
                if failed.status in {FORBIDDEN, NOT_FOUND}:
                    return
                revision = ""
                await asyncio.sleep(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)

    async def _followed(self, plural: str, revision: str) -> str:
        return await self._threads.run(lambda: self._once(plural, revision))

    def _once(self, plural: str, revision: str) -> str:
        """Follow one watch to its end and return the revision to go on from; empty to begin anew."""
        resource = RESOURCES[plural]
        wanted = Wanted(verb="watch", resource=resource, namespace=self._namespace)
        given = (("allowWatchBookmarks", "true"), *((("resourceVersion", revision),) if revision else ()))
        for line in self._connection.lines(resource.path(self._namespace), given, wanted, self._stop):
            told = _parsed(line)
            if told.text("type") not in {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"}:
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
