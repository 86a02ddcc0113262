"""The ends of container logs, as they are or as counted errors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rootline.analysis.logs.masking import mask
from rootline.analysis.logs.message import message
from rootline.analysis.logs.wording import is_error
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.manifests import Manifests
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES

MOST_PODS = 3
_MOST_CONTAINERS = 4
_TAIL_LINES = 400
_TAIL_BYTES = 64 * 2**10
_LONGEST_LINE = 1_000
_MOST_PATTERNS = 40
_NOTES = ("# partial:", "# not read:")
_SELECTED = ("spec", "selector", "matchLabels")


@dataclass(frozen=True, kw_only=True)
class Tail:
    """The end of one container's log; `is_previous` for the container that ended before this one."""

    pod: str
    container: str
    is_previous: bool
    lines: list[str]

    @property
    def title(self) -> str:
        """Where it comes from."""
        return f"==> pod/{self.pod} {self.container}{' (previous)' if self.is_previous else ''} <=="


class Logs:
    """Reads logs of a pod, or of some pods of an application: those first that are not well."""

    def __init__(self, reader: Reader, manifests: Manifests) -> None:
        self._reader = reader
        self._manifests = manifests

    async def plain(self, name: str, namespace: str) -> str | None:
        """The last lines as they are; None when there is no such pod or application."""
        tails = await self._tails(name, namespace)
        return None if tails is None else "\n".join(line for tail in tails for line in (tail.title, *tail.lines)) + "\n"

    async def errors(self, name: str, namespace: str) -> str | None:
        """The errors among the last lines, alike ones counted; None when there is no such pod or application."""
        tails = await self._tails(name, namespace)
        return None if tails is None else "\n".join(_counted(line for tail in tails for line in tail.lines)) + "\n"

    async def _tails(self, name: str, namespace: str) -> Sequence[Tail] | None:
        pods = await self._pods(name, namespace)
        if pods is None:
            return None
        return [tail for pod in pods for container in _containers(pod) for tail in await self._of(pod, container)]

    async def _pods(self, name: str, namespace: str) -> list[Raw] | None:
        pod = await self._reader.one(RESOURCES["pods"], namespace, name)
        if pod is not None:
            return [pod]
        _, workload = await self._manifests.workload(name, namespace)
        labels = workload.pairs(*_SELECTED) if workload else {}
        if workload is None or not labels:
            return None
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        choice = Choice(namespace=workload.namespace, labels=selector, most=100)
        found = (await self._reader.each(RESOURCES["pods"], choice)).items
        return sorted(found, key=lambda one: (_is_well(one), one.name))[:MOST_PODS]

    async def _of(self, pod: Raw, container: str) -> list[Tail]:
        restarted = any(
            one.text("name") == container and one.number("restartCount")
            for one in pod.each("status", "containerStatuses")
        )
        return [await self._tail(pod, container, before) for before in ((True, False) if restarted else (False,))]

    async def _tail(self, pod: Raw, container: str, before: bool) -> Tail:
        given = (("tailLines", str(_TAIL_LINES)), *((("previous", "true"),) if before else ()))
        try:
            answer = await self._reader.log(pod, container, given, _TAIL_BYTES)
        except SourceFailed as failed:
            return Tail(pod=pod.name, container=container, is_previous=before, lines=[f"# not read: {failed}"])
        lines = [line[:_LONGEST_LINE] for line in answer.body.decode(errors="replace").split("\n") if line.strip()]
        cut = [f"# partial: cut after {_TAIL_BYTES // 2**10} kB"] if answer.is_cut else []
        return Tail(pod=pod.name, container=container, is_previous=before, lines=[*lines, *cut])


def _containers(pod: Raw) -> list[str]:
    names = [one.text("name") for one in pod.each("spec", "containers")]
    return [name for name in names if name][:_MOST_CONTAINERS]


def _is_well(pod: Raw) -> bool:
    return pod.condition("Ready").text("status") == "True"


def _counted(lines: Iterator[str]) -> Iterator[str]:
    """First the totals, then one line for each kind of error, the most frequent first."""
    total, found = 0, 0
    samples: dict[str, tuple[int, str]] = {}
    notes: list[str] = []
    for line in lines:
        if line.startswith(_NOTES):
            notes.append(line)
            continue
        total += 1
        read = message(line)
        if is_error(read.text, read.severity):
            found += 1
            masked = mask(read.text)
            count, sample = samples.get(masked, (0, line))
            samples[masked] = (count + 1, sample)
    yield f"total_log_count: {total}"
    yield f"total_errors: {found}"
    ordered = sorted(samples.values(), key=lambda one: -one[0])[:_MOST_PATTERNS]
    yield from (f"{count}x {' '.join(sample.split())}" for count, sample in ordered)
    yield from dict.fromkeys(notes)
