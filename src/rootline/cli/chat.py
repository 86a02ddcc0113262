"""Asks one question after another in one session."""

import argparse

from rich.console import Console

from rootline.cli.codes import DONE
from rootline.cli.find import asked
from rootline.cli.screen import screen
from rootline.cli.standing import live, taped_ground
from rootline.cli.watch import Watch
from rootline.live import usual
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.store.alone import alone
from rootline.tools.wording import cut


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
