"""One function a command. Each reads its arguments, asks the desk, and shows what it says."""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from rootline.agent.events import nobody
from rootline.claims.pointer import resolve as resolve_pointer
from rootline.cli.cluster import cluster
from rootline.cli.feedback import feedback
from rootline.cli.find import asked, investigation, tape_folder
from rootline.cli.incidents import found as found_incident
from rootline.cli.incidents import incident
from rootline.cli.record import record_tape
from rootline.cli.screen import screen
from rootline.cli.source import source
from rootline.cli.standing import choice, live, taped_ground
from rootline.cli.watch import Watch
from rootline.desk import Desk
from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.session import Question
from rootline.domain.window import rfc3339
from rootline.errors import Misconfigured, NotFound
from rootline.forgetting import forgetting
from rootline.ground import Ground, load_tape
from rootline.live import Choice, chosen_ground, usual, watching_live
from rootline.opening import memory_desk, open_desk
from rootline.reports.as_json import as_json
from rootline.reports.escape import web_address
from rootline.reports.markdown import markdown
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.store.journal import Record
from rootline.tapes.fitting import fitted
from rootline.tapes.folder import TapeFolder
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.rootcausebench import read_rootcausebench
from rootline.tapes.investigation import differences, saved
from rootline.tapes.recorder import Recorder
from rootline.tapes.recording import Recording
from rootline.tools.wording import cut

DONE, INCONCLUSIVE = 0, 4
Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]


async def investigate(given: argparse.Namespace, settings: Settings) -> int:
    """Investigate a tape's question, one of the person's own or an incident, on a tape or on live sources."""
    taped = taped_ground(given)
    async with open_desk(settings) as desk:
        recording, bare = taped or await live(given, desk, may_be_bare=given.incident is not None)
        ground = await desk.told(bare)
        recorder = Recorder() if given.copy and taped is None else None
        ground = replace(ground, sources=recorder.over(ground.sources)) if recorder else ground
        console = screen()
        record = await _opened(given, desk, recording.question, ground)
        question = record.investigation.question
        if not given.json:
            console.print(f"{cut(recording.title, 120)}, {question.window}\n{cut(question.text, 300)}\n", markup=False)
        with alone(settings.home, record.investigation.id):
            record = await desk.run(record, ground, listener=nobody if given.json else Watch(console))
        _report(record, given.report)
        if given.save:
            recording = fitted(await recorder.recording(recording.title, question)) if recorder else recording
            TapeFolder(given.save).save(saved(record, recording, desk.redactor, copy=given.copy))
        _print_json(as_json(record)) if given.json else _where_next(console, record)
    return _code(record)


async def _opened(given: argparse.Namespace, desk: Desk, usually: Question, ground: Ground) -> Record:
    """Open what is to be investigated: the question, or the incident that was named."""
    if given.incident is None:
        question = asked(usually, text=given.question, service=given.service, start=given.start, end=given.end)
        return await desk.open(
            question, persona=given.persona, model=given.model, origin=ground.origin, clusters=ground.clusters
        )
    if given.question or given.service or given.start or given.end:
        raise Misconfigured(
            "--incident brings its own question, service and time. Leave those out, or leave it out to ask otherwise."
        )
    named = await found_incident(desk, given.incident)
    return await desk.open_for(named, ground, persona=given.persona, model=given.model)


def _report(record: Record, file: Path | None) -> None:
    if file is None:
        return
    text = json.dumps(as_json(record), indent=2) if file.suffix == ".json" else markdown(record)
    file.write_text(text, encoding="utf-8")


def _where_next(console: Console, record: Record) -> None:
    short = str(record.investigation.id)
    cited = (
        [
            selector.evidence
            for one in record.answer.hypotheses[:1]
            for claim in one.support
            for selector in claim.claim.selectors
        ]
        if record.answer
        else []
    )
    label = cited[0] if cited else "E1"
    console.print("\nWhere to look next", style="bold")
    console.print(f"  rootline evidence show {label:<24} the numbers and lines behind a claim", markup=False)
    console.print(f"  rootline session show {short}   the report, with every hash", markup=False)
    console.print(
        "  rootline feedback confirmed                   or rejected: later rankings learn from it", markup=False
    )
    console.print("  rootline chat --tape …                        ask something else", markup=False)


def _code(record: Record) -> int:
    return INCONCLUSIVE if record.answer is None or record.answer.outcome == "inconclusive" else DONE


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201 the command line prints


