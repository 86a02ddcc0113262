"""Investigates a question of the tape, of a person, or an incident, and says where to look next."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from rootline.agent.events import nobody
from rootline.cli.find import asked
from rootline.cli.hints import show_hints
from rootline.cli.incidents import found as found_incident
from rootline.cli.outcome import code_of
from rootline.cli.saying import say_json
from rootline.cli.screen import screen
from rootline.cli.standing import live, taped_ground
from rootline.cli.watch import Watch
from rootline.desk import Desk
from rootline.domain.session import Question
from rootline.errors import Misconfigured
from rootline.ground import Ground
from rootline.opening import open_desk
from rootline.reports.as_json import as_json
from rootline.reports.markdown import markdown
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.store.journal import Record
from rootline.tapes.fitting import fitted
from rootline.tapes.folder import TapeFolder
from rootline.tapes.investigation import saved
from rootline.tapes.recorder import Recorder
from rootline.tools.wording import cut


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
        say_json(as_json(record)) if given.json else show_hints(console, record, settings)
    return code_of(record)


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
