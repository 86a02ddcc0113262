"""`rootline cluster`: the registry of clusters. A credential goes in, and never comes out."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError

from rootline.cli.codes import DONE, MISSING
from rootline.cli.parser_fleet import KINDS
from rootline.cli.saying import say, say_json
from rootline.cli.source import told
from rootline.desk import Desk
from rootline.domain.evidence import JsonObject
from rootline.domain.fleet import Cluster, Endpoint, SourceHealth, health_score, state_of
from rootline.domain.tenant import Actor
from rootline.domain.window import rfc3339
from rootline.errors import Misconfigured
from rootline.live import Choice
from rootline.looking import look_at
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.sources.fleet.contacts import SENT
from rootline.sources.fleet.registered import stack_of
from rootline.sources.stack import Given
from rootline.store.credential_keys import VARIABLE, holding, load_keys
from rootline.store.fleet import FleetBook, not_registered
from rootline.store.rotation import rotate

NONE_YET = "No cluster is registered; `rootline cluster add` makes one."
NO_SOURCE = (
    "The cluster was not added: it has no source. Name one, such as --prometheus URL, or write --sent if it is to be "
    "known by the spans, alerts and changes that it sends."
)
NAMES = "a name has 3 to 63 small letters, digits and dashes, and neither begins nor ends with a dash."
Verb = Callable[[argparse.Namespace, Desk], Awaitable[int]]


async def cluster(given: argparse.Namespace, settings: Settings) -> int:
    """Add, list, show, check or remove clusters, or rotate the key of their credentials."""
    if given.verb != "add":
        async with open_desk(settings) as desk:
            return await _VERBS[given.verb](given, desk)
    tokens = _tokens(given, settings)
    one = _described(given, datetime.now(tz=UTC))
    if not stack_of(one, tokens, Given(variables=settings.environment), is_new=True) and not given.sent:
        raise Misconfigured(NO_SOURCE)
    async with open_desk(settings) as desk:
        return await _add(one, tokens, given, desk)


def _tokens(given: argparse.Namespace, settings: Settings) -> Mapping[str, str]:
    """Read the tokens by kind of source; what is empty or unknown is refused before anything is stored."""
    kinds = [kind for kind in KINDS if getattr(given, kind)]
    named = [(kind or None, name) for kind, _, name in (one.rpartition("=") for one in given.token_env)]
    tokens = dict.fromkeys(kinds, sys.stdin.readline().strip()) if given.token_stdin else {}
    for kind, name in sorted(named, key=lambda pair: pair[0] is not None):
        if not settings.environment.get(name):
            raise Misconfigured(f"--token-env names {name[:80]}, which is not set. Export it, or use --token-stdin.")
        if kind is not None and kind not in kinds:
            raise Misconfigured(f"--token-env is for {kind[:40]!r}, but no address of that kind is given.")
        tokens.update(dict.fromkeys(kinds if kind is None else [kind], settings.environment[name]))
    if given.token_stdin and not all(tokens.values()):
        raise Misconfigured("--token-stdin read an empty line. Pipe the token in, such as: rootline … < token.txt")
    return tokens


def _described(given: argparse.Namespace, now: datetime) -> Cluster:
    labels = dict(_pair(one) for one in given.label)
    urls = {kind: getattr(given, kind) for kind in KINDS if getattr(given, kind)}
    try:
        return Cluster(
            name=given.name,
            display_name=given.display_name,
            cluster_type=given.type,
            platform=given.platform,
            region=given.region,
            environment=given.environment,
            labels=labels,
            endpoints=tuple(Endpoint(kind=kind, url=url, tenant=given.tenant) for kind, url in urls.items()),
            service_label=given.service_label,
            ca_file=_absolute(given.ca_file),
            repositories=tuple(_absolute(one) for one in given.git),
            kubeconfig=_absolute(given.kubeconfig or ""),
            kube_context=given.kube_context,
            created_at=now,
        )
    except ValidationError as bad:
        first = bad.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:80]
        wrong = NAMES if (where, first["type"]) == ("name", "string_pattern_mismatch") else f"{where}: {first['msg']}."
        raise Misconfigured(f"The cluster was not added: {wrong} Nothing is stored.") from bad


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise Misconfigured(f"{text[:80]!r} is no label. Write --label key=value, such as --label team=payments.")
    return key, value


def _absolute(path: str | Path) -> str:
    return str(Path(path).expanduser().absolute()) if str(path) else ""


async def _add(one: Cluster, tokens: Mapping[str, str], given: argparse.Namespace, desk: Desk) -> int:
    home, tenant = desk.settings.home, desk.actor.tenant
    with holding(home, alone=False):
        keys = load_keys(home, desk.settings.environment.get(VARIABLE, "")) if tokens else None
        sealed = [keys.seal(tenant, one.name, kind, token) for kind, token in tokens.items()] if keys else []
        await desk.fleet.add(one, sealed)
    if not given.json:
        say(f"added {one.name}")
    await _checked([one.name], given, desk)
    return DONE


async def _check(given: argparse.Namespace, desk: Desk) -> int:
    known = [one.name for one in await desk.fleet.clusters()]
    for name in given.name:
        if name not in known:
            raise not_registered(name)
    return await _checked(given.name or known, given, desk)


async def _checked(names: Sequence[str], given: argparse.Namespace, desk: Desk) -> int:
    if not names:
        say_json([]) if given.json else say(NONE_YET)
        return DONE
    found = await look_at(desk, Choice(names=tuple(names), deadline_s=given.deadline))
    if given.json:
        say_json([asdict(one) for one in found])
    else:
        for one in found:
            say(f"{'ok ' if one.is_well else 'BAD'}  {one.cluster}/{one.name:<16} {one.found}")
    return DONE if all(one.is_well for one in found) else MISSING


async def _list(given: argparse.Namespace, desk: Desk) -> int:
    health = await desk.fleet.health()
    clusters = await desk.fleet.clusters()
    if given.json:
        say_json([_as_json(one, health) for one in clusters])
        return DONE
    for one in clusters:
        rows = [row for row in health if row.cluster == one.name]
        place = " ".join(part for part in (one.environment, one.region) if part)
        kinds = SENT if one.only_sends else ", ".join(end.kind for end in one.endpoints)
        say(f"{one.name:<24} {state_of(rows):<9} {place:<24} {kinds}")
    if not clusters:
        say(NONE_YET)
    return DONE


async def _show(given: argparse.Namespace, desk: Desk) -> int:
    one = next((each for each in await desk.fleet.clusters() if each.name == given.name), None)
    if one is None:
        raise not_registered(given.name)
    health = await desk.fleet.health()
    sealed = {each.source: each.key_id for each in await desk.fleet.credentials() if each.cluster == one.name}
    shown = {**_as_json(one, health), "credentials": {kind: f"sealed with key {key}" for kind, key in sealed.items()}}
    if given.json:
        say_json(shown)
        return DONE
    lines = [f"  {key:<15} {value}" for key, value in shown.items() if value and key not in {"sources", "endpoints"}]
    ends = [f"  {end.kind:<15} {end.url}" for end in one.endpoints]
    ends += [f"  {SENT:<15} alone: it has no address"] if one.only_sends else []
    rows = [f"  {told(row)}" for row in health if row.cluster == one.name]
    say(*lines, *ends, *rows)
    return DONE


def _as_json(one: Cluster, health: Sequence[SourceHealth]) -> JsonObject:
    rows = [row for row in health if row.cluster == one.name]
    seen = [row.last_success for row in rows if row.last_success]
    return {
        **one.model_dump(mode="json"),
        "state": state_of(rows),
        "health_score": health_score(rows),
        "last_seen_at": rfc3339(max(seen)) if seen else None,
        "capabilities": {row.source: row.found.partition(" at ")[0] for row in rows if row.found},
        "sources": [row.model_dump(mode="json") for row in rows],
    }


async def _remove(given: argparse.Namespace, desk: Desk) -> int:
    await desk.fleet.remove(given.name)
    say_json({"removed": given.name}) if given.json else say(f"removed {given.name}")
    return DONE


async def _rotate(given: argparse.Namespace, desk: Desk) -> int:
    def book(tenant: UUID) -> FleetBook:
        return desk.fleets(Actor(tenant=tenant, name=desk.actor.name, role=desk.actor.role))

    variable = desk.settings.environment.get(VARIABLE, "")
    done = await rotate(desk.settings.home, variable, await desk.tenants(), book)
    if given.json:
        say_json({"changed": done.changed, "key": done.sealing_id})
        return DONE
    rest = "the former key is gone" if done.is_file else f"the other keys of {VARIABLE} can be dropped"
    say(f"{done.changed} credentials are sealed anew with key {done.sealing_id} of {done.where}; {rest}")
    return DONE


_VERBS: Mapping[str, Verb] = {"list": _list, "show": _show, "check": _check, "remove": _remove, "rotate-key": _rotate}
