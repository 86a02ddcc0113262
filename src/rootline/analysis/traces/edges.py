"""The calls between services that spans prove."""

from collections import Counter
from collections.abc import Iterable

from rootline.analysis.traces.forest import Forest, plant
from rootline.domain.signal import Edge, Span

_NAMED_CALLEE = "peer.service"


def edges(spans: Iterable[Span]) -> list[Edge]:
    """Every caller and callee with the number of calls, in alphabetical order, found in "traces".

    A call is a child span of another service, or a span without children that names its `peer.service`.
    """
    return edges_of(plant(spans))


def edges_of(forest: Forest) -> list[Edge]:
    """The same for spans that already stand in trees."""
    calls: Counter[tuple[str, str]] = Counter()
    for at, above in enumerate(forest.parent):
        service = forest.spans[at].service
        if above >= 0 and forest.spans[above].service != service:
            calls[forest.spans[above].service, service] += 1
        named = forest.spans[at].attributes.get(_NAMED_CALLEE, "")
        if named and named != service and not forest.children[at] and not _is_server(forest, at):
            calls[service, named] += 1
    return [
        Edge(caller=caller, callee=callee, found_in="traces", calls=count)
        for (caller, callee), count in sorted(calls.items())
    ]


def _is_server(forest: Forest, at: int) -> bool:
    """Whether the span serves a call, so that its peer is the caller.

    Source: OpenTelemetry specification 1.x, span kinds; Zipkin and Jaeger write the tag `span.kind`.
    """
    attributes = forest.spans[at].attributes
    kind = attributes.get("span.kind") or attributes.get("kind", "")
    return kind.lower().removeprefix("span_kind_") in {"server", "consumer"}
