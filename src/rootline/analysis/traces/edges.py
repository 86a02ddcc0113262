"""The calls between services that spans prove."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rootline.analysis.traces.forest import Forest, linked
from rootline.domain.signal import Edge, Span

NAMED_CALLEE = "peer.service"


def edges(spans: Iterable[Span]) -> list[Edge]:
    """Every caller and callee with the number of calls, in alphabetical order, found in "traces".

    A call is a child span of another service, or a span without children that names its `peer.service`.
    """
    unique, _, parent = linked(spans)
    return _edges(unique, parent)


def edges_of(forest: Forest) -> list[Edge]:
    """The same for spans that already stand in trees."""
    return _edges(forest.spans, forest.parent)


def _edges(spans: Sequence[Span], parent: Sequence[int]) -> list[Edge]:
    calls: Counter[tuple[str, str]] = Counter()
    above_some = set(parent)
    for at, span in enumerate(spans):
        above = parent[at]
        if above >= 0 and spans[above].service != span.service:
            calls[spans[above].service, span.service] += 1
        named = span.attributes.get(NAMED_CALLEE, "")
        if named and named != span.service and at not in above_some and not _is_server(span):
            calls[span.service, named] += 1
    return [
        Edge(caller=caller, callee=callee, found_in="traces", calls=count)
        for (caller, callee), count in sorted(calls.items())
    ]


def _is_server(span: Span) -> bool:
    """Whether the span serves a call, so that its peer is the caller.

    Source: OpenTelemetry specification 1.x, span kinds; Zipkin and Jaeger write the tag `span.kind`.
    """
    kind = span.attributes.get("span.kind") or span.attributes.get("kind", "")
    return kind.lower().removeprefix("span_kind_") in {"server", "consumer"}
