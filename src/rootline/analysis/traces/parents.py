"""Which span a span's parent id means."""

from collections.abc import Sequence

from rootline.domain.signal import Span

_NO_PARENT = {"", "root", "none", "null"}
_SKEW_S = 5.0
_UNSURE = -2


def named_parent(span: Span) -> str | None:
    """The parent id, or None where the span says in one of the usual ways that it is a root."""
    named = span.parent_id or ""
    return None if named.lower() in _NO_PARENT or not named.strip("0") else named


def parents(spans: Sequence[Span], starts: Sequence[float]) -> list[int]:
    """Find each span's parent, -1 where it has none, with cycles cut.

    Trace ids cannot be trusted, so a parent of another trace is accepted when its span was running as the
    child began, give or take 5 s of clock skew. Among several the nearest in time wins, then in order.

    Source: 5 s is far above the skew of hosts with NTP (below 0.1 s) and below most timeouts; own choice.
    """
    whole: dict[tuple[str, str], list[int]] = {}
    for at, span in enumerate(spans):
        whole.setdefault((span.trace_id, span.span_id), []).append(at)
    found = [_in_its_trace(at, span, whole) for at, span in enumerate(spans)]
    unsure = [at for at, up in enumerate(found) if up == _UNSURE]
    carriers = _carriers(spans) if unsure else {}
    for at in unsure:
        found[at] = _best(at, spans, starts, carriers)
    _cut_cycles(found)
    return found


def _in_its_trace(at: int, span: Span, whole: dict[tuple[str, str], list[int]]) -> int:
    """Return the one span of the same trace that is named, -1 for a root, and else that it takes a closer look."""
    named = named_parent(span)
    if named is None:
        return -1
    known = whole.get((span.trace_id, named), ())
    return known[0] if len(known) == 1 and known[0] != at else _UNSURE


def _carriers(spans: Sequence[Span]) -> dict[str, list[int]]:
    carriers: dict[str, list[int]] = {}
    for at, span in enumerate(spans):
        carriers.setdefault(span.span_id, []).append(at)
    return carriers


def _best(at: int, spans: Sequence[Span], starts: Sequence[float], carriers: dict[str, list[int]]) -> int:
    named = named_parent(spans[at])
    candidates = [other for other in carriers.get(named or "", ()) if other != at] if named else []
    trace = spans[at].trace_id
    related = [other for other in candidates if spans[other].trace_id == trace] or [
        other for other in candidates if _away(at, other, spans, starts) <= _SKEW_S
    ]
    if len(related) == 1:
        return related[0]
    return min(related, key=lambda up: (_away(at, up, spans, starts), abs(at - up)), default=-1)


def _away(at: int, up: int, spans: Sequence[Span], starts: Sequence[float]) -> float:
    """Seconds between the child's start and the time in which the parent ran, 0 when inside."""
    end = starts[up] + spans[up].duration_s
    return max(starts[up] - starts[at], starts[at] - end, 0.0)


def _cut_cycles(parent: list[int]) -> None:
    settled = [False] * len(parent)
    for at, up in enumerate(parent):
        if up < 0 or settled[up]:
            settled[at] = True
            continue
        path: dict[int, None] = {}
        here = at
        while here >= 0 and not settled[here] and here not in path:
            path[here] = None
            here = parent[here]
        if here in path:
            parent[here] = -1
        for passed in path:
            settled[passed] = True
