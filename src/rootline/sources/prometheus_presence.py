"""What a Prometheus-like backend is and holds, for `rootline doctor`."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, Field

from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import fetch_json
from rootline.sources.prometheus import Prometheus
from rootline.sources.service_labels import every_candidate


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


Wire = TypeVar("Wire", bound=BaseModel)


async def presence(backend: Backend, service_label: str, window: Window) -> Presence:
    """Look at a backend; what it need not tell may be missing, what it cannot do without raises SourceFailed."""
    api = Prometheus(backend)
    names = await api.label_values("__name__", window.start, window.end)
    exist = set(await api.label_names("", window.start, window.end))
    labels = [label for label in every_candidate(service_label) if label in exist]
    services = await api.label_values(labels[0], window.start, window.end) if labels else []
    build = await _told(backend, "/api/v1/status/buildinfo", _Info())
    status = await _told(backend, "/api/v1/status/tsdb", _Status())
    flags = (await _told(backend, "/api/v1/status/flags", _Flags())).data
    is_victoria = not flags and any(name.startswith("vm_") for name in names)
    version = build.data.version
    return Presence(
        product="VictoriaMetrics" if is_victoria else f"{backend.kind} {version}".rstrip(),
        metrics=len(names),
        label=labels[0] if labels else "",
        services=tuple(services),
        series=status.data.head.series or status.data.total,
        retention=_retention(flags),
    )


async def _told(backend: Backend, path: str, nothing: Wire) -> Wire:
    try:
        return await fetch_json(backend, path, type(nothing))
    except SourceFailed:
        return nothing


def _retention(flags: dict[str, str]) -> str:
    age, size = (flags.get(f"storage.tsdb.retention.{part}", "") for part in ("time", "size"))
    told = [part for part in (age, size) if part not in {"", "0s", "0", "0B"}]
    return " or ".join(told) or ("15d" if flags else "")
