"""Lists, shows or resumes what was investigated."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from rootline.agent.events import nobody
from rootline.cli.codes import DONE
from rootline.cli.find import investigation
from rootline.cli.outcome import code_of
from rootline.cli.saying import say, say_json
from rootline.cli.screen import screen
from rootline.cli.watch import Watch
from rootline.desk import Desk
from rootline.domain.window import rfc3339
from rootline.ground import Ground, load_tape
from rootline.live import Choice, chosen_ground
from rootline.opening import open_desk
from rootline.reports.as_json import as_json
from rootline.reports.markdown import markdown
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.store.journal import Record
from rootline.tools.wording import cut


async def session(given: argparse.Namespace, settings: Settings) -> int:
    """List, show or resume."""
    async with open_desk(settings) as desk:
        return await _SESSION[given.verb](given, desk)


async def _list(given: argparse.Namespace, desk: Desk) -> int:
    found = await desk.journal.investigations(limit=given.limit)
    if given.json:
        say_json([one.model_dump(mode="json") for one in found])
        return DONE
    for one in found:
        outcome = "direct calls" if one.led_by else (one.outcome or one.state).replace("_", " ")
        say(f"{one.id}  {rfc3339(one.opened_at)}  {outcome:<13}  {cut(one.question.text, 80)}")
    return DONE


async def _show(given: argparse.Namespace, desk: Desk) -> int:
    record = await investigation(desk, given.id)
    if given.recheck:
        record = await desk.reread(record, await _ground_of(record, desk))
    marks = record.rechecks
    say_json(as_json(record, marks)) if given.json else say(markdown(record, marks))
    return DONE


async def _resume(given: argparse.Namespace, desk: Desk) -> int:
    record = await investigation(desk, given.id, unfinished=True)
    ground = await _ground_of(record, desk)
    with alone(desk.settings.home, record.investigation.id):
        record = await desk.run(record, ground, listener=nobody if given.json else Watch(screen()))
    if given.json:
        say_json(as_json(record))
    return code_of(record)


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
