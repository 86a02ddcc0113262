"""The layout of one synthetic incident: an alert and files of what each monitoring tool would have answered.

Of `scenario.yml` only the folder that stands in for missing files is read, and of the alert's annotations only what
people are told: others name the fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rootline.analysis.metrics.joining import identity, joined
from rootline.domain.session import Question
from rootline.domain.signal import Alert, LogLine, Series, Severity
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.sources.logs.leading_time import split_time
from rootline.tapes.importers.history import RecordingWithHistory
from rootline.tapes.importers.json_files import moment, read_json, read_text, rows
from rootline.tapes.importers.kubernetes_tables import cluster_reads
from rootline.tapes.recording import ClusterRead
from rootline.yaml_text import NoYaml, read_yaml

HISTORY = timedelta(hours=6)
_AROUND = timedelta(minutes=60)
_FALLBACK = datetime(2000, 1, 1, tzinfo=UTC)
_TOLD = ("summary", "description", "error")
_SEVERITIES: Mapping[str, Severity] = {"critical": "critical", "high": "high", "warning": "medium", "info": "info"}
_STATES: Mapping[str, Severity] = {"alert": "high", "warn": "medium", "no data": "medium"}
_SCALES = {"Milliseconds": 1e-3}
_UNITS = {"Seconds": "s", "Milliseconds": "s", "Bytes": "bytes", "Percent": "percent", "Count/Second": "1/s"}
_MEASURED = "Performance Insights"
_COSTS = {
    "calls_per_sec": "calls a second",
    "avg_latency_ms_before": "milliseconds a call before",
    "avg_latency_ms_after": "milliseconds a call now",
    "avg_latency_ms": "milliseconds a call",
    "rows_examined_per_call": "rows examined a call",
}
_OVER = {"resolved", "recovered", "ok"}
_BAD = {"ERROR", "FATAL", "CRITICAL", "EMERGENCY"}
_CLUSTER = ("eks_pods", "eks_deployments", "eks_node_health", "eks_events")


@dataclass(frozen=True, kw_only=True)
class Files:
    """A folder and the one that stands in for what it lacks."""

    folder: Path
    base: Path | None

    def read(self, name: str) -> Mapping[str, Any]:
        """Return the object in a file; an empty one where neither folder has it."""
        for folder in (self.folder, self.base):
            found = None if folder is None else read_json(folder / f"{name}.json")
            if isinstance(found, dict):
                return found
        return {}

    def list(self, name: str, key: str) -> Sequence[Mapping[str, Any]]:
        """Return the list of objects under a key of a file; none where it is missing."""
        return rows(self.read(name).get(key) or [], self.folder / f"{name}.json")

    def has(self, name: str) -> bool:
        """Whether either folder has the file."""
        return any(folder is not None and (folder / f"{name}.json").is_file() for folder in (self.folder, self.base))


def read_opensre(folder: Path) -> RecordingWithHistory:
    """Read the incident in `folder`; its answer is not opened."""
    files = Files(folder=folder, base=_base(folder))
    series, lines = _series(files), _lines(files)
    cluster = tuple(_cluster(files, lines)) if any(files.has(name) for name in _CLUSTER) else None
    window = _window(files, series, lines)
    alerts = _alerts(files, _noticed(lines, window.end))
    told = " ".join(one.summary for one in alerts[:1])
    return RecordingWithHistory(
        title=folder.name,
        history=HISTORY,
        question=Question(
            text=f"What caused this alert? {told}"[:4000] if told else "What went wrong here?",
            window=window,
            service=alerts[0].service if alerts else "",
            namespace=str(_labels(files).get("namespace", "")),
            trigger="alert" if alerts else "custom",
        ),
        series=_with_normal(folder, series) or None,
        lines=tuple(lines) if files.has("datadog_logs") or lines else None,
        alerts=alerts,
        cluster=cluster,
    )


def _noticed(lines: Sequence[LogLine], end: datetime) -> datetime:
    """Nobody recorded when the alert fired: with the first error that was recorded beside it, else at the end."""
    return min((line.at for line in lines if line.severity in _BAD), default=end)


def _base(folder: Path) -> Path | None:
    try:
        found = read_yaml(read_text(folder / "scenario.yml") or "")
    except NoYaml as bad:
        raise BadTape(f"{folder / 'scenario.yml'} is no YAML: {bad}.") from bad
    name = found.get("base") if isinstance(found, dict) else None
    base = folder.parent / Path(str(name)).name if name else None
    return base if base is not None and base.is_dir() else None


def _labels(files: Files) -> Mapping[str, Any]:
    found = files.read("alert").get("commonLabels")
    return found if isinstance(found, dict) else {}


def _alerts(files: Files, fired_at: datetime) -> tuple[Alert, ...]:
    """Return the alert that was sent and the monitors that are not well."""
    alert, labels = files.read("alert"), _labels(files)
    notes = alert.get("commonAnnotations") or {}
    at = fired_at - timedelta(seconds=1)
    service = _service(files)
    is_over = str(alert.get("state", "")).lower() in _OVER
    sent = Alert(
        name=str(labels.get("alertname", "alert")),
        service=service,
        severity=_SEVERITIES.get(str(labels.get("severity", "")).lower(), "medium"),
        fired_at=at,
        resolved_at=fired_at if is_over else None,
        summary=" ".join(str(notes[key]) for key in _TOLD if notes.get(key)),
    )
    bad = [one for one in files.list("datadog_monitors", "monitors") if str(one.get("overall_state", "OK")) != "OK"]
    monitors = (
        Alert(
            name=str(one.get("name", "monitor")),
            service=service,
            severity=_STATES.get(str(one.get("overall_state", "")).lower(), "medium"),
            fired_at=at,
            summary=str(one.get("message", "")),
        )
        for one in bad
    )
    return (*((sent,) if alert else ()), *monitors)


def _series(files: Files) -> tuple[Series, ...]:
    found = (_metric(row, files.folder) for row in files.list("aws_cloudwatch_metrics", "metric_data_results"))
    insights = files.read("aws_performance_insights")
    load = insights.get("db_load")
    of = str(insights.get("db_instance_identifier", ""))
    named = {"metric_name": "DatabaseLoad", "dimensions": [{"Name": "DBInstanceIdentifier", "Value": of}]}
    loaded = [_metric({**named, **load}, files.folder)] if isinstance(load, dict) else []
    return (*found, *loaded, *_counters(insights.get("counter_metrics"), of, files.folder))


def _counters(held: Any, of: str, folder: Path) -> Iterable[Series]:
    """The counters of the database itself: lists of values beside one list of times, or each with its own times."""
    common = held.get("timestamps") if isinstance(held, dict) else None
    for name, one in held.items() if isinstance(held, dict) else ():
        told = one if isinstance(one, dict) else {"timestamps": common, "values": one}
        values = told.get("values")
        if name != "timestamps" and isinstance(values, list) and all(isinstance(v, int | float) for v in values):
            yield _metric({"metric_name": name, "dimensions": [{"Value": of}], **told}, folder)


def _with_normal(folder: Path, known: Sequence[Series]) -> tuple[Series, ...]:
    """Put the normal time that is recorded beside the incidents before each series that it has too."""
    found = read_json(folder.parent / "shared" / "baseline_metrics.json")
    normal = rows(found.get("metric_data_results") or [], folder) if isinstance(found, dict) else []
    before = {identity(one): one for row in normal if (one := _metric(row, folder)).times.size}
    return tuple(joined(before.get(identity(one)), one) for one in known)


def _metric(row: Mapping[str, Any], folder: Path) -> Series:
    stamps, values = row.get("timestamps") or [], row.get("values") or []
    told = str(row.get("unit", ""))
    scale = _SCALES.get(told, 1.0)
    points = {moment(at, folder).timestamp(): float(value) * scale for at, value in zip(stamps, values, strict=False)}
    owner = next((one.get("Value") for one in row.get("dimensions") or [] if isinstance(one, dict)), "")
    return Series(
        service=str(owner),
        metric=str(row.get("metric_name", "")),
        unit=_UNITS.get(told, ""),
        labels={"stat": str(row["stat"])} if row.get("stat") else {},
        times=np.array(sorted(points)),
        values=np.array([points[at] for at in sorted(points)]),
    )


def _lines(files: Files) -> Sequence[LogLine]:
    found = [
        *(_datadog(row, files.folder) for row in files.list("datadog_logs", "logs")),
        *_pod_logs(files),
        *(_event(row, files.folder) for row in files.list("aws_rds_events", "events")),
        *_statements(files),
    ]
    found += _well_monitors(files, max((line.at for line in found), default=None))
    return sorted(found, key=lambda line: line.at)


def _well_monitors(files: Files, at: datetime | None) -> Iterable[LogLine]:
    """Say which monitors are well: their state is what was asked last, no line of a log."""
    service = _service(files)
    for one in files.list("datadog_monitors", "monitors"):
        if at is not None and str(one.get("overall_state", "")) == "OK":
            since = f" since {one['last_resolved']}" if one.get("last_resolved") else ""
            yield LogLine(at=at, service=service, text=f"Monitor {one.get('name', '')} is OK{since}", severity="INFO")


def _service(files: Files) -> str:
    notes = files.read("alert").get("commonAnnotations") or {}
    return str(notes.get("db_instance") or notes.get("db_instance_identifier") or _labels(files).get("service", ""))


def _datadog(row: Mapping[str, Any], folder: Path) -> LogLine:
    return LogLine(
        at=moment(row.get("timestamp"), folder),
        service=str(row.get("service", "")),
        text=str(row.get("message", "")),
        severity=str(row.get("status", "")).upper(),
        instance=str(row.get("host", "")),
    )


def _pod_logs(files: Files) -> Iterable[LogLine]:
    """Split a pod's log; a line without a time has that of the line before."""
    found = files.read("eks_pod_logs")
    pod = str(found.get("pod_name", ""))
    at: datetime | None = None
    for text in str(found.get("logs", "")).split("\n"):
        at, rest = split_time(text) or (at, text)
        if at is not None and rest:
            yield LogLine(at=at, service=pod.rsplit("-", 2)[0], text=rest, instance=pod)


