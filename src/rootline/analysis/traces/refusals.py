"""Requests that are refused and were not before: nobody calls them failed where only those outside are refused."""

from collections.abc import Hashable, Sequence

import numpy as np

from rootline.analysis.traces.likelihood import gained
from rootline.domain.signal import Span

_CODES = ("http.response.status_code", "http.status_code")
_LEAST, _CLEAR, _SHARE, _MORE = 5, 8.0, 0.05, 4.0
"""Source: ours; so many of a kind, so many nats likelier than one share for all, a twentieth of the calls, and four
times the share of before: some are refused on any day, who ask for what is not there or may not see it."""


def refused(spans: Sequence[Span], operations: Sequence[Hashable], parent: Sequence[int]) -> frozenset[int]:
    """Return the places of spans that were answered with a refusal which their operation did not give before.

    Spans are in order of their start. A refusal is a status of 400 to 499; where the caller's own span tells of it,
    or the span itself says that it failed, it is left out, as that is known without it.
    """
    found: dict[Hashable, list[int]] = {}
    for at, span in enumerate(spans):
        if is_refusal(span) and not _is_told(span) and (parent[at] < 0 or not _is_told(spans[parent[at]])):
            found.setdefault(operations[at], []).append(at)
    often = {operation: set(of) for operation, of in found.items() if len(of) >= _LEAST}
    calls: dict[Hashable, list[int]] = {operation: [] for operation in often}
    for at, operation in enumerate(operations if often else ()):
        if operation in calls:
            calls[operation].append(at)
    return frozenset(at for operation, of in often.items() for at in _new(of, calls[operation]))


def is_refusal(span: Span) -> bool:
    """Whether a span was answered with a status of 400 to 499."""
    code = next((span.attributes[name] for name in _CODES if span.attributes.get(name)), "")
    return len(code) == 3 and code[0] == "4" and code.isascii() and code.isdigit()  # noqa: PLR2004 the digits of a status


def _is_told(span: Span) -> bool:
    return span.status == "error" or bool(span.error)


def _new(bad: set[int], calls: Sequence[int]) -> set[int]:
    """Return the bad ones of an operation's calls since the moment from which on they are more; none without one."""
    is_bad = np.array([at in bad for at in calls], dtype=np.float64)
    before, count = np.cumsum(is_bad) - is_bad, np.arange(is_bad.size, dtype=np.float64)
    gain = gained(is_bad.sum() - before, is_bad.size - count, before, count)
    best = int(gain.argmax())
    now, usual = is_bad[best:].mean(), is_bad[:best].mean() if best else 0.0
    if gain[best] < _CLEAR or now < max(_SHARE, _MORE * usual):
        return set()
    return {at for at in calls[best:] if at in bad}
