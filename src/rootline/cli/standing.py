"""What a command stands on: the tape that was named, or the live clusters that were chosen."""

import argparse
from dataclasses import replace

from rootline.cli.find import tape_folder
from rootline.desk import Desk
from rootline.errors import Misconfigured
from rootline.ground import Ground, load_tape
from rootline.live import Choice, chosen_ground, usual
from rootline.tapes.recording import Recording


def choice(given: argparse.Namespace) -> Choice:
    """Read which clusters were chosen."""
    return Choice(names=tuple(given.cluster), labels=tuple(given.select), deadline_s=given.deadline)


def taped_ground(given: argparse.Namespace) -> tuple[Recording, Ground] | None:
    """Stand on the tape that was named, if one was."""
    if not given.tape:
        return None
    refuse_both(given)
    return load_tape(tape_folder(given.tape))


def refuse_both(given: argparse.Namespace) -> None:
    """Raise Misconfigured where both a tape and live clusters were named."""
    if given.tape and (given.cluster or given.select):
        raise Misconfigured("--tape asks a recording, and --cluster asks live sources. Leave one of them out.")


async def live(given: argparse.Namespace, desk: Desk, *, may_be_bare: bool = False) -> tuple[Recording, Ground]:
    """Stand on the chosen clusters, with the usual question."""
    ground = await chosen_ground(desk, replace(choice(given), may_be_bare=may_be_bare))
    return usual(desk, ground), ground
