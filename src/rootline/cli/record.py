"""`rootline tape record`: an investigation of live sources, written as a tape that replays to the same answer."""

import argparse
from dataclasses import replace
from datetime import datetime, timedelta

from rootline.agent.events import nobody
from rootline.cli.codes import DONE
from rootline.cli.saying import say, say_json
from rootline.cli.screen import screen
from rootline.cli.standing import choice
from rootline.cli.watch import Watch
from rootline.domain.moment import read_length
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import BadTape, Misconfigured, ToolFault
from rootline.live import chosen_ground
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.tapes.fitting import fitted
from rootline.tapes.folder import MANIFEST, TapeFolder
from rootline.tapes.investigation import saved
from rootline.tapes.recorder import Recorder
from rootline.tools.times import LONGEST_WINDOW, read_time


async def record_tape(given: argparse.Namespace, settings: Settings) -> int:
    """Investigate with the sources listened to, and write what they said, what was found and the answer."""
    if (given.tape / MANIFEST).exists():
        raise BadTape(f"{given.tape} already holds a tape. Choose another folder.")
    length = _length(given.window)
    async with open_desk(settings) as desk:
        ground = await desk.told(await chosen_ground(desk, choice(given)))
        end = _end(given.end, desk.clock().replace(microsecond=0))
        question = Question(
            text=given.question or "What changed?", window=Window(start=end - length, end=end), service=given.service
        )
        recorder = Recorder()
        ground = replace(ground, sources=recorder.over(ground.sources))
        record = await desk.open(question, persona=given.persona, model=given.model, clusters=ground.clusters)
        with alone(settings.home, record.investigation.id):
            record = await desk.run(record, ground, listener=nobody if given.json else Watch(screen()))
        title = f"recorded from {ground.sources.cluster_name or 'live sources'}"
        recording = fitted(await recorder.recording(title, question))
        TapeFolder(given.tape).save(saved(record, recording, desk.redactor, copy=True))
    left_out = list(recording.taken.left_out) if recording.taken else []
    if given.json:
        say_json({"tape": str(given.tape), "left_out": left_out})
        return DONE
    say(f"\nwrote {given.tape}", *(f"left out: {one}" for one in left_out))
    return DONE


def _length(text: str) -> timedelta:
    length = read_length(text) or timedelta()
    if not timedelta() < length <= LONGEST_WINDOW:
        raise Misconfigured(
            f"--window {text[:40]!r} is no length. Write 30m, 2h or 1d, at most {LONGEST_WINDOW.days}d."
        )
    return length


def _end(text: str, now: datetime) -> datetime:
    try:
        return read_time(text, now) if text else now
    except ToolFault as bad:
        raise Misconfigured(str(bad)) from bad
