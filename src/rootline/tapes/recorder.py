"""Listens to live sources while they are asked, and makes a recording of what they said."""

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.gpu.readings import GpuReading
from rootline.analysis.metrics.joining import identity, joined
from rootline.domain.change import ChangeSet
from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, LogLine, Series, Span
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.gating import gating
from rootline.sources.fleet.guarded import LISTING
from rootline.sources.fleet.hearing import Heard, hearing, tell
from rootline.sources.logs.source import LogQuery, LogRead
from rootline.tapes.recording import ClusterRead, Recording
from rootline.tapes.taken import Failed, Taken

Read = TypeVar("Read")
KINDS = ("metrics", "logs", "traces", "alerts", "changes", "topology", "cluster", "gpus")


@dataclass(frozen=True, kw_only=True)
class Ear:
    """The gate before one kind of source: everything passes, and is heard."""

    kind: str
    recorder: "Recorder"

    async def read(self, ask: Callable[[], Awaitable[Read]], asked: object) -> Read:
        """Ask, and keep what came back."""
        with hearing() as inner:
            try:
                answer = await ask()
            except SourceFailed as failed:
                self.recorder.missed(self.kind, failed)
                raise
            finally:
                self.recorder.heard.add(inner.outcomes)
        tell(inner.outcomes)
        self.recorder.keep(self.kind, asked, answer)
        return answer


@dataclass
class Recorder:
    """Everything that was read, each thing once."""

    heard: Heard = field(default_factory=Heard)
    _sources: Sources = field(default_factory=Sources)
    _kept: dict[str, dict[Hashable, Any]] = field(default_factory=dict)
    _lines: Counter[LogLine] = field(default_factory=Counter)
    _log_lines: int | None = None
    _failed: dict[str, Failed] = field(default_factory=dict)

    def over(self, sources: Sources) -> Sources:
        """Return the same sources, listened to."""
        self._sources = sources
        return gating(sources, lambda kind, _: Ear(kind=kind, recorder=self))

    def missed(self, kind: str, failed: SourceFailed) -> None:
        """Note that a kind of source failed; it counts when it never answers."""
        one = Failed(
            kind=kind, asked=failed.asked, happened=failed.happened, helps=failed.helps, is_late=failed.is_late
        )
        self._failed.setdefault(kind, one)

    def keep(self, kind: str, asked: object, answer: Any) -> None:
        """Keep what a source answered; lists of names are told by what they name."""
        held = self._kept.setdefault(kind, {})
        if isinstance(asked, ClusterQuery):
            held[asked] = answer
        elif isinstance(answer, LogRead):
            self._keep_logs(asked, answer, held)
        elif isinstance(answer, ChangeSet):
            for name in ChangeSet.__dataclass_fields__:
                held.update({(name, one): one for one in getattr(answer, name)})
        elif asked is not LISTING:
            for one in answer:
                key = _key(one)
                held[key] = joined(held[key], one) if isinstance(one, Series) and key in held else one

    def _keep_logs(self, asked: object, answer: LogRead, held: dict[Hashable, Any]) -> None:
        self._lines |= Counter(answer.lines)
        held.update({(one.service, one.template): one for one in answer.patterns})
        if asked == LogQuery() and answer.total > len(answer.lines):
            self._log_lines = answer.total

    async def recording(self, title: str, question: Question) -> Recording:
        """Make the recording; a kind of source that was never read is not on it."""
        runbooks = await self._sources.runbooks.runbooks() if self._sources.runbooks else None
        series = self._part("metrics")
        start = question.window.start.timestamp()
        has_history = any(one.times.size and one.times[0] < start for one in series or ())
        return Recording(
            title=title,
            question=question,
            series=series,
            lines=tuple(sorted(self._lines.elements(), key=lambda one: one.at)) if "logs" in self._kept else None,
            patterns=self._part("logs"),
            spans=self._part("traces"),
            alerts=self._part("alerts"),
            changes=self._changes(),
            edges=self._part("topology"),
            runbooks=tuple(runbooks) if runbooks is not None else None,
            cluster=self._cluster(),
            gpus=self._part("gpus"),
            taken=self._taken(has_history=has_history),
        )

    def _part(self, kind: str) -> tuple[Any, ...] | None:
        return tuple(self._kept[kind].values()) if kind in self._kept else None

    def _changes(self) -> ChangeSet | None:
        held = self._kept.get("changes")
        if held is None:
            return None
        found: dict[str, list[Any]] = {}
        for (name, _), one in _pairs(held):
            found.setdefault(name, []).append(one)
        return ChangeSet(**{name: tuple(sorted(many, key=_moment)) for name, many in found.items()})

    def _cluster(self) -> tuple[ClusterRead, ...] | None:
        held = self._kept.get("cluster")
        if held is None:
            return None
        texts = ((query, text) for query, text in held.items() if isinstance(query, ClusterQuery) and text is not None)
        return tuple(ClusterRead(query=query, text=text) for query, text in texts)

    def _taken(self, *, has_history: bool) -> Taken:
        sources = {kind: getattr(self._sources, kind) for kind in KINDS}
        return Taken(
            cluster=self._sources.cluster_name,
            backends={kind: one.name for kind, one in sources.items() if one is not None},
            has_history=has_history,
            log_lines=self._log_lines,
            outcomes=self.heard.outcomes,
            failed=tuple(one for kind, one in sorted(self._failed.items()) if kind not in self._kept),
        )


def _key(one: Series | Alert | Span | Edge | GpuReading) -> Hashable:
    """Return what makes two tellings the same thing."""
    if isinstance(one, GpuReading):
        return one.node, one.gpu.index, one.gpu.uuid
    if isinstance(one, Series):
        return identity(one)
    if isinstance(one, Alert):
        return one.name, one.service, one.fired_at, one.resolved_at, tuple(sorted(one.labels.items()))
    return (one.trace_id, one.span_id) if isinstance(one, Span) else one


def _moment(one: Any) -> float:
    """When a change was; 0 of what has no time, which stays in its order."""
    at = getattr(one, "at", None)
    return at.timestamp() if at is not None else 0.0


def _pairs(held: dict[Hashable, Any]) -> Iterable[tuple[tuple[str, Any], Any]]:
    return ((key, one) for key, one in held.items() if isinstance(key, tuple))