async def chat(given: argparse.Namespace, settings: Settings) -> int:
    """Ask one question after another; an empty line or the end of input ends it."""
    taped = taped_ground(given)
    console = screen()
    async with open_desk(settings) as desk:
        recording, ground = taped or await live(given, desk)
        session, ground = None, await desk.told(ground)
        console.print(f"{cut(recording.title, 120)}. Ask; an empty line ends it.", markup=False)
        while text := _asked_next(console):
            recording = recording if given.tape else usual(desk, ground)
            question = asked(recording.question, text=text, service="", start="", end="")
            record = await desk.open(
                question,
                persona=given.persona,
                model=given.model,
                origin=ground.origin,
                clusters=ground.clusters,
                session=session,
            )
            session = record.investigation.session
            with alone(settings.home, record.investigation.id):
                await desk.run(record, ground, listener=Watch(console))
    return DONE


def _asked_next(console: Console) -> str:
    try:
        return console.input("\n? ", markup=False).strip()
    except EOFError:
        return ""


async def serve(given: argparse.Namespace, settings: Settings) -> int:
    """Speak MCP until the client goes."""
    from rootline.server.serve import serve as run_server  # noqa: PLC0415 the MCP SDK is loaded only to serve

    taped = taped_ground(given)
    watching = nullcontext() if given.tape else watching_live(settings)
    async with open_desk(settings) as desk, watching, _signals_watched(desk, given), forgetting(desk):
        recording, ground = taped or await live(given, desk, may_be_bare=given.transport == "http")
        await run_server(
            desk,
            recording.question,
            ground,
            transport=given.transport,
            host=given.host,
            port=given.port,
            persona=given.persona,
        )
    return DONE


def _signals_watched(desk: Desk, given: argparse.Namespace) -> AbstractAsyncContextManager[None]:
    """Watch golden signals beside serving, where that is switched on."""
    if not desk.settings.watch:
        return nullcontext()
    from rootline.cli.watching import watched_by  # noqa: PLC0415 the statistics are loaded only to watch

    return watched_by(desk, choice(given))


async def session(given: argparse.Namespace, settings: Settings) -> int:
    """List, show or resume."""
    async with open_desk(settings) as desk:
        return await _SESSION[given.verb](given, desk)


async def _list(given: argparse.Namespace, desk: Desk) -> int:
    found = await desk.journal.investigations(limit=given.limit)
    if given.json:
        _print_json([one.model_dump(mode="json") for one in found])
        return DONE
    for one in found:
        outcome = "direct calls" if one.led_by else (one.outcome or one.state).replace("_", " ")
        print(f"{one.id}  {rfc3339(one.opened_at)}  {outcome:<13}  {cut(one.question.text, 80)}")  # noqa: T201
    return DONE


async def _show(given: argparse.Namespace, desk: Desk) -> int:
    record = await investigation(desk, given.id)
    if given.recheck:
        record = await desk.reread(record, await _ground_of(record, desk))
    marks = record.rechecks
    _print_json(as_json(record, marks)) if given.json else print(markdown(record, marks))  # noqa: T201
    return DONE


async def _resume(given: argparse.Namespace, desk: Desk) -> int:
    record = await investigation(desk, given.id, unfinished=True)
    ground = await _ground_of(record, desk)
    with alone(desk.settings.home, record.investigation.id):
        record = await desk.run(record, ground, listener=nobody if given.json else Watch(screen()))
    if given.json:
        _print_json(as_json(record))
    return _code(record)


async def _ground_of(record: Record, desk: Desk) -> Ground:
    one = record.investigation
    if one.tape:
        return load_tape(Path(one.tape))[1]
    choice_then = Choice(names=one.clusters, may_be_bare=one.incident is not None)
    return await desk.told(await chosen_ground(desk, choice_then))


_SESSION: Mapping[str, Callable[[argparse.Namespace, Desk], Awaitable[int]]] = {
    "list": _list,
    "show": _show,
    "resume": _resume,
}


async def evidence(given: argparse.Namespace, settings: Settings) -> int:
    """Show one piece of evidence."""
    async with open_desk(settings) as desk:
        record = await investigation(desk, given.investigation)
    found = next((one for one in record.evidence if one.label == given.label), None)
    if found is None:
        known = ", ".join(one.label for one in record.evidence) or "none"
        raise NotFound(f"There is no {given.label!r} in investigation {record.investigation.id}. Known: {known}.")
    whole = found.model_dump(mode="json")
    part = resolve_pointer(whole["reading"], given.pointer) if given.pointer else whole
    if part is None:
        raise NotFound(f"{given.label} has nothing at {given.pointer!r}. It has {len(found.reading.facts)} facts.")
    if given.json or given.pointer:
        _print_json(part)
    else:
        head = heading(found)
        lines = "\n".join(cut(line, 240) for line in found.reading.summary.split("\n"))
        print(f"{head}\n\n{lines}\n\n`--json` prints all {len(found.reading.facts)} facts.")  # noqa: T201
    return DONE


def heading(found: Evidence) -> str:
    """Say what was asked, how it ended, its hash, and where a person sees the same if that is known."""
    link = web_address(found.reading.source.url or "")
    asked_for = f"{found.label} {found.tool} {json.dumps(found.arguments)}"
    state = f"{found.reading.status} {found.window} sha256 {found.sha256}"
    return "\n".join([asked_for, state, *([f"see {link}"] if link else [])])


