"""What a Prometheus-like backend is and holds, for `rootline doctor`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, Field

from rootline.domain.window import Window
from rootline.sources.answered import Parameters
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import fetch_json
from rootline.sources.metrics.promql import is_label_name
from rootline.sources.metrics.service_labels import every_candidate
from rootline.sources.prometheus import Prometheus

OF_ALERTS = "ALERTS"
"""What the names of the series begin with that Prometheus writes of its own alerts."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Product and version, metrics and services in a window, and what it says of series and retention.

    `label` is the one that told the services.
    """

    product: str
    metrics: int
    label: str
    services: tuple[str, ...]
    series: int
    retention: str


class _Build(BaseModel):
    version: str = ""


class _Info(BaseModel):
    data: _Build = Field(default_factory=_Build)


class _Head(BaseModel):
    series: int = Field(default=0, alias="numSeries")


class _Tsdb(BaseModel):
    head: _Head = Field(default_factory=_Head, alias="headStats")
    total: int = Field(default=0, alias="totalSeries")


class _Status(BaseModel):
    data: _Tsdb = Field(default_factory=_Tsdb)


class _Flags(BaseModel):
    data: dict[str, str] = Field(default_factory=dict)


class _Values(BaseModel):
    data: list[str] = Field(default_factory=list)


class _Sample(BaseModel):
    value: tuple[float, str]


class _Evaluated(BaseModel):
    """A scalar, as Prometheus answers, or a vector of one, as VictoriaMetrics does: the moment, and the value."""

    result: tuple[float, str] | tuple[_Sample] | tuple[()] = ()


class _Now(BaseModel):
    data: _Evaluated = Field(default_factory=_Evaluated)


Wire = TypeVar("Wire", bound=BaseModel)


async def presence(backend: Backend, service_label: str, window: Window) -> Presence:
    """Look at a backend; what it need not tell may be missing, what it cannot do without raises SourceFailed."""
    api = Prometheus(backend)
    names = await api.label_values("__name__", window.start, window.end)
    exist = set(await api.label_names("", window.start, window.end))
    labels = [label for label in every_candidate(service_label) if label in exist]
    label, services = await _services(api, labels, names, window)
    build = await _told(backend, "/api/v1/status/buildinfo", _Info())
    status = await _told(backend, "/api/v1/status/tsdb", _Status())
    flags = (await _told(backend, "/api/v1/status/flags", _Flags())).data
    is_victoria = not flags and any(name.startswith("vm_") for name in names)
    version = build.data.version
    return Presence(
        product="VictoriaMetrics" if is_victoria else f"{backend.kind} {version}".rstrip(),
        metrics=len(names),
        label=label,
        services=services,
        series=status.data.head.series or status.data.total,
        retention=_retention(flags),
    )


async def _services(
    api: Prometheus, labels: Sequence[str], names: Iterable[str], window: Window
) -> tuple[str, tuple[str, ...]]:
    """Return the first label that a metric has, with its values; what alerts alone have says nothing of metrics."""
    has_alerts = any(name.startswith(OF_ALERTS) for name in names)
    for label in labels:
        is_asked_with_care = has_alerts and is_label_name(label)
        values = await (_of_metrics if is_asked_with_care else _of_all)(api, label, window)
        if values:
            return label, tuple(values)
    return "", ()


async def _of_all(api: Prometheus, label: str, window: Window) -> list[str]:
    return await api.label_values(label, window.start, window.end)


async def _of_metrics(api: Prometheus, label: str, window: Window) -> list[str]:
    chosen = f'{{{label}!="",__name__!~"{OF_ALERTS}.*"}}'
    span = {"start": str(window.start.timestamp()), "end": str(window.end.timestamp())}
    asked = {"match[]": chosen, **span}
    return sorted((await fetch_json(api.backend, f"/api/v1/label/{label}/values", _Values, asked)).data)


async def ahead_s(backend: Backend, clock: Callable[[], datetime]) -> float:
    """Return by how many seconds a backend's clock is ahead of ours; zero where it does not tell."""
    asked = clock().timestamp()
    said = (await _told(backend, "/api/v1/query", _Now(), {"query": "time()"})).data.result
    between = (asked + clock().timestamp()) / 2
    match said:
        case (float(at), _) | (_Sample(value=(float(at), _)),):
            return at - between
        case _:
            return 0.0


async def _told(backend: Backend, path: str, nothing: Wire, parameters: Parameters | None = None) -> Wire:
    try:
        return await fetch_json(backend, path, type(nothing), parameters)
    except SourceFailed:
        return nothing


def _retention(flags: dict[str, str]) -> str:
    age, size = (flags.get(f"storage.tsdb.retention.{part}", "") for part in ("time", "size"))
    told = [part for part in (age, size) if part not in {"", "0s", "0", "0B"}]
    return " or ".join(told) or ("15d" if flags else "")
