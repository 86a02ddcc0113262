"""Two databases that differ in nothing but the rows of one tenant, and the attacks that can tell them apart."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from uuid import UUID

import psycopg
from tests.store.attacks import Attack, Attacker, begin, functions_of, shown, tables_of
from tests.store.conftest import Database
from tests.store.examples import (
    ASKS,
    QUESTION,
    READS,
    answer,
    checked,
    detected,
    evidence,
    feedback,
    incident,
    investigation,
    plan,
    session,
    watched,
)
from tests.store.told import change, delivery, into, notice

from rootline.domain.fleet import Cluster
from rootline.domain.tenant import Actor
from rootline.intake.keys import key_of as hashed
from rootline.sources.fleet.contacts import Contact
from rootline.sources.runbooks.source import Runbook
from rootline.store.fleet import Sealed
from rootline.store.postgres import Store

ATTACKER = Actor(tenant=UUID(int=0xA), name="mallory", role="engineer")
VICTIM = Actor(tenant=UUID(int=0xB), name="ada", role="engineer")
AT_A_TIME = 500


@dataclass(frozen=True, kw_only=True)
class Worlds:
    """`full` holds the victim's rows, `empty` does not; the attacker's rows and key are the same in both."""

    full: Database
    empty: Database
    attacker_key: str
    victim_key: str

    def stances(self) -> tuple[str | None, ...]:
        """Every setting an attacker could have: none, wrong ones, the own key, all but the victim's key."""
        own, secret = self.attacker_key.split(".")
        return (
            None,
            "",
            str(VICTIM.tenant),
            str(UUID(int=0xC)),
            f"{VICTIM.tenant}.{secret}",
            f"{VICTIM.tenant}.{'0' * 64}",
            f"{VICTIM.tenant}.",
            f"{own}.{secret}",
            f"{own}.{secret.upper()}",
            f"{own}.{secret} ",
            self.victim_key[:-1],
            self.victim_key.upper(),
            "% or true --",
            "null",
        )


async def live(store: Store, actor: Actor, number: int) -> None:
    """Leave a row in every table."""
    await store.ensure_tenant(actor.tenant, actor.name)
    journal = store.journal(actor)
    for count in (number, number + 1):
        chat, one, trouble = session(count), investigation(count, session(count)), incident(count)
        await journal.open_session(chat)
        await journal.open_investigation(one, QUESTION)
        await journal.add_messages(one.id, 1, [ASKS])
        await journal.add_messages(one.id, 2, [READS], [evidence(), evidence("E2", f"{actor.name} p50")])
        await journal.conclude(one.id, answer())
        await journal.add_recheck(one.id, [checked("stale")])
        await journal.add_plan(one.id, plan())
        await journal.add_feedback(feedback(one, text=f"says {actor.name}"))
        await journal.open_incident(trouble, detected(trouble))
        await journal.revise_incident(trouble.model_copy(update={"title": f"worse for {actor.name}"}))
        told = [notice(f"of {actor.name}", minute=count)]
        reported = [change(count).model_copy(update={"key": hashed(actor.name, str(count))})]
        await store.intake(actor).take(delivery(count), told, into(count), reported)
        await store.watchbook(actor).add_round(watched(trouble, cluster=f"of {actor.name}"))
    runbook = Runbook(
        name=f"of {actor.name}", title=actor.name, body=f"# Secret of {actor.name}\nWhat {actor.name} does."
    )
    await store.runbooks(actor).index([runbook])
    await register(store, actor, f"c-{number}")
    await register(store, actor, f"c-{number + 1}")


async def register(store: Store, actor: Actor, name: str) -> None:
    """Leave a cluster with a credential that nobody can open, and what its source said."""
    sealed = Sealed(cluster=name, source="prometheus", key_id="0" * 16, box="AAAA")
    at = datetime(2026, 3, 1, tzinfo=UTC)
    await store.fleet(actor).add(Cluster(name=name, display_name=f"of {actor.name}", created_at=at), [sealed])
    await store.fleet(actor).note(
        [Contact(cluster=name, source="prometheus", failed_at=at, error=actor.name, failures=1)]
    )


async def live_in(database: Database, actor: Actor, number: int) -> None:
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=1)
    await live(store, actor, number)
    await store.close()


def key_of(database: Database, actor: Actor) -> str:
    with psycopg.connect(database.owner_dsn) as owner:
        (key,) = owner.execute("select key from rootline.tenants where id = %s", [actor.tenant]).fetchone() or ("",)
    return str(key)


def attacks(worlds: Worlds, count: int, stances: tuple[str | None, ...]) -> list[Attack]:
    """Make up attacks on what is there, grouped by what they set app.tenant to."""
    return sorted(_attacker(worlds, stances).attacks(count), key=_grouping)


def attacks_on(hole: str, worlds: Worlds, count: int, stances: tuple[str | None, ...]) -> Iterator[Attack]:
    """Make up attacks on what is there, the hole included, a few hundred at a time, grouped within those."""
    made = _attacker(worlds, stances, hole).attacks(count)
    while some := sorted(islice(made, AT_A_TIME), key=_grouping):
        yield from some


def _grouping(one: Attack) -> str:
    return one.stance or ""


def _attacker(worlds: Worlds, stances: tuple[str | None, ...], hole: str = "") -> Attacker:
    """Know what is there, the hole included.

    Where a hole names tables, those are attacked: chance alone takes longer to meet it the more tables there are.
    """
    with psycopg.connect(worlds.full.owner_dsn) as owner:
        if hole:
            owner.execute(hole.encode())
        tables, functions = tables_of(owner, VICTIM.tenant), functions_of(owner)
        owner.rollback()
    near = [one for one in tables if one.name in hole]
    return Attacker(
        tables=near or tables,
        functions=functions,
        own=ATTACKER.tenant,
        victim=VICTIM.tenant,
        stances=stances,
        random=Random(7),  # noqa: S311
    )


def successes(worlds: Worlds, tried: Iterable[Attack]) -> Generator[tuple[Attack, object, object]]:
    """Yield the attacks of the app role that show another thing in the world where the victim lives."""
    return _differing(worlds.full.app_dsn, worlds.empty.app_dsn, tried, "")


def successes_through(hole: str, worlds: Worlds, tried: Iterable[Attack]) -> Generator[tuple[Attack, object, object]]:
    """Yield the same where the owner has dug a hole. The owner's connection plays the app role, so what asks for
    another role is left out."""
    honest = (one for one in tried if "role" not in one.sql and "authorization" not in one.sql)
    return _differing(worlds.full.owner_dsn, worlds.empty.owner_dsn, honest, hole)


def _differing(
    full_dsn: str, empty_dsn: str, tried: Iterable[Attack], hole: str
) -> Generator[tuple[Attack, object, object]]:
    with psycopg.connect(full_dsn) as full, psycopg.connect(empty_dsn) as empty:
        stance: object = object()
        for attack in tried:
            if attack.stance != stance:
                stance = attack.stance
                begin(full, attack.stance, hole)
                begin(empty, attack.stance, hole)
            there, here = shown(full, attack.sql), shown(empty, attack.sql)
            if there != here:
                yield attack, there, here
        full.rollback()
        empty.rollback()
