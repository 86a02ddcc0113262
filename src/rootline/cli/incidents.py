"""The commands about incidents: what there is, what one of them is, and what a person says about its state."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from rootline.cli.codes import DONE
from rootline.cli.saying import say, say_json
from rootline.desk import Desk
from rootline.domain.evidence import JsonObject
from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.window import rfc3339
from rootline.errors import NotFound
from rootline.intake.alert_state import AlertState
from rootline.intake.case import Case, read_case
from rootline.intake.moving import moved_by
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.tools.wording import cut

_ENDED = frozenset({"resolved", "learned", "suppressed", "inconclusive"})
_LOOKED_BACK = 1000
_SHOWN = 40


async def incident(given: argparse.Namespace, settings: Settings) -> int:
    """List, show or move."""
    async with open_desk(settings) as desk:
        return await VERBS[given.verb](given, desk)


async def found(desk: Desk, name: str) -> UUID:
    """Return the incident whose id begins so; the newest when nothing is named."""
    known = [one.id for one in await desk.journal.incidents(limit=_LOOKED_BACK) if str(one.id).startswith(name)]
    if not known:
        named = f" whose id begins with {name!r}" if name else ""
        raise NotFound(f"There is no incident{named}. `rootline incident list --all` shows what there is.")
    if name and len(known) > 1:
        some = ", ".join(str(one) for one in known[:5])
        raise NotFound(f"{len(known)} incidents begin with {name!r}: {some}. Give more of the id.")
    return known[0]


async def _list(given: argparse.Namespace, desk: Desk) -> int:
    every = await desk.journal.incidents(limit=_LOOKED_BACK)
    kept = [one for one in every if given.all or one.state not in _ENDED][: given.limit]
    if given.json:
        say_json([one.model_dump(mode="json") for one in kept])
        return DONE
    if not kept:
        ended = " that goes on; `rootline incident list --all` shows those that have ended" if every else ""
        say(f"There is no incident{ended}.")
    for one in kept:
        told = _place(one) + cut(one.title, 80)
        say(f"{one.id}  {rfc3339(one.opened_at)}  {one.severity:<8}  {one.state:<13}  {told}")
    return DONE


async def _show(given: argparse.Namespace, desk: Desk) -> int:
    case = await read_case(desk.journal, desk.intake, await found(desk, given.id))
    say_json(_as_json(case)) if given.json else say(_as_text(case))
    return DONE


def _moving(after: IncidentState) -> Callable[[argparse.Namespace, Desk], Awaitable[int]]:
    async def move(given: argparse.Namespace, desk: Desk) -> int:
        now = await desk.journal.incident(await found(desk, given.id))
        reason = desk.redactor.text(cut(given.reason, 500))
        step = moved_by(now, after, at=desk.clock(), actor=desk.actor.name, reason=reason)
        moved = await desk.journal.move_incident(step)
        if given.json:
            say_json(moved.model_dump(mode="json"))
        else:
            say(f"{moved.id} is {moved.state}: {cut(moved.title, 120)}")
        return DONE

    return move


VERBS: Mapping[str, Callable[[argparse.Namespace, Desk], Awaitable[int]]] = {
    "list": _list,
    "show": _show,
    "acknowledge": _moving("acknowledged"),
    "resolve": _moving("resolved"),
    "suppress": _moving("suppressed"),
}


def _as_json(case: Case) -> JsonObject:
    return {
        "incident": {**case.incident.model_dump(mode="json"), "where": case.incident.where},
        "services": list(case.services),
        "alerts": [_alert(one) for one in case.alerts],
        "transitions": [one.model_dump(mode="json") for one in case.transitions],
        "parts": [str(one.id) for one in case.parts],
        "investigations": [
            {"id": str(one.id), "state": one.state, "outcome": one.outcome} for one in case.investigations
        ],
    }


def _place(one: Incident) -> str:
    """Name the cluster before a title, unless the title does."""
    is_told = not one.cluster or one.title.startswith(one.cluster)
    return "" if is_told else f"{cut(one.cluster, 40)}: "


def _alert(one: AlertState) -> JsonObject:
    last = one.latest
    return {
        "name": last.name,
        "service": last.service,
        "cluster": last.home,
        "severity": last.severity,
        "state": last.state,
        "is_flapping": last.is_flapping,
        "fired_at": rfc3339(one.notices[0].fired_at),
        "at": rfc3339(last.at),
        "vendor": last.vendor,
        "summary": last.summary,
        "link": last.link,
        "incident": str(last.incident),
    }


def _as_text(case: Case) -> str:
    one = case.incident
    alerts = [_alert_line(each) for each in case.alerts[:_SHOWN]]
    more = [f"  and {len(case.alerts) - _SHOWN} more; --json lists all"] if len(case.alerts) > _SHOWN else []
    moves = [_move_line(move) for move in case.transitions]
    asked = [f"  {each.id}  {(each.outcome or each.state).replace('_', ' ')}" for each in case.investigations]
    return "\n".join(
        [
            f"{cut(one.title, 200)}",
            f"{one.id}  {one.severity}  {one.state}  since {rfc3339(one.window.start)}{_part_of(one)}",
            *([f"in cluster {cut(one.cluster, 80)}"] if one.cluster else []),
            f"\n{_heard(case)}",
            *alerts,
            *more,
            "\nHow it moved",
            *moves,
            *(["\nInvestigations", *asked] if asked else [f"\nrootline investigate --incident {one.id}"]),
        ]
    )


def _heard(case: Case) -> str:
    """Count the alerts and whom they name; without any, name the service that was seen to deviate."""
    if not case.alerts and case.incident.service:
        return f"no alert; seen in the numbers of {cut(case.incident.service, 80)}"
    return f"{_count(len(case.alerts), 'alert')}, {_count(len(case.services), 'service')}"


def _alert_line(one: AlertState) -> str:
    last = one.latest
    flaps = " flapping" if last.is_flapping else ""
    what = f"{cut(last.service, 40) or '-'}: {cut(last.summary or last.name, 100)}"
    return f"  {rfc3339(one.notices[0].fired_at)}  {last.severity:<8}  {last.state + flaps:<17}  {what}"


def _move_line(one: Transition) -> str:
    why = f": {cut(one.reason, 400)}" if one.reason else ""
    return f"  {rfc3339(one.at)}  {one.after:<13}  {cut(one.actor, 40)}{why}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _part_of(one: Incident) -> str:
    return f", part of {one.part_of}" if one.part_of else ""