async def tape(given: argparse.Namespace, settings: Settings) -> int:
    """Import, record or show a tape."""
    if given.verb == "record":
        return await record_tape(given, settings)
    if given.verb == "import":
        read = {"rootcausebench": read_rootcausebench, "cloudops": read_cloudops}[given.layout]
        TapeFolder(given.tape).save(read(given.folder))
        print(f"wrote {given.tape}")  # noqa: T201
        return DONE
    recording, _ = load_tape(tape_folder(given.tape))
    parts = _parts(recording)
    if given.json:
        _print_json(
            {
                "title": recording.title,
                "question": recording.question.model_dump(mode="json"),
                "parts": parts,
                "sha256": recording.sha256,
            }
        )
    else:
        question = recording.question
        print(f"{cut(recording.title, 120)}\n{question.window}\n{cut(question.text, 300)}\nsha256 {recording.sha256}\n")  # noqa: T201
        for name, count in parts.items():
            print(f"  {name:<12} {'not recorded' if count is None else count}")  # noqa: T201
    return DONE


def _parts(recording: Recording) -> JsonObject:
    changes = recording.changes
    sizes: dict[str, object] = {
        "series": recording.series,
        "log lines": recording.lines,
        "log patterns": recording.patterns,
        "spans": recording.spans,
        "alerts": recording.alerts,
        "commits": changes.commits if changes else None,
        "deployments": changes.deployments if changes else None,
        "flags": changes.flags if changes else None,
        "configs": changes.configs if changes else None,
        "statuses": changes.statuses if changes else None,
        "edges": recording.edges,
        "runbooks": recording.runbooks,
        "cluster reads": recording.cluster,
        "gpus": recording.gpus,
        "tool results": recording.results,
    }
    return {
        name: None if part is None else len(part)
        for name, part in sizes.items()
        if part is None or isinstance(part, tuple)
    }


async def replay(given: argparse.Namespace, settings: Settings) -> int:
    """Run a saved investigation again, with another persona or model if asked."""
    recording, ground = load_tape(tape_folder(given.tape))
    async with open_desk(settings) as desk:
        record = await desk.open(recording.question, persona=given.persona, model=given.model, origin=ground.origin)
        listener = nobody if given.json else Watch(screen())
        with alone(settings.home, record.investigation.id):
            record = await desk.run(record, ground, listener=listener)
        if given.save:
            TapeFolder(given.save).save(saved(record, recording, desk.redactor, copy=recording.has_sources))
        if given.json:
            _print_json(as_json(record))
    return _code(record)


async def diff(given: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 every command is given the settings
    """Show what changed between two saved investigations."""
    before, after = (TapeFolder(tape_folder(name)).load() for name in (given.before, given.after))
    found = differences(before, after)
    if given.json:
        _print_json(found.model_dump(mode="json"))
    else:
        print(found.told())  # noqa: T201
    return DONE


async def evaluate(given: argparse.Namespace, settings: Settings) -> int:
    """Score a suite."""
    from rootline.evals.run import run_suite  # noqa: PLC0415 suites load what others do not need

    desk = memory_desk(replace(settings, model=given.model))

    async def solve(recording: Recording, origin: str) -> Record:
        """Solve a case that shares nothing with those before it."""
        return await desk.apart().solve(recording, origin)

    return await run_suite(given, solve, progress=sys.stderr)


async def watch(given: argparse.Namespace, settings: Settings) -> int:
    """Watch golden signals on a schedule."""
    from rootline.cli.watching import watch as run_watch  # noqa: PLC0415 the statistics are loaded only to watch

    return await run_watch(given, settings)


async def doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Check what an investigation needs."""
    from rootline.cli.doctor import examine  # noqa: PLC0415 it loads what it examines

    return await examine(settings, choice(given), as_json=given.json)


async def runbooks(given: argparse.Namespace, settings: Settings) -> int:
    """Index, list or search runbooks."""
    from rootline.cli.runbooks import runbooks as enter  # noqa: PLC0415 nobody else needs it

    return await enter(given, settings)


async def lab(given: argparse.Namespace, settings: Settings) -> int:
    """Start, break, check or end the laboratory."""
    from rootline.cli.lab import lab as enter  # noqa: PLC0415 nobody else needs it

    return await enter(given, settings)


BY_NAME: Mapping[str, Command] = {
    "investigate": investigate,
    "chat": chat,
    "serve": serve,
    "watch": watch,
    "session": session,
    "feedback": feedback,
    "evidence": evidence,
    "tape": tape,
    "replay": replay,
    "diff": diff,
    "eval": evaluate,
    "runbooks": runbooks,
    "doctor": doctor,
    "lab": lab,
    "incident": incident,
    "cluster": cluster,
    "source": source,
}
