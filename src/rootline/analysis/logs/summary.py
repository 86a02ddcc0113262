"""What the logs of a window say, one finding a template, the most telling first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.analysis.logs.causes import with_root
from rootline.analysis.logs.counts import Counts
from rootline.analysis.logs.findings import Exemplar, LogFinding
from rootline.analysis.logs.joining import Group, groups
from rootline.analysis.logs.records import Record, fold
from rootline.analysis.logs.wording import is_error, quotes_a_user
from rootline.domain.signal import LogLine, LogPattern
from rootline.domain.window import Window

_TRACES = 5
_SHOWN = 1000


@dataclass(frozen=True, kw_only=True)
class _Span:
    """Where the baseline ends, and how many seconds the lines cover on each side."""

    split: datetime
    end: datetime
    before_s: float
    now_s: float


def summarise(
    lines: Sequence[LogLine],
    patterns: Sequence[LogPattern],
    window: Window,
    *,
    onset: datetime | None = None,
) -> list[LogFinding]:
    """Count templates from the onset to the window's end against those before the onset.

    Without an onset the baseline is what precedes the window. Stack traces are one record with the line that
    caused them. Where the source counted patterns itself, its counts replace those of the given lines, which are
    then a sample. Lines after the window are ignored. The order depends on the findings alone.
    """
    return findings_of(grouped(lines, patterns, window), lines, window, onset=onset)


def grouped(lines: Sequence[LogLine], patterns: Sequence[LogPattern], window: Window) -> list[Group]:
    """Group the records that begin before the window's end by service and template."""
    return groups([record for record in fold(lines) if record.at < window.end], patterns)


def findings_of(
    known: Sequence[Group], lines: Sequence[LogLine], window: Window, *, onset: datetime | None = None
) -> list[LogFinding]:
    """Count what was grouped, as `summarise` does; `lines` are those that the groups were made of."""
    span = _cover([record for group in known for record in group.records], window, onset or window.start)
    found = [_finding(group, span, lines) for group in known]
    return sorted(found, key=lambda one: (-one.importance, one.service, one.template))


def _cover(records: Sequence[Record], window: Window, split: datetime) -> _Span:
    first = min([window.start, *(record.at for record in records)])
    return _Span(
        split=split,
        end=window.end,
        before_s=(split - first).total_seconds() if any(record.at < split for record in records) else 0.0,
        now_s=(window.end - split).total_seconds(),
    )


def _finding(group: Group, span: _Span, lines: Sequence[LogLine]) -> LogFinding:
    current = [record for record in group.records if record.at >= span.split]
    shown = current or group.records
    counts = _counts(group, len(current), span)
    told = () if group.beside else shown
    severity = group.severity or next((record.severity for record in told if record.severity), "")
    head = told[0].head if told else group.template
    return LogFinding(
        service=group.service,
        template=group.template,
        count=counts.now,
        baseline_count=counts.before,
        first_seen=group.records[0].at if group.records else None,
        last_seen=group.records[-1].at if group.records else None,
        severity=severity,
        novelty=counts.novelty,
        growth=counts.growth,
        exemplar=_exemplar(shown[0], lines) if shown else None,
        trace_ids=tuple(dict.fromkeys(record.trace_id for record in shown if record.trace_id))[:_TRACES],
        frames=next((record.frames for record in told if record.frames), ()),
        is_error=is_error(head, severity),
        from_user_text=quotes_a_user(head),
        counted_by_source=group.count is not None,
    )


def _counts(group: Group, current: int, span: _Span) -> Counts:
    """The source's counts over two equal times where it has them, else those of the lines."""
    before = len(group.records) - current
    if group.count is None:
        return Counts(now=current, before=before, now_s=span.now_s, before_s=span.before_s)
    if group.baseline_count is not None:
        return Counts(now=group.count, before=group.baseline_count, now_s=1.0, before_s=1.0)
    share = before / len(group.records) if group.records else 0.0
    past = round(group.count * share)
    return Counts(now=group.count - past, before=past, now_s=span.now_s, before_s=span.before_s)


def _exemplar(record: Record, lines: Sequence[LogLine]) -> Exemplar:
    return Exemplar(line=record.index, text=with_root(lines[record.index].text, record.root, _SHOWN))
