"""The layout of one constructed incident: alert, logs, metrics, traces, patterns, status feed and `context/`."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rootline.analysis.metrics.units import guess_unit
from rootline.domain.change import ChangeSet, Commit, Deployment, FlagChange, StatusEntry
from rootline.domain.session import Question
from rootline.domain.signal import Alert, LogLine, LogPattern, Series, Severity, Span, SpanStatus
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.tapes.importers.json_files import field, moment, read_json, read_text, rows
from rootline.tapes.recording import Recording

_STEP = timedelta(minutes=1)
_SEVERITIES: Mapping[str, Severity] = {"critical": "critical", "high": "high", "warning": "medium", "low": "low"}
_STATUSES: Mapping[str, SpanStatus] = {"ERROR": "error", "OK": "ok"}


def read_rootcausebench(folder: Path) -> Recording:
    """Read the incident in `folder`; its truth is not opened."""
    alerts = _alerts(folder / "alert.json")
    series = (*_metrics(folder / "metrics.csv"), *_status_series(folder / "status_feed.json"))
    lines = _lines(folder / "logs.ndjson")
    spans = _spans(folder / "traces.json")
    window = _window(alerts, series, lines or (), spans or ())
    alert = alerts[0] if alerts else None
    return Recording(
        title=folder.name,
        question=Question(
            text=f"What caused this alert? {alert.summary}" if alert else "What went wrong here?",
            window=window,
            service=alert.service if alert else "",
            trigger="alert" if alert else "question",
        ),
        series=series or None,
        lines=lines,
        patterns=_patterns(folder / "patterns.json"),
        spans=spans,
        alerts=alerts or None,
        changes=_changes(folder),
    )


def _alerts(file: Path) -> tuple[Alert, ...]:
    row = read_json(file)
    if row is None:
        return ()
    if not isinstance(row, dict):
        raise BadTape(f"{file} must hold one object.")
    return (
        Alert(
            name=str(row.get("monitor") or row.get("metric") or "alert"),
            service=str(field(row, "service", file)),
            severity=_SEVERITIES.get(str(row.get("severity", "")).lower(), "medium"),
            fired_at=moment(field(row, "fired_at", file), file),
            summary=str(row.get("summary", "")),
            metric=str(row.get("metric", "")),
            threshold=_number(row.get("threshold")),
            observed=_number(row.get("observed")),
        ),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _metrics(file: Path) -> tuple[Series, ...]:
    text = read_text(file)
    if text is None:
        return ()
    points: dict[tuple[str, str], dict[float, float]] = defaultdict(dict)
    table = csv.DictReader(io.StringIO(text))
    if text.strip() and not {"service", "metric", "timestamp", "value"} <= set(table.fieldnames or ()):
        raise BadTape(f"{file} needs a header with timestamp, service, metric and value.")
    for number, row in enumerate(table, 2):
        try:
            key = (row["service"], row["metric"])
            points[key][moment(row["timestamp"], file).timestamp()] = float(row["value"])
        except (KeyError, ValueError, TypeError) as bad:
            raise BadTape(f"{file}, line {number}: needs timestamp, service, metric and a number: {bad}.") from bad
    return tuple(_series(service, metric, found) for (service, metric), found in sorted(points.items()))


def _series(service: str, metric: str, points: Mapping[float, float]) -> Series:
    times = np.array(sorted(points), dtype=np.float64)
    values = np.array([points[at] for at in times.tolist()], dtype=np.float64)
    return Series(service=service, metric=metric, unit=guess_unit(metric), times=times, values=values)


def _lines(file: Path) -> tuple[LogLine, ...] | None:
    text = read_text(file)
    if text is None:
        return None
    return tuple(_line(line, file, number) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _line(line: str, file: Path, number: int) -> LogLine:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as bad:
        raise BadTape(f"{file}, line {number} is no JSON: {bad}.") from bad
    if not isinstance(row, dict):
        raise BadTape(f"{file}, line {number} is no JSON object.")
    return LogLine(
        at=moment(field(row, "timestamp", file), file),
        service=str(row.get("service", "")),
        text=str(row.get("msg", row.get("message", row.get("body", "")))),
        severity=str(row.get("severity_text", row.get("level", ""))),
        trace_id=str(row.get("trace_id") or ""),
    )


def _patterns(file: Path) -> tuple[LogPattern, ...] | None:
    found = read_json(file)
    return None if found is None else tuple(_pattern(row, file) for row in rows(found, file))


def _whole(value: Any) -> int | None:
    """Read a count, also with a sign or as text; None for what is no count."""
    try:
        return None if value is None else int(float(str(value).replace(",", "")))
    except (ValueError, OverflowError):
        return None


def _pattern(row: Mapping[str, Any], file: Path) -> LogPattern:
    count, delta = _whole(row.get("count")) or 0, _whole(row.get("delta_vs_baseline"))
    baseline = None if delta is None else max(0, count - delta)
    negative = str(row.get("sentiment", "")) == "negative"
    return LogPattern(
        service=str(row.get("service", "")),
        template=str(field(row, "signature", file)),
        count=count,
        baseline_count=baseline,
        severity="ERROR" if negative else "",
    )


def _spans(file: Path) -> tuple[Span, ...] | None:
    found = read_json(file)
    return None if found is None else tuple(_span(row, file) for row in rows(found, file))


def _span(row: Mapping[str, Any], file: Path) -> Span:
    attributes = row.get("attributes")
    return Span(
        trace_id=str(row.get("trace_id", "")),
        span_id=str(field(row, "span_id", file)),
        parent_id=None if row.get("parent_id") is None else str(row["parent_id"]),
        service=str(row.get("service", "")),
        operation=str(row.get("name", "")),
        start=moment(field(row, "start", file), file),
        duration_s=(_number(row.get("duration_ms")) or 0.0) / 1000,
        status=_STATUSES.get(str(row.get("status", "")).upper(), "unset"),
        error=str(row.get("error") or ""),
        attributes={key: str(value) for key, value in attributes.items()} if isinstance(attributes, dict) else {},
    )


def _changes(folder: Path) -> ChangeSet | None:
    files = [folder / "context" / f"{name}.json" for name in ("commits", "deploys", "flags")]
    found = [read_json(file) for file in files]
    feed = read_json(folder / "status_feed.json")
    if all(one is None for one in (*found, feed)):
        return None
    commits, deploys, flags = (rows(one or [], file) for one, file in zip(found, files, strict=True))
    return ChangeSet(
        commits=tuple(_commit(row, order, files[0]) for order, row in enumerate(commits)),
        deployments=tuple(_deployment(row, files[1]) for row in deploys),
        flags=tuple(_flag(row, files[2]) for row in flags),
        statuses=tuple(_statuses(feed, folder / "status_feed.json")) if isinstance(feed, dict) else (),
    )


def _commit(row: Mapping[str, Any], order: int, file: Path) -> Commit:
    return Commit(
        sha=str(field(row, "sha", file)),
        at=moment(field(row, "timestamp", file), file),
        message=str(row.get("message", "")),
        author=str(row.get("author", "")),
        files=tuple(str(name) for name in row.get("files_changed") or ()),
        diff=str(row.get("diff") or ""),
        order=order,
    )


def _deployment(row: Mapping[str, Any], file: Path) -> Deployment:
    return Deployment(
        service=str(field(row, "service", file)),
        at=moment(field(row, "timestamp", file), file),
        commit=str(row.get("commit_sha", "")),
        version=str(row.get("version", "")),
    )


def _flag(row: Mapping[str, Any], file: Path) -> FlagChange:
    before, _, after = str(row.get("change", "")).partition("->")
    return FlagChange(
        flag=str(row.get("flag") or row.get("name") or row.get("key") or "unnamed"),
        service=str(row.get("service", "")),
        at=moment(field(row, "timestamp", file), file),
        before=before,
        after=after,
        actor=str(row.get("actor", "")),
    )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """Keep the objects of a list; a feed may hold anything."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _statuses(feed: Mapping[str, Any], file: Path) -> Iterable[StatusEntry]:
    provider = str(feed.get("provider", "provider"))
    fetched = feed.get("fetched_at")
    for component in _objects(feed.get("components")):
        if fetched:
            name, status = str(component.get("name", "")), str(component.get("status", ""))
            yield StatusEntry(provider=provider, at=moment(fetched, file), status=status, text=name)
    for incident in _objects(feed.get("incidents")):
        yield from _incident(provider, incident, file)


