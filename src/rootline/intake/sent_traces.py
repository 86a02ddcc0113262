"""Spans that were sent to us, read beside the traces of those clusters that they are of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.traces import TraceInbox
from rootline.sources.bundle import Sources
from rootline.sources.fleet.spanning import SpanningTraces
from rootline.sources.stack import Given, stack, stacks
from rootline.sources.traces.joined import JoinedTraces
from rootline.sources.traces.otlp import CLUSTER


@dataclass(frozen=True, kw_only=True)
class Homes:
    """The names of all clusters that are known, and of the one that is asked where nobody chooses.

    `usual` is empty where that one has no name, or where there is none.
    """

    known: frozenset[str] = frozenset()
    usual: str = ""

    @classmethod
    def of(cls, variables: Mapping[str, str], registered: Collection[str]) -> Self:
        """Read them from the environment, its file and the registry; raise Misconfigured as `stack` does."""
        given = Given(variables=variables)
        usual, filed = stack(given).cluster, [one.cluster for one in stacks(given)]
        return cls(known=frozenset([*filed, *registered, usual]) - {""}, usual=usual)

    def owns(self, cluster: str, home: str) -> bool:
        """Whether what says that it is of `home` is of a cluster: an only one has all, and one without a name the rest.

        What names no cluster is of the usual one.
        """
        if not self.known - {cluster}:
            return True
        if not home:
            return cluster == self.usual
        return home == cluster if cluster else home not in self.known


class SentSpans:
    """The spans of one cluster that were sent to us, and none of another."""

    def __init__(self, inbox: TraceInbox, cluster: str, homes: Homes) -> None:
        self.name = inbox.name
        self._inbox, self._cluster, self._homes = inbox, cluster, homes

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time."""
        every = await self._inbox.spans("", window)
        own = [span for span in every if self._homes.owns(self._cluster, span.attributes.get(CLUSTER, ""))]
        touched = {span.trace_id for span in own if service in {"", span.service}}
        return [span for span in own if span.trace_id in touched]


def with_sent(sources: Sources, inbox: TraceInbox, homes: Homes) -> Sources:
    """Return sources that read the spans which were sent to us, too, beside those of another source of traces.

    Of several clusters each reads its own.
    """
    held = sources.traces
    if sources.clusters:
        members = [(one, SentSpans(inbox, one, homes)) for one in sorted(sources.clusters)]
        spanning = SpanningTraces(()) if held is None else held
        return replace(sources, traces=spanning.beside(members)) if isinstance(spanning, SpanningTraces) else sources
    sent = SentSpans(inbox, sources.cluster_name, homes)
    return replace(sources, traces=JoinedTraces([held, sent]) if held else sent)
