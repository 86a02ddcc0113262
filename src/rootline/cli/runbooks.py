"""`rootline runbooks`: bring the index up to date, list what is in it, search it."""

import argparse
from collections.abc import Awaitable, Callable, Mapping

from rootline.cli.codes import DONE
from rootline.cli.saying import say, say_json
from rootline.desk import Desk
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.tools.wording import cut, number


async def runbooks(given: argparse.Namespace, settings: Settings) -> int:
    """Index, list or search."""
    async with open_desk(settings) as desk:
        return await _VERBS[given.verb](given, desk)


async def _index(given: argparse.Namespace, desk: Desk) -> int:
    read, done = await desk.shelves.renew(desk.actor)
    if given.json:
        places = [{"place": one.place, "runbooks": len(one.runbooks), "left_out": one.left_out} for one in read.shelves]
        say_json(
            {
                "added": done.added,
                "unchanged": done.unchanged,
                "retired": done.retired,
                "remark": done.remark,
                "places": places,
            }
        )
        return DONE
    told = [f"{one.place}: {len(one.runbooks)} runbooks" for one in read.shelves]
    missing = [f"  left out: {cut(why, 300)}" for one in read.shelves for why in one.left_out]
    last = f"{len(read.runbooks)} runbooks: {done.added} indexed, {done.unchanged} unchanged, {done.retired} retired"
    say(*told, *missing, last, *([done.remark] if done.remark else []))
    return DONE


async def _list(given: argparse.Namespace, desk: Desk) -> int:
    found = sorted((await desk.shelves.house()).runbooks, key=lambda one: one.name)
    if given.json:
        names = ("name", "title", "risk", "owner", "minutes", "version", "service", "tags", "source_url")
        say_json([{name: getattr(one, name) for name in names} for one in found])
        return DONE
    say(
        *(
            f"{cut(one.name, 40):<40}  {one.risk or '-':<8}  {cut(one.owner, 20) or '-':<20}  {cut(one.title, 80)}"
            for one in found
        )
    )
    return DONE


async def _search(given: argparse.Namespace, desk: Desk) -> int:
    is_house = given.collection == "runbooks"
    index = await desk.shelves.index(desk.actor) if is_house else desk.shelves.collection(desk.actor, given.collection)
    found = await index.search(given.query, given.limit)
    if given.json:
        say_json({"passages": [one.model_dump() for one in found], "remark": found.remark})
        return DONE
    lines = [f"{one.runbook} / {cut(one.heading, 100)} ({number(one.score)})\n  {cut(one.quote, 300)}" for one in found]
    say(*(lines or ["nothing speaks of it"]), *([found.remark] if found.remark else []))
    return DONE


_VERBS: Mapping[str, Callable[[argparse.Namespace, Desk], Awaitable[int]]] = {
    "index": _index,
    "list": _list,
    "search": _search,
}
