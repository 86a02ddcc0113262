"""Reads back what `otlp_writing` wrote: its shape is known, so that spans of other times cost next to nothing."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.answered import MOST_BYTES
from rootline.sources.last_lines import last_lines
from rootline.sources.parsing import parse
from rootline.sources.traces.otlp import KINDS, MOST_READ, of_line, process_of
from rootline.sources.traces.span_fields import error_of, moment, status_of

_NONE = frozenset({"", "unspecified"})
_STARTS = re.compile(rb'"startTimeUnixNano":"(\d{1,20})"')
"""A text in a span cannot be taken for one, as its quotes are escaped."""


def read_kept(file: Path, window: Window) -> Iterator[Span]:
    """Yield the spans of the window in the file's last part, line by line.

    Raises:
        Misconfigured: The file cannot be read, or holds anything else than spans.

    """
    since, until = (round(at.timestamp() * 1e6) * 1000 for at in (window.start, window.end))
    for line in last_lines(file, MOST_READ, longest=MOST_BYTES):
        if any(since <= int(start) < until for start in _STARTS.findall(line)):
            yield from _inside(line, file, since, until)


def _inside(line: bytes, file: Path, since: int, until: int) -> list[Span]:
    """Read the spans of a line between two moments (nanoseconds); one of another shape as any file of OTLP."""
    try:
        return [
            _span(one, known)
            for resource in parse(bytearray(line))["resourceSpans"]
            for known in [_known(resource["resource"])]
            for scope in resource["scopeSpans"]
            for one in scope["spans"]
            if since <= int(one["startTimeUnixNano"]) < until
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        return [one for one in of_line(line, file) if since <= one.start.timestamp() * 1e9 < until]


def _known(resource: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    process = process_of(resource)
    return process.service, process.told


def _span(one: Mapping[str, Any], known: tuple[str, Mapping[str, str]]) -> Span:
    service, told = known
    own = {pair["key"]: pair["value"]["stringValue"] for pair in one["attributes"]}
    attributes = {**own, **told}
    kind, status = KINDS.get(str(one["kind"]), ""), one["status"]
    start, end = int(one["startTimeUnixNano"]), int(one["endTimeUnixNano"])
    return Span(
        trace_id=one["traceId"],
        span_id=one["spanId"],
        parent_id=one["parentSpanId"] or None,
        service=service,
        operation=one["name"],
        start=moment(start / 1000),
        duration_s=max(0, end - start) / 1e9,
        status=status_of(attributes, str(status["code"])),
        error=error_of(attributes, status["message"], ()),
        attributes={"span.kind": kind, **attributes} if kind not in _NONE else attributes,
    )