def _event(row: Mapping[str, Any], folder: Path) -> LogLine:
    failed = "failure" in (row.get("event_categories") or [])
    return LogLine(
        at=moment(row.get("date"), folder),
        service=str(row.get("source_identifier", "")),
        text=str(row.get("message", "")),
        severity="ERROR" if failed else "INFO",
    )


def _statements(files: Files) -> Iterable[LogLine]:
    """Tell the statements and waits with most load as lines of the database, at the end of what was measured."""
    found = files.read("aws_performance_insights")

    def measured(text: str) -> LogLine:
        at = moment(found.get("end_time"), files.folder) - timedelta(seconds=1)
        return LogLine(
            at=at, service=str(found.get("db_instance_identifier", "")), text=f"{_MEASURED}, {text}", severity="INFO"
        )

    waited = [f"{one.get('name')} {one.get('db_load_avg')}" for one in found.get("top_wait_events") or []]
    if waited:
        yield measured(f"db load by wait event: {', '.join(waited[:5])}")
    for row in found.get("top_sql") or []:
        waits = ", ".join(str(one.get("name")) for one in row.get("wait_events") or [] if isinstance(one, dict))
        yield measured(
            f"top SQL, load {row.get('db_load_avg')}, wait events {waits}: {row.get('statement')}{_cost(row)}"
        )
    for key, who in (("top_users", "name"), ("top_hosts", "id")):
        by = [f"{one.get(who)} {one.get('db_load_avg')}" for one in found.get(key) or [] if isinstance(one, dict)]
        if by:
            yield measured(f"load by {key.removeprefix('top_').removesuffix('s')}: {', '.join(by[:5])}")


