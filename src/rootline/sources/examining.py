"""Looks at every configured source: what it is, what it holds, what is missing, and the next step."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, Field

from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.sources.alerts.alertmanager import AlertmanagerAlerts
from rootline.sources.backend import Backend
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.failure import SourceFailed
from rootline.sources.flags.source import FlagChanges, FlagsAccess
from rootline.sources.fleet.hearing import hearing
from rootline.sources.github.access import GithubAccess
from rootline.sources.github.changes import GithubChanges
from rootline.sources.http import fetch_json
from rootline.sources.kubernetes.access import Access
from rootline.sources.logs.files import LogFiles
from rootline.sources.logs.loki import LokiLogs
from rootline.sources.logs.source import LogQuery
from rootline.sources.logs.victorialogs import VictoriaLogs
from rootline.sources.stack import Named, Stack
from rootline.sources.traces.jaeger import JaegerTraces
from rootline.sources.traces.otlp import OtlpFile
from rootline.sources.traces.tempo import TempoTraces
from rootline.sources.traces.zipkin import ZipkinTraces

SLOW_S = 5.0
"""Source: ours; an investigation asks a source some ten times within thirty seconds."""
APART_S = 60.0
"""Source: ours; onsets are told to within two minutes, and an order in time to within seconds."""
Look = Callable[[Named, Stack, Window], Awaitable[str]]


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What was found of one source; `is_well` when questions can be answered from it, `answers` when it is there."""

    name: str
    is_well: bool
    found: str
    answers: bool = True


class NothingThere(RootlineError):
    """A source answers, but there is nothing to find in it."""


class _Info(BaseModel):
    version: str = ""


class _Build(BaseModel):
    version: str = ""
    data: _Info = Field(default_factory=_Info)
    info: _Info = Field(default_factory=_Info, alias="versionInfo")


async def examine(
    stack: Stack, now: Window, *, slow_s: float = SLOW_S, clock: Callable[[], datetime] | None = None
) -> list[Examined]:
    """Look at each source of a stack; `now` is the window that a question would be about.

    With a clock, a Prometheus whose own is another is not well.
    """
    looks: list[tuple[str, Awaitable[str]]] = [(one.name, _LOOKS[one.kind](one, stack, now)) for one in stack.backends]
    looks += [("otlp", _otlp(stack.otlp))] if stack.otlp else []
    looks += [("files", _log_files(stack, now))] if stack.log_files else []
    looks += [("git", _git(stack, now))] if stack.repositories else []
    looks += [("github", _github(stack.github, now))] if stack.github else []
    looks += [("flags", _flags(stack.flags, now))] if stack.flags else []
    looks += [("kubernetes", _kubernetes(stack.kubernetes))] if stack.kubernetes else []
    found = await asyncio.gather(*(_look(name, look, slow_s) for name, look in looks))
    return [await _on_time(one, stack, clock) if clock else one for one in found]


async def _on_time(one: Examined, stack: Stack, clock: Callable[[], datetime]) -> Examined:
    """Tell of a clock that differs: a question about now is asked about another time there."""
    from rootline.sources.metrics.presence import ahead_s  # noqa: PLC0415 its library is loaded when it is used

    named = stack.of("prometheus")
    ahead = await ahead_s(named.backend, clock) if named and named.name == one.name and one.answers else 0.0
    if abs(ahead) < APART_S:
        return one
    way = "ahead of" if ahead > 0 else "behind"
    told = f"its clock is {abs(ahead):,.0f} s {way} this machine's, so what just happened is looked for at another time"
    return replace(one, is_well=False, found=f"{one.found}; {told}. Set both clocks, by NTP for instance.")


async def _look(name: str, look: Awaitable[str], slow_s: float) -> Examined:
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        found = await look
    except NothingThere as empty:
        return Examined(name=name, is_well=False, found=str(empty))
    except RootlineError as failed:
        return Examined(name=name, is_well=False, found=str(failed), answers=False)
    took = clock() - began
    slow = f"; it took {took:.1f} s, so questions may time out: look at its load" if took > slow_s else ""
    return Examined(name=name, is_well=True, found=found + slow)


async def _prometheus(one: Named, stack: Stack, now: Window) -> str:
    from rootline.sources.metrics.presence import presence  # noqa: PLC0415 its library is loaded when it is used

    with hearing() as heard:
        seen = await presence(one.backend, stack.service_label, now)
    where = f"{seen.product} at {one.backend.url}"
    if not seen.metrics:
        raise NothingThere(
            f"{where} answers, but has no sample of the last hour. See whether its targets are up: "
            f"{one.backend.url}/targets."
        )
    if not seen.services:
        raise NothingThere(
            f"{where} has {seen.metrics} metrics, but no label names a service. Set ROOTLINE_SERVICE_LABEL to the "
            "label that does."
        )
    parts = [f"{seen.metrics} metrics", f"{len(seen.services)} services by {seen.label} ({_some(seen.services)})"]
    if stack.service_label not in {"", seen.label}:
        parts += [f"none by {stack.service_label}: no metric of the last hour has that label, so check its name"]
    parts += [f"{seen.series:,} series"] if seen.series else []
    parts += [f"retention {seen.retention}"] if seen.retention else []
    parts += [outcome.detail for outcome in heard.outcomes]
    return f"{where}: {', '.join(parts)}"


