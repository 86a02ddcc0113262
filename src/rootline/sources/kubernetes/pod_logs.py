"""Log lines of pods, for clusters without a store of logs. The API server keeps no more than what runs now wrote."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.moment import read_moment
from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.logs.fields import line_of
from rootline.sources.logs.source import MOST_LINES, LogQuery, LogRead
from rootline.sources.logs.written_line import fields_of, level_in, text_of
from rootline.sources.remembered import Remembered
from rootline.sources.slices import slices
from rootline.sources.together import together

MOST_CONTAINERS = 12
MOST_OF_EACH = 1_000
MOST_OF_EACH_BYTES = 512 * 2**10
SMALLER = 8
AT_ONCE = 4
PARTS = 6
"""Source: ours; 12,000 lines and 6 MB at most, read from the API server four containers at a time."""
_HASH = "pod-template-hash"


@dataclass(frozen=True, kw_only=True)
class _Container:
    """One container whose log can be read; `is_previous` for the one that ended before a restart.

    Of `pod` nothing is kept but its name and its namespace.
    """

    pod: Raw
    name: str
    service: str
    is_well: bool
    is_previous: bool = False

    @property
    def title(self) -> str:
        before = " (previous)" if self.is_previous else ""
        return f"{self.pod.namespace}/{self.pod.name} {self.name}{before}"


@dataclass(frozen=True, kw_only=True)
class _Tail:
    """What was read of one container; `missing` says what was not."""

    lines: tuple[LogLine, ...] = ()
    missing: str = ""
    failed: SourceFailed | None = None


class PodLogs:
    """Reads the newest lines of every service's containers, those of pods that are not well first.

    A pod's service is the workload that runs it, or what the configured label says. What was not read is told, and the
    answer is partial: lines before the newest of a container, and containers beyond the first ones.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        key: bytes,
        namespace: str = "",
        service_label: str = "",
    ) -> None:
        self.name = "kubernetes"
        self._reader = Reader(connection, Seal(key))
        self._namespace = namespace
        self._label = service_label
        self._reads: Remembered[tuple[_Tail, ...]] = Remembered(kept=2)

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines; of too many, the newest of each sixth of the window, and how many there are.

        Raises:
            SourceFailed: The API server did not answer, or let no log be read.

        """

        async def read() -> tuple[_Tail, ...]:
            return await self._tails(query.service, window)

        tails = await self._reads.once((query.service, window), read)
        missing = "; ".join(one.missing for one in tails if one.missing)
        if missing:
            tell([ClusterOutcome(cluster="", asked="logs", status="partial", detail=missing[:LONGEST_DETAIL])])
        found = sorted((line for tail in tails for line in tail.lines if _matches(line, query)), key=lambda one: one.at)
        return LogRead(lines=_spread(found, window, query.limit or MOST_LINES), patterns=(), total=len(found))

    async def services(self) -> Sequence[str]:
        """Return the services that have a pod, in order."""
        return sorted({one.service for one in (await self._containers())[0]})

    async def _tails(self, service: str, window: Window) -> tuple[_Tail, ...]:
        every, partial = await self._containers()
        wanted = [one for one in every if service in {"", one.service}]
        chosen = _first_of_each(wanted)[:MOST_CONTAINERS]
        tails = await together((self._tail(one, window) for one in chosen), at_once=AT_ONCE)
        failed = [one.failed for one in tails if one.failed]
        if failed and len(failed) == len(tails):
            raise failed[0]
        left = f"the logs of {len(chosen)} of {len(wanted)} containers were read" if len(chosen) < len(wanted) else ""
        return (*tails, _Tail(missing=left), _Tail(missing=f"pods: {partial}" if partial else ""))

    async def _containers(self) -> tuple[list[_Container], str]:
        choice = Choice(namespace=self._namespace)
        listed = await self._reader.kept(RESOURCES["pods"], choice, lambda pod: [*self._of(pod)])
        return [one for containers in listed.items for one in containers], listed.partial

    def _of(self, pod: Raw) -> Iterator[_Container]:
        service, is_well = self._service(pod), pod.condition("Ready").text("status") == "True"
        restarted = {
            one.text("name") for one in pod.each("status", "containerStatuses") if one.number("restartCount") > 0
        }
        held = Raw({"metadata": {"namespace": pod.namespace, "name": pod.name}})
        for name in (one.text("name") for one in pod.each("spec", "containers")):
            if name:
                yield _Container(pod=held, name=name, service=service, is_well=is_well)
            if name in restarted:
                yield _Container(pod=held, name=name, service=service, is_well=is_well, is_previous=True)

    def _service(self, pod: Raw) -> str:
        labels = pod.pairs("metadata", "labels")
        owner, mark = pod.owner.text("name"), labels.get(_HASH, "")
        workload = owner.removesuffix(f"-{mark}") if mark else owner
        return (labels.get(self._label, "") if self._label else "") or workload or pod.name

    async def _tail(self, one: _Container, window: Window) -> _Tail:
        for most in (MOST_OF_EACH, MOST_OF_EACH // SMALLER):
            since = window.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            given = (("timestamps", "true"), ("sinceTime", since), ("tailLines", str(most)))
            before = (("previous", "true"),) if one.is_previous else ()
            try:
                answer = await self._reader.log(one.pod, one.name, (*given, *before), MOST_OF_EACH_BYTES)
            except SourceFailed as failed:
                return _Tail(missing=f"{one.title}: {failed.happened}", failed=failed)
            if not answer.is_cut:
                return _read(one, answer.body, most, window)
        return _Tail(missing=f"{one.title}: its newest {most} lines are more than {MOST_OF_EACH_BYTES // 2**10} kB")


def _first_of_each(containers: Sequence[_Container]) -> list[_Container]:
    """Order containers: what is not well first, and the first of every service before the second of any."""
    seen: dict[str, int] = {}
    ranked: list[tuple[bool, int, str, int, _Container]] = []
    for one in sorted(containers, key=lambda each: (each.is_well, each.pod.name, each.name, not each.is_previous)):
        seen[one.service] = seen.get(one.service, 0) + 1
        ranked.append((one.is_well, seen[one.service], one.service, len(ranked), one))
    return [one for *_, one in sorted(ranked, key=lambda each: each[:4])]


def _read(one: _Container, body: bytearray, most: int, window: Window) -> _Tail:
    stored = [line for line in bytes(body).split(b"\n") if line.strip()]
    told = [line for line in (_line(one, each) for each in stored) if line is not None]
    first = min((line.at for line in told), default=window.start)
    is_short = len(stored) >= most and first > window.start
    missing = f"{one.title}: nothing before {first:%H:%M:%S} was read, its newest {most} lines" if is_short else ""
    return _Tail(lines=tuple(line for line in told if window.contains(line.at)), missing=missing)


def _line(one: _Container, stored: bytes) -> LogLine | None:
    """Read a line behind the time at which it was written; None where that is none."""
    moment, _, rest = stored.partition(b" ")
    at = _moment(moment)
    if at is None:
        return None
    fields = fields_of(rest) if rest.lstrip()[:1] == b"{" else None
    if fields is not None and text_of(fields):
        own = {**fields, "pod": one.pod.name}
        return line_of(at, text_of(fields), {**own, "workload": one.service}, ("workload",))
    text = rest.decode("utf-8", errors="replace").rstrip()
    return line_of(at, text, {"pod": one.pod.name, "level": level_in(text), "workload": one.service}, ("workload",))


def _moment(written: bytes) -> datetime | None:
    try:
        return read_moment(written[:40].decode("ascii"))
    except ValueError:
        return None


def _matches(line: LogLine, query: LogQuery) -> bool:
    return query.severity.lower() in {"", line.severity.lower()} and query.text.lower() in line.text.lower()


def _spread(lines: Sequence[LogLine], window: Window, limit: int) -> tuple[LogLine, ...]:
    """Keep the newest of each part of the window where there are too many, so that before and after are both seen."""
    if len(lines) <= limit:
        return tuple(lines)
    share = -(-limit // PARTS)
    parts = ([line for line in lines if part.contains(line.at)][-share:] for part in slices(window, PARTS))
    return tuple([line for part in parts for line in part][-limit:])
