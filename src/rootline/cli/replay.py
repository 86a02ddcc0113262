"""Runs a saved investigation again, and shows what changed between two."""

import argparse

from rootline.agent.events import nobody
from rootline.cli.codes import DONE
from rootline.cli.find import tape_folder
from rootline.cli.outcome import code_of
from rootline.cli.saying import say, say_json
from rootline.cli.screen import screen
from rootline.cli.watch import Watch
from rootline.ground import load_tape
from rootline.opening import open_desk
from rootline.reports.as_json import as_json
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.tapes.folder import TapeFolder
from rootline.tapes.investigation import differences, saved


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
            say_json(as_json(record))
    return code_of(record)


async def diff(given: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 every command is given the settings
    """Show what changed between two saved investigations."""
    before, after = (TapeFolder(tape_folder(name)).load() for name in (given.before, given.after))
    found = differences(before, after)
    if given.json:
        say_json(found.model_dump(mode="json"))
    else:
        say(found.told())
    return DONE
