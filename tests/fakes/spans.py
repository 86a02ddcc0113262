"""Spans written in a line each, around an onset at noon."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rootline.domain.signal import Span
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, 0, 0, 500, tzinfo=UTC)
"""Not a whole millisecond, which would look like a coarse clock."""
AROUND = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))


def span(
    name: str,
    where: str,
    at_s: float,
    took_s: float = 0.1,
    *,
    trace: str = "t",
    error: str = "",
    attributes: Mapping[str, str] | None = None,
) -> Span:
    """`name` is "id" or "id<parent", `where` is "service/operation"; the start counts from noon."""
    identity, _, parent = name.partition("<")
    service, _, operation = where.partition("/")
    return Span(
        trace_id=trace,
        span_id=identity,
        parent_id=parent or None,
        service=service,
        operation=operation,
        start=NOON + timedelta(seconds=at_s),
        duration_s=took_s,
        status="error" if error else "ok",
        error=error,
        attributes=attributes or {},
    )
