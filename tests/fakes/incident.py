"""A made-up incident of any size, the same for the same seed: a bad release slows one service and all who call it."""

from datetime import UTC, datetime, timedelta

import numpy as np

from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, LogLine, Series, Span
from rootline.domain.window import Window
from rootline.tapes.recording import Recording

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
ONSET = START + timedelta(minutes=40)
DEPLOYED = START + timedelta(minutes=37)
CULPRIT = "c0ffee" + "0" * 34
INNOCENT = "facade" + "0" * 34
METRICS = ("latency_seconds", "error_ratio", "requests_per_second", "cpu_utilization", "memory_bytes")
DIFF = """@@ store/ledger.go @@ func (s *Store) Load(ids []string) ([]Row, error) {
-	return s.db.QueryMany(ids)
+	for _, id := range ids {
+		row, err := s.db.Query("SELECT * FROM ledger WHERE id = $1", id)
+		if err != nil {
+			return nil, err
+		}
+		rows = append(rows, row)
+	}
 }"""


def incident(services: int = 6, series_each: int = 5, seed: int = 7, *, step_s: int = 60) -> Recording:
    """Make the recording; service-0 is at fault and every other one calls it through service-1."""
    noise = np.random.default_rng(seed)
    times = np.arange(START.timestamp(), HOUR.end.timestamp(), step_s)
    names = [f"service-{number}" for number in range(services)]
    series = [
        _series(name, f"{METRICS[at % len(METRICS)]}_{at}" if at >= len(METRICS) else METRICS[at], times, noise)
        for name in names
        for at in range(series_each)
    ]
    return Recording(
        title="made up",
        question=Question(text="What caused this alert?", window=HOUR, service="service-0", trigger="alert"),
        series=tuple(series),
        lines=tuple(_lines(names)),
        spans=tuple(_spans()),
        alerts=(
            Alert(
                name="slow",
                service="service-0",
                severity="critical",
                fired_at=ONSET + timedelta(minutes=3),
                summary="service-0 latency above 0.5 s: ledger queries are slow",
                metric="latency_seconds",
                threshold=0.5,
                observed=2.1,
            ),
        ),
        changes=_changes(),
        edges=tuple(Edge(caller=name, callee="service-0", found_in="declared") for name in names[1:]),
    )


def _series(name: str, metric: str, times: np.ndarray, noise: np.random.Generator) -> Series:
    values = 0.1 + 0.005 * noise.standard_normal(times.size)
    sick = name in {"service-0", "service-1"} and metric == "latency_seconds"
    if sick:
        values = np.where(times >= ONSET.timestamp(), values * (20 if name == "service-0" else 8), values)
    return Series(service=name, metric=metric, times=times, values=values)


def _lines(names: list[str]) -> list[LogLine]:
    calm = [
        LogLine(
            at=START + timedelta(seconds=40 * at),
            service=names[at % len(names)],
            text="handled request",
            severity="INFO",
        )
        for at in range(80)
    ]
    sick = [
        LogLine(
            at=ONSET + timedelta(seconds=20 * at),
            service="service-0",
            text=f"slow query on ledger took {900 + at} ms: SELECT * FROM ledger WHERE id = {at}",
            severity="ERROR",
        )
        for at in range(30)
    ]
    return [*calm, *sick]


def _spans() -> list[Span]:
    return [span for minute in range(0, 60, 2) for span in _trace(minute)]


def _trace(minute: int) -> list[Span]:
    start = START + timedelta(minutes=minute)
    slow = start >= ONSET
    trace = f"{minute:032x}"
    root = Span(
        trace_id=trace,
        span_id="a",
        parent_id=None,
        service="service-1",
        operation="GET /page",
        start=start,
        duration_s=2.2 if slow else 0.15,
        status="ok",
    )
    child = Span(
        trace_id=trace,
        span_id="b",
        parent_id="a",
        service="service-0",
        operation="Load",
        start=start + timedelta(milliseconds=20),
        duration_s=2.1 if slow else 0.1,
        status="ok",
    )
    return [root, child]


def _changes() -> ChangeSet:
    commits = (
        Commit(
            sha=INNOCENT,
            at=DEPLOYED - timedelta(minutes=20),
            message="docs: describe the page",
            files=("docs/page.md",),
        ),
        Commit(
            sha=CULPRIT,
            at=DEPLOYED - timedelta(minutes=5),
            message="load ledger rows one by one",
            files=("service-0/store/ledger.go",),
            diff=DIFF,
            order=1,
        ),
    )
    deployed = (
        Deployment(service="service-2", at=DEPLOYED - timedelta(minutes=15), commit=INNOCENT),
        Deployment(service="service-0", at=DEPLOYED, commit=CULPRIT, version="v42", previous_commit="0" * 40),
    )
    return ChangeSet(commits=commits, deployments=deployed)
