"""Checks what an investigation needs, and says for each finding what to do."""

import argparse
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from rootline.cli.codes import DONE, MISSING
from rootline.cli.saying import say, say_json
from rootline.cli.standing import choice
from rootline.desk import Desk
from rootline.domain.fleet import SourceHealth
from rootline.domain.session import Question
from rootline.domain.tenant import LOCAL
from rootline.domain.window import Window, rfc3339
from rootline.errors import Misconfigured, RootlineError, UnreadableConfig
from rootline.intake.homes import Homes
from rootline.intake.maintenance import Calendar
from rootline.intake.stray_spans import said_of, strays
from rootline.intake.traces import TraceInbox
from rootline.live import LIVE_WINDOW, Choice, all_stacks
from rootline.looking import look_at
from rootline.models.model import Conversation, TurnEnd
from rootline.models.names import parse_model_name
from rootline.opening import memory_desk, open_desk, open_store
from rootline.personas.library import load
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.connecting import connect
from rootline.sources.fleet.contacts import INTAKE
from rootline.sources.stack import Given, stack
from rootline.tools.wording import cut, some
from rootline.wiring import qdrant_of, wire


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    is_well: bool
    found: str


async def doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Check what an investigation needs."""
    return await examine(settings, choice(given), as_json=given.json)


async def examine(settings: Settings, chosen: Choice, *, as_json: bool) -> int:
    """Look at everything, print what was found, and return 3 if anything is missing."""
    looks: tuple[tuple[str, Callable[[Settings], Awaitable[str]]], ...] = (
        ("version", _version),
        ("home", _home),
        ("database", _database),
        ("personas", _personas),
        ("runbooks", _runbooks),
        ("model", _model),
        *((("qdrant", _qdrant),) if settings.qdrant_url else ()),
        ("sources", _sources),
        ("maintenance", _maintenance),
    )
    findings = list(dict.fromkeys([await _look(what, look, settings) for what, look in looks]))
    findings += await _live(settings, chosen)
    if as_json:
        say_json([asdict(one) for one in findings])
    else:
        for one in findings:
            say(f"{'ok ' if one.is_well else 'BAD'}  {one.what:<12} {one.found}")
    return DONE if all(one.is_well for one in findings) else MISSING


async def _look(what: str, look: Callable[[Settings], Awaitable[str]], settings: Settings) -> Finding:
    """Look at one thing; a file of settings that nobody can read is said to be what is wrong, and not what it hides."""
    try:
        return Finding(what=what, is_well=True, found=await look(settings))
    except UnreadableConfig as bad:
        return Finding(what="config", is_well=False, found=str(bad))
    except (RootlineError, OSError) as bad:
        return Finding(what=what, is_well=False, found=str(bad))


async def _version(_: Settings) -> str:
    return f"rootline {version('rootline')}"


async def _home(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = settings.home / ".doctor"
    probe.write_text("")
    probe.unlink()
    return f"{settings.home} can be written"


async def _database(settings: Settings) -> str:
    async with open_store(settings) as store:
        known = await store.journal(LOCAL).investigations(limit=1000)
    stored = f"{len(known)} investigations stored"
    if not settings.owner_dsn:
        return f"embedded PostgreSQL answers; {stored}"
    from rootline.store.postgres.schema_check import refuse_gaps  # noqa: PLC0415 psycopg is loaded when a database is used

    await refuse_gaps(settings.owner_dsn, settings.app_dsn)
    return f"your own PostgreSQL answers and keeps tenants apart; {stored}"


async def _personas(settings: Settings) -> str:
    return ", ".join(load(settings.personas))


async def _runbooks(settings: Settings) -> str:
    read = await memory_desk(settings).shelves.house()
    missing = [why for one in read.shelves for why in one.left_out]
    if any(not one.runbooks for one in read.shelves):
        raise Misconfigured("; ".join(missing) or "a place of runbooks holds none")
    return f"{len(read.runbooks)} runbooks" + (f", left out: {'; '.join(missing[:3])}" if missing else "")


async def _qdrant(settings: Settings) -> str:
    client = qdrant_of(settings)
    from rootline.store.qdrant_collections import examined  # noqa: PLC0415 an extra, only when configured

    try:
        found = await examined(client)
    finally:
        await client.close()
    is_open = bool(settings.qdrant_key) and settings.qdrant_url.startswith("http://")
    return f"{found}; its key goes over plain HTTP" if is_open else found


async def _model(settings: Settings) -> str:
    name = parse_model_name(settings.model)
    model = wire(name, settings)
    window = Window.model_validate({"start": "2000-01-01T00:00:00Z", "end": "2000-01-01T00:00:01Z"})
    asked = Conversation(
        question=Question(text="Say ok.", window=window),
        system="Say ok.",
        tools=[],
        messages=[],
        evidence={},
        must_answer=True,
    )
    if name.provider != "builtin":
        async for event in model.turn(asked):
            if isinstance(event, TurnEnd):
                return f"{model.name} answers ({event.usage.read + event.usage.written} tokens)"
    return "built-in investigator; needs no key and no network"


async def _sources(settings: Settings) -> str:
    described = stack(Given(variables=settings.environment))
    if not described:
        return "recorded only, with --tape; ROOTLINE_PROMETHEUS_URL and others connect live ones (docs/sources.md)"
    connected = connect(described)
    fields = [name for name in Sources.__dataclass_fields__ if name not in {"cluster_name", "clusters"}]
    have = ", ".join(name for name in fields if getattr(connected, name) is not None)
    lack = ", ".join(name for name in fields if getattr(connected, name) is None)
    return f"live {have}; not connected: {lack}"


async def _maintenance(settings: Settings) -> str:
    calendar = Calendar.of(settings.environment)
    planned, now = calendar.windows(), datetime.now(UTC)
    going_on = [f"{cut(one.name, 60)} until {rfc3339(one.end)}" for one in calendar.open_at(now)]
    ahead = sum(one.start > now for one in planned)
    told = f"{len(planned)} windows of planned work, {ahead} ahead, now: {some(going_on) or 'none'}"
    return told if planned else "no planned work or silence (docs/intake.md)"


async def _live(settings: Settings, choice: Choice) -> list[Finding]:
    """Ask each live source and store how it does; without a database they are asked all the same.

    None is asked while a setting is wrong, which was said by then.
    """
    try:
        async with open_desk(settings) as desk:
            return [*await _asked(desk, choice), *await _ways_in(desk), *await _sent_spans(desk)]
    except (RootlineError, OSError):
        with suppress(Misconfigured):
            return await _asked(memory_desk(settings), choice)
    return []


async def _ways_in(desk: Desk) -> list[Finding]:
    """Tell how each way in does that was ever used: nobody can ask it, so what it took and refused says it."""
    rows = [one for one in await desk.fleet.health() if one.source.startswith(INTAKE)]
    return [
        Finding(
            what="/".join(part for part in (one.cluster, one.source) if part),
            is_well=not one.failures,
            found=_took(one),
        )
        for one in rows
    ]


def _took(one: SourceHealth) -> str:
    last = f"last delivery taken {rfc3339(one.last_success)}" if one.last_success else "no delivery was ever taken"
    refused = f"the last of them {rfc3339(one.last_failure)}: {cut(one.last_error, 300)}" if one.last_failure else ""
    return f"{last}; {one.failures} refused in a row, {refused}" if one.failures else last


async def _sent_spans(desk: Desk) -> list[Finding]:
    """Tell of the spans that were sent to us within the hour, where any ever were; those of no cluster are trouble."""
    inbox = TraceInbox.of(desk.settings.home, desk.actor.tenant)
    if not inbox.has_any:
        return []
    homes = Homes.of(desk.settings.environment, [one.name for one in await desk.fleet.clusters()])
    sent = await inbox.spans("", Window(start=desk.clock() - LIVE_WINDOW, end=desk.clock()))
    left_out = strays(sent, homes)
    told = f"{len(sent):,} spans were sent within the hour"
    said = f"{told}; {desk.redactor.text(said_of(left_out))}." if left_out else told
    return [Finding(what="sent spans", is_well=not left_out, found=said)]


async def _asked(desk: Desk, choice: Choice) -> list[Finding]:
    """Ask what is chosen; what is misconfigured was already said of all, unless it was chosen by name or label."""
    is_chosen = bool(choice.names or choice.labels)
    try:
        found = await look_at(desk, choice) if is_chosen or await all_stacks(desk) else []
    except RootlineError as bad:
        return [Finding(what="clusters", is_well=False, found=str(bad))] if is_chosen else []
    several = len({one.cluster for one in found}) > 1
    return [
        Finding(what=f"{one.cluster}/{one.name}" if several else one.name, is_well=one.is_well, found=one.found)
        for one in found
    ]
