"""Looks at every source of the chosen clusters, and stores what it was and how it did."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rootline.desk import Desk
from rootline.domain.window import Window
from rootline.intake.homes import Homes
from rootline.intake.sent_alone import SentAlone
from rootline.intake.traces import TraceInbox
from rootline.live import LIVE_WINDOW, Choice, chosen_stacks
from rootline.sources.backend import DEADLINE_S as USUAL_DEADLINE_S
from rootline.sources.examining import Examined, examine
from rootline.sources.fleet.contacts import Contacts
from rootline.sources.fleet.reaching import within
from rootline.sources.stack import Stack

AT_ONCE = 16
"""Source: ours; clusters that are looked at side by side."""


@dataclass(frozen=True, kw_only=True)
class Looked(Examined):
    """What was found of one source, and in which cluster."""

    cluster: str


async def look_at(desk: Desk, choice: Choice) -> list[Looked]:
    """Examine the sources of the chosen clusters and store what was found, with secrets taken out.

    Of one without any it is what was sent of it.

    Raises:
        Misconfigured: There is nothing to look at, or what is described is wrong.
        NotFound: A name or a label fits no cluster.

    """
    now = desk.clock()
    window, room = Window(start=now - LIVE_WINDOW, end=now), asyncio.Semaphore(AT_ONCE)
    stacks = [within(one, choice.deadline_s or USUAL_DEADLINE_S) for one in await chosen_stacks(desk, choice)]
    sent = await _sent(desk)
    found = await asyncio.gather(*(_look(one, window, room, desk.clock, sent) for one in stacks))
    looked = [
        Looked(
            cluster=stack.cluster,
            name=one.name,
            is_well=one.is_well,
            found=desk.redactor.text(one.found),
            answers=one.answers,
        )
        for stack, many in zip(stacks, found, strict=True)
        for one in many
    ]
    contacts = Contacts()
    for one in looked:
        if one.answers:
            contacts.succeeded(one.cluster, one.name, now, one.found)
        else:
            contacts.failed(one.cluster, one.name, now, one.found)
    await desk.fleet.note(contacts.drain())
    return looked


async def _sent(desk: Desk) -> SentAlone:
    """What the actor's tenant was sent, by which a cluster without an address is known."""
    known = [one.name for one in await desk.fleet.clusters()]
    return SentAlone(
        inbox=TraceInbox.of(desk.settings.home, desk.actor.tenant),
        intake=desk.intake,
        homes=Homes.of(desk.settings.environment, known),
    )


async def _look(
    stack: Stack, window: Window, room: asyncio.Semaphore, clock: Callable[[], datetime], sent: SentAlone
) -> list[Examined]:
    async with room:
        if not stack:
            return [await sent.examine(stack.cluster, window)]
        return await examine(stack, window, clock=clock)