def _cost(row: Mapping[str, Any]) -> str:
    """What a statement costs, as far as it was measured."""
    known = [f"{said} {row[key]}" for key, said in _COSTS.items() if row.get(key) is not None]
    told_already = {*_COSTS, "statement", "db_load_avg"}
    others = ((key, value) for key, value in row.items() if key not in told_already)
    plain = (f"{key.replace('_', ' ')} {value}" for key, value in others if isinstance(value, int | float | str))
    told = [*known, *plain]
    return f" ({', '.join(told)})" if told else ""


def _window(files: Files, series: Sequence[Series], lines: Sequence[LogLine]) -> Window:
    seen = [line.at.timestamp() for line in lines] + [at for one in series for at in one.times.tolist()]
    seen += [moment(row.get("last_time"), files.folder).timestamp() for row in _warnings(files)]
    if not seen:
        return Window(start=_FALLBACK, end=_FALLBACK + _AROUND)
    start, end = (datetime.fromtimestamp(at, UTC) for at in (min(seen), max(seen)))
    own = min((one.times[0] for one in series), default=end.timestamp() - _AROUND.total_seconds())
    return Window(start=max(start, datetime.fromtimestamp(own, UTC)), end=end + timedelta(seconds=1))


def _warnings(files: Files) -> Sequence[Mapping[str, Any]]:
    return [row for row in files.list("eks_events", "warning_events") if row.get("last_time")]


def _cluster(files: Files, lines: Sequence[LogLine]) -> Iterable[ClusterRead]:
    """The lists of the cluster, as old as what was logged last beside them."""
    return cluster_reads(
        namespace=str(_labels(files).get("namespace", "")),
        pods=files.list("eks_pods", "pods"),
        deployments=files.list("eks_deployments", "deployments"),
        nodes=files.list("eks_node_health", "nodes"),
        events=files.list("eks_events", "warning_events"),
        seen_at=max((line.at for line in lines), default=None),
    )
