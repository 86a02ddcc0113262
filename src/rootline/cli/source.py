"""`rootline source`: how every configured source does."""

import argparse
from collections.abc import Collection, Iterator, Sequence

from rootline.cli.codes import DONE, MISSING
from rootline.cli.saying import say, say_json
from rootline.desk import Desk
from rootline.domain.fleet import SourceHealth
from rootline.domain.window import rfc3339
from rootline.live import all_stacks
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.sources.fleet.contacts import INTAKE, SENT
from rootline.sources.kubernetes.upkeep import ROW
from rootline.sources.stack import Stack
from rootline.tools.wording import cut


async def source(given: argparse.Namespace, settings: Settings) -> int:
    """List sources, or those that are not well."""
    async with open_desk(settings) as desk:
        rows = await configured(desk)
    shown = rows if given.verb == "list" else [one for one in rows if one.failures]
    if given.json:
        say_json([one.model_dump(mode="json") for one in shown])
    else:
        say(*map(told, shown)) if shown else say(_nothing(rows))
    return MISSING if given.verb == "health" and shown else DONE


async def configured(desk: Desk) -> list[SourceHealth]:
    """Return a row for every configured source, also one that was never asked, and for every way in that was used."""
    known = {(one.cluster, one.source): one for one in await desk.fleet.health()}
    wanted = [key for stack in await all_stacks(desk) for key in _keys(stack, known)]
    wanted += [key for key in known if key[1].startswith(INTAKE)]
    return [known.get(key) or SourceHealth(cluster=key[0], source=key[1]) for key in dict.fromkeys(wanted)]


def _keys(stack: Stack, known: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the rows of a stack; that of its watch where it was ever watched."""
    yield from ((stack.cluster, name) for name in names(stack))
    if stack.kubernetes and (stack.cluster, ROW) in known:
        yield stack.cluster, ROW


def names(stack: Stack) -> Sequence[str]:
    """Return the names under which a stack's sources are known; what it sends where it has none."""
    others = {
        "otlp": stack.otlp,
        "files": stack.log_files,
        "git": stack.repositories,
        "github": stack.github,
        "flags": stack.flags,
        "kubernetes": stack.kubernetes,
    }
    return [*(one.name for one in stack.backends), *(name for name, there in others.items() if there)] or [SENT]


def told(one: SourceHealth) -> str:
    """Say in a line how a source does."""
    name = f"{one.cluster}/{one.source}" if one.cluster else one.source
    last = rfc3339(one.last_success) if one.last_success else "never"
    if one.last_success is None and one.last_failure is None:
        return f"--   {name:<32} never asked; `rootline doctor` asks it"
    failed = f"; {one.failures} failures in a row, the last: {cut(one.last_error, 300)}" if one.failures else ""
    found = f"; {cut(one.found, 160)}" if one.found and not one.failures else ""
    return f"{'BAD' if one.failures else 'ok '}  {name:<32} last success {last}{failed}{found}"


def _nothing(rows: Sequence[SourceHealth]) -> str:
    if rows:
        return f"All {len(rows)} sources are well."
    return "No source is configured; docs/sources.md lists what can be."
