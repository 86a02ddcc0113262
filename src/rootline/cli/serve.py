"""Speaks MCP beside what is watched and forgotten meanwhile."""

import argparse
from contextlib import AbstractAsyncContextManager, nullcontext

from rootline.cli.codes import DONE
from rootline.cli.standing import choice, live, taped_ground
from rootline.desk import Desk
from rootline.forgetting import forgetting
from rootline.live import alert_holders, probed_services, watching_live
from rootline.opening import open_desk
from rootline.server.serve import serve as run_server
from rootline.settings import Settings


async def serve(given: argparse.Namespace, settings: Settings) -> int:
    """Speak MCP until the client goes."""
    taped = taped_ground(given)
    async with (
        open_desk(settings) as desk,
        _changes_watched(desk, given),
        _signals_watched(desk, given),
        forgetting(desk),
    ):
        recording, ground = taped or await live(given, desk, may_be_bare=given.transport == "http")
        holders = await alert_holders(desk, choice(given), ground)
        probed = await probed_services(desk, choice(given), ground)
        await run_server(
            desk,
            recording.question,
            ground,
            transport=given.transport,
            host=given.host,
            port=given.port,
            persona=given.persona,
            holders=holders,
            probed=probed,
        )
    return DONE


def _changes_watched(desk: Desk, given: argparse.Namespace) -> AbstractAsyncContextManager[None]:
    """Watch what is rolled out and configured beside serving, but of no tape."""
    return nullcontext() if given.tape else watching_live(desk)


def _signals_watched(desk: Desk, given: argparse.Namespace) -> AbstractAsyncContextManager[None]:
    """Watch golden signals beside serving, where that is switched on."""
    if not desk.settings.watch:
        return nullcontext()
    from rootline.cli.watching import watched_by  # noqa: PLC0415 the statistics are loaded only to watch

    return watched_by(desk, choice(given))
