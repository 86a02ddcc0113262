"""query_metrics: what changed in the numbers, when, and by how much."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from rootline.analysis.metrics.counters import rates
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.sparkline import sparklines
from rootline.analysis.metrics.spike_spans import Detector
from rootline.analysis.metrics.steps import steps
from rootline.domain.evidence import Reading, SourceName, Truncated
from rootline.domain.fact import NameFact, SeriesFact
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.metrics.source import Aggregate, MetricQuery
from rootline.tools.infinities import infinite
from rootline.tools.other_trouble import Trouble, told_apart
from rootline.tools.scene import Scene
from rootline.tools.series_fact import series_fact, subject_of
from rootline.tools.series_text import others_text, series_text
from rootline.tools.spikes import spikes_text, with_spikes
from rootline.tools.stopping import begun, stopped
from rootline.tools.times import End, Start, resolve
from rootline.tools.wording import alike, not_configured, nothing, some


async def query_metrics(
    service: Annotated[str, Field(description="Service; empty: all", max_length=300)] = "",
    metric: Annotated[str, Field(description="Metric; empty: all", max_length=300)] = "",
    labels: Annotated[dict[str, str], Field(description="Labels to match", max_length=10)] = {},  # noqa: B006 copied by pydantic
    aggregate: Annotated[Aggregate, Field(description="Join series")] = "",
    promql: Annotated[str, Field(description="PromQL, if the source can", max_length=1000)] = "",
    spikes: Annotated[Literal["", "robust", "stl_esd", "kde"], Field(description="Also list spikes by")] = "",
    mode: Annotated[Literal["values", "names"], Field(description="names: what exists")] = "values",
    start: Start = "",
    end: End = "",
    limit: Annotated[int, Field(description="Series shown", ge=1, le=50)] = 10,
    *,
    scene: Scene,
) -> Reading:
    """Read metrics: onset, effect, baseline against current; strongest change first.

    Units are the metric's own; a counter is read per second.
    """
    source, window = scene.sources.metrics, resolve(start, end, scene.window, scene.now)
    if source is None:
        return not_configured("metrics", window, scene.sources.cluster_name)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    if mode == "names":
        return _listing(await source.names(service), window, backend)
    query = MetricQuery(service=service, metric=metric, labels=labels, aggregate=aggregate, expression=promql)
    if promql and not source.runs_promql:
        raise ToolFault("This source runs no PromQL. Ask by service, metric, labels and aggregate instead.")
    series = await source.series(query, window)
    if not series:
        return _absent(service, metric, await source.names(""), window, backend)
    return _reading(series, window, backend, limit, spikes)


def _reading(
    series: Sequence[Series], window: Window, backend: SourceName, limit: int, spikes: Detector | Literal[""]
) -> Reading:
    points = {subject_of(one.service, one.metric, one.labels): one for one in series}
    moved = dict(zip(points, steps(tuple(points.values()), window), strict=True))
    judged = [Trouble(one, _shown(one, points[_subject(one)])) for one in score(series, window)]
    told, others = told_apart(judged, window)
    subjects = [_subject(one.finding) for one in told]
    facts = _facts(told, moved, window)
    asked = [points[name] for name in subjects]
    ended, began = stopped(asked, window), begun(asked, window)
    for at, name in enumerate(subjects[:limit] if spikes else ()):
        facts[at] = with_spikes(facts[at], points[name], window, spikes or "robust")
    beside = _facts(others, {}, window)
    return Reading(
        status="ok",
        summary="\n".join(
            [
                series_text(facts, limit, ended, began),
                *others_text(beside, len(facts)),
                *(spikes_text(facts, limit, spikes) if spikes else []),
            ]
        ),
        facts=(*facts, *beside),
        source=backend,
        window=window,
        truncated=Truncated(returned=limit, total=len(facts)) if limit < len(facts) else None,
    )


def _subject(finding: MetricFinding) -> str:
    return subject_of(finding.service, finding.metric, finding.labels)


def _facts(told: Sequence[Trouble], moved: Mapping[str, float], window: Window) -> list[SeriesFact]:
    """Make the facts; `moved` tells by subject how far a level moved, where that is known."""
    drawn = sparklines([one.series.values for one in told])
    return [
        series_fact(
            subject := _subject(one.finding),
            one.finding,
            one.series,
            step=moved.get(subject, 0.0),
            drawn=row,
            infinite=infinite(one.series, window),
        )
        for one, row in zip(told, drawn, strict=True)
    ]


def _shown(finding: MetricFinding, series: Series) -> Series:
    """Return the series in the form in which it was judged."""
    if not finding.as_rate:
        return series
    return replace(series, values=rates(series.values[None, :], series.times)[0])


def _listing(names: Sequence[tuple[str, str]], window: Window, backend: SourceName) -> Reading:
    services = sorted({service for service, _ in names})
    lines = [f"{one}: {some((metric for service, metric in names if service == one), 30)}" for one in services[:40]]
    summary = f"{len(names)} metrics of {len(services)} services\n" + "\n".join(lines)
    facts = tuple(NameFact(subject=f"{service} {metric}", asked="metric names") for service, metric in names)
    return Reading(status="ok" if names else "no_data", summary=summary, facts=facts, source=backend, window=window)


def _absent(
    service: str, metric: str, names: Sequence[tuple[str, str]], window: Window, backend: SourceName
) -> Reading:
    services = sorted({one for one, _ in names})
    metrics = sorted({one for owner, one in names if service in {"", owner}})
    known = any(service in {"", owner} and metric in {"", one} for owner, one in names)
    reason = "it exists but has no sample in this window" if known else "no such service or metric is known"
    meant = [*alike(service, services), *alike(metric, metrics)]
    hints = [f"Did you mean {some(meant)}?"] if meant else [f"Known services: {some(services)}"]
    asked = " ".join(part for part in (service, metric) if part) or "any metric"
    return nothing(asked, window, backend, subject=asked, known=known, reason=reason, hints=hints)