def _incident(provider: str, incident: Mapping[str, Any], file: Path) -> Iterable[StatusEntry]:
    name, impact = str(incident.get("name", "")), str(incident.get("impact", "incident"))
    if incident.get("started_at"):
        yield StatusEntry(provider=provider, at=moment(incident["started_at"], file), status=impact, text=name)
    for update in _objects(incident.get("updates")):
        text = str(update.get("body") or update.get("text") or update.get("message") or "")
        if update.get("timestamp"):
            yield StatusEntry(provider=provider, at=moment(update["timestamp"], file), status=impact, text=text)


def _status_series(file: Path) -> tuple[Series, ...]:
    """Read numbers that a status feed publishes of the provider itself: lists of {timestamp, endpoint, value}."""
    feed = read_json(file)
    if not isinstance(feed, dict):
        return ()
    provider = str(feed.get("provider", "provider"))
    found: dict[tuple[str, str], dict[float, float]] = defaultdict(dict)
    for name, points in feed.items():
        for point in points if isinstance(points, list) else ():
            if isinstance(point, dict) and isinstance(point.get("value"), int | float) and "timestamp" in point:
                service = str(point.get("endpoint", provider))
                found[service, name][moment(point["timestamp"], file).timestamp()] = float(point["value"])
    return tuple(_series(service, metric, points) for (service, metric), points in sorted(found.items()))


def _window(
    alerts: Sequence[Alert], series: Sequence[Series], lines: Sequence[LogLine], spans: Sequence[Span]
) -> Window:
    """Span everything that was measured; a minute past the last sample, so that it is inside."""
    utc = moment("1970-01-01T00:00:00Z", Path()).tzinfo
    moments = [datetime.fromtimestamp(at, tz=utc) for one in series for at in (one.times[0], one.times[-1])]
    moments += [line.at for line in lines] + [span.start for span in spans] + [alert.fired_at for alert in alerts]
    if not moments:
        raise BadTape("This folder has no alert, metrics, logs or traces, so there is no time to look at.")
    return Window(start=min(moments), end=max(moments) + _STEP)