async def _alertmanager(one: Named, stack: Stack, now: Window) -> str:
    version = await _version(one.backend, "/api/v2/status")
    held = await AlertmanagerAlerts(one.backend, service_label=stack.service_label).alerts(now)
    return f"{one.backend.kind} {version} at {one.backend.url}: {len(held)} alerts firing in the last hour".replace(
        "  ", " "
    )


async def _loki(one: Named, stack: Stack, _: Window) -> str:
    services = await LokiLogs(one.backend, service_label=stack.service_label).services()
    version = await _version(one.backend, "/loki/api/v1/status/buildinfo")
    return _known(one, version, services, "logs", "Check its labels, or set ROOTLINE_SERVICE_LABEL.")


async def _victorialogs(one: Named, stack: Stack, _: Window) -> str:
    services = await VictoriaLogs(one.backend, service_label=stack.service_label).services()
    return _known(one, "", services, "logs", "Check its fields, or set ROOTLINE_SERVICE_LABEL.")


async def _jaeger(one: Named, _: Stack, __: Window) -> str:
    return _known(one, "", await JaegerTraces(one.backend).services(), "traces", "Check that spans reach it.")


async def _zipkin(one: Named, _: Stack, __: Window) -> str:
    return _known(one, "", await ZipkinTraces(one.backend).services(), "traces", "Check that spans reach it.")


async def _tempo(one: Named, _: Stack, now: Window) -> str:
    spans = await TempoTraces(one.backend).spans("", now)
    version = await _version(one.backend, "/api/status/buildinfo")
    services = sorted({span.service for span in spans})
    return _known(one, version, services, "traces of the last hour", "Check that spans reach it.")


async def _otlp(file: Path) -> str:
    with hearing() as heard:
        times = await OtlpFile(file).starts()
    if not times:
        raise NothingThere(f"{file} is empty.")
    told = f"{file}: {len(times):,} spans from {times[0]:%Y-%m-%d %H:%M} to {times[-1]:%Y-%m-%d %H:%M} UTC"
    return "; ".join([told, *(one.detail for one in heard.outcomes)])


async def _log_files(stack: Stack, now: Window) -> str:
    with hearing() as heard:
        read = await LogFiles(stack.log_files, service_label=stack.service_label).read(LogQuery(), now)
    files = ", ".join(str(one) for one in stack.log_files)
    short = "".join(f"; {one.detail}" for one in heard.outcomes)
    if not read.total:
        raise NothingThere(f"{files}: no line is of the last hour{short}. Check that the programs write there.")
    services = sorted({line.service for line in read.lines})
    return f"{files}: {read.total:,} lines of the last hour, of {len(services)} services ({_some(services)}){short}"


async def _git(stack: Stack, now: Window) -> str:
    found = await GitClones(stack.repositories).changes(ChangeQuery(), now)
    days = (now.duration + timedelta(days=7)).days
    told = f"{len(found.commits)} commits, {len(found.deployments)} deployments in {days} days"
    stale = "" if found.commits else "; if there should be any, fetch and check the branch out"
    left_out = f"; {'; '.join(found.remarks[:3])}" if found.remarks else ""
    return f"{', '.join(str(one) for one in stack.repositories)}: {told}{stale}{left_out}"


async def _github(access: GithubAccess, now: Window) -> str:
    source = GithubChanges(access)
    names = await source.about()
    found = await source.changes(ChangeQuery(), now)
    days = (now.duration + timedelta(days=7)).days
    told = f"{len(found.commits)} commits, {len(found.deployments)} deployments in {days} days"
    left_out = f"; {'; '.join(found.remarks[:3])}" if found.remarks else ""
    return f"{', '.join(names)} at {access.web_url}: {told}{left_out}"


async def _flags(access: FlagsAccess, now: Window) -> str:
    found = await FlagChanges(access).changes(ChangeQuery(), now)
    vague = f"; {'; '.join(found.remarks[:3])}" if found.remarks else ""
    return f"{access.place}: {len(found.flags)} switches known, the latest thousand are remembered{vague}"


async def _kubernetes(access: Access) -> str:
    from rootline.sources.kubernetes.checking import check  # noqa: PLC0415 its library is an extra

    return await check(access)


def _known(one: Named, version: str, services: Sequence[str], what: str, helps: str) -> str:
    where = " ".join(part for part in (one.backend.kind, version, "at", one.backend.url) if part)
    if not services:
        raise NothingThere(f"{where} answers, but no service has {what}. {helps}")
    return f"{where}: {what} of {len(services)} services ({_some(services)})"


async def _version(backend: Backend, path: str) -> str:
    """Return the version, or nothing where it is not told."""
    try:
        told = await fetch_json(backend, path, _Build)
    except SourceFailed:
        return ""
    return (told.version or told.data.version or told.info.version)[:40]


def _some(names: Sequence[str]) -> str:
    shown = ["".join(char if char.isprintable() else "?" for char in name[:60]) for name in names[:4]]
    return ", ".join(shown) + (", …" if len(names) > 4 else "")  # noqa: PLR2004 as many as fit on a line


_LOOKS: Mapping[str, Look] = {
    "prometheus": _prometheus,
    "alertmanager": _alertmanager,
    "loki": _loki,
    "victorialogs": _victorialogs,
    "jaeger": _jaeger,
    "tempo": _tempo,
    "zipkin": _zipkin,
}
