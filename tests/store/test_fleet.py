"""What every book of clusters keeps: in memory and in PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from tests.store.conftest import Database

from rootline.domain.fleet import Cluster, Endpoint, SourceHealth, health_score, state_of
from rootline.domain.tenant import Actor
from rootline.errors import Misconfigured, NotFound
from rootline.sources.fleet.contacts import Contact, Contacts
from rootline.store.fleet import FleetBook, MemoryFleetBook, Sealed
from rootline.store.postgres import Store
from rootline.store.refusals import Taken
from rootline.store.sealing import CredentialKeys

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EAST = Cluster(
    name="prod-east-1",
    display_name="Production Öst \x00",
    region="eu",
    environment="production",
    labels={"team": "platform"},
    endpoints=(Endpoint(kind="prometheus", url="http://127.0.0.1:9090", tenant="shop"),),
    created_at=NOON,
)
WEST = EAST.model_copy(update={"name": "prod-west-1"})
OLD = CredentialKeys(keys=(b"1" * 32,), where="a test")
NEW = CredentialKeys(keys=(b"2" * 32, b"1" * 32), where="a test")


@pytest.fixture(params=["memory", "postgres"])
async def book(request: pytest.FixtureRequest, database: Database, actor: Actor) -> AsyncIterator[FleetBook]:
    if request.param == "memory":
        yield MemoryFleetBook()
        return
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=2)
    await store.ensure_tenant(actor.tenant, "a test")
    yield store.fleet(actor)
    await store.close()


def sealed(keys: CredentialKeys, tenant: UUID, cluster: str, secret: str = "s3cr3t") -> Sealed:  # noqa: S107 made up
    return keys.seal(tenant, cluster, "prometheus", secret)


async def test_a_cluster_reads_back_as_it_was_and_without_its_credentials(book: FleetBook, actor: Actor) -> None:
    await book.add(WEST, [sealed(OLD, actor.tenant, WEST.name)])
    await book.add(EAST, [])

    assert await book.clusters() == (EAST, WEST)
    assert "s3cr3t" not in repr(await book.clusters()) + repr(await book.credentials())
    assert OLD.open(actor.tenant, (await book.credentials())[0]) == "s3cr3t"


async def test_a_name_is_registered_once_and_the_first_keeps_its_credentials(book: FleetBook, actor: Actor) -> None:
    await book.add(EAST, [sealed(OLD, actor.tenant, EAST.name, "first")])

    with pytest.raises(Taken, match="A cluster of this name is registered"):
        await book.add(EAST, [sealed(OLD, actor.tenant, EAST.name, "second")])

    assert [OLD.open(actor.tenant, one) for one in await book.credentials()] == ["first"]


async def test_what_is_removed_takes_credentials_and_health_along(book: FleetBook, actor: Actor) -> None:
    for one in (EAST, WEST):
        await book.add(one, [sealed(OLD, actor.tenant, one.name)])
        await book.note([Contact(cluster=one.name, source="prometheus", succeeded_at=NOON)])

    await book.remove(EAST.name)

    assert await book.clusters() == (WEST,)
    assert [one.cluster for one in await book.credentials()] == [WEST.name]
    assert [one.cluster for one in await book.health()] == [WEST.name]
    with pytest.raises(NotFound, match="No cluster 'prod-east-1' is registered"):
        await book.remove(EAST.name)


async def test_every_credential_is_sealed_anew_together(book: FleetBook, actor: Actor) -> None:
    for one in (EAST, WEST):
        await book.add(one, [sealed(OLD, actor.tenant, one.name, one.name)])

    changed = await book.reseal(lambda one: NEW.resealed(actor.tenant, one))
    again = await book.reseal(lambda one: NEW.resealed(actor.tenant, one))

    only_new = replace(NEW, keys=NEW.keys[:1])
    assert (changed, again) == (2, 0)
    assert [only_new.open(actor.tenant, one) for one in await book.credentials()] == [EAST.name, WEST.name]


async def test_a_rotation_that_breaks_off_leaves_every_credential_as_it_was(book: FleetBook, actor: Actor) -> None:
    for one in (EAST, WEST):
        await book.add(one, [sealed(OLD, actor.tenant, one.name)])
    before = await book.credentials()

    def breaks_off(one: Sealed) -> Sealed:
        if one.cluster == WEST.name:
            raise Misconfigured("the power went")
        return NEW.resealed(actor.tenant, one)

    with pytest.raises(Misconfigured):
        await book.reseal(breaks_off)

    assert await book.credentials() == before


async def test_failures_in_a_row_are_counted_until_a_success(book: FleetBook) -> None:
    def told(minute: int, *, fails: int = 0, works: bool = False, found: str = "") -> Contact:
        at = NOON + timedelta(minutes=minute)
        error = f"gone at {minute} \x00" if fails else ""
        return Contact(
            cluster="ein Cluster \x00",
            source="loki",
            succeeded_at=at if works else None,
            failed_at=at if fails else None,
            failures=fails,
            error=error,
            found=found,
        )

    seen = []
    for one in (told(1, fails=2), told(2, fails=1), told(3, works=True, found="Loki 3"), told(4, works=True, fails=1)):
        await book.note([one])
        (row,) = await book.health()
        seen.append((row.failures, row.last_error[:9], row.last_success, row.found))

    third, fourth = NOON + timedelta(minutes=3), NOON + timedelta(minutes=4)
    assert seen == [
        (2, "gone at 1", None, ""),
        (3, "gone at 2", None, ""),
        (0, "gone at 2", third, "Loki 3"),
        (1, "gone at 4", fourth, "Loki 3"),
    ]


async def test_nothing_happened_is_nothing_noted(book: FleetBook) -> None:
    await book.note([])

    assert await book.health() == ()


async def test_a_database_holds_no_secret_in_the_clear(database: Database, store: Store, actor: Actor) -> None:
    await store.ensure_tenant(actor.tenant, "a test")
    await store.fleet(actor).add(EAST, [sealed(OLD, actor.tenant, EAST.name, "open sesame")])

    with psycopg.connect(database.owner_dsn) as owner:
        owner.execute("set row_security = off")
        rows = owner.execute("select * from rootline.cluster_credentials").fetchall()

    assert rows
    assert "open sesame" not in repr(rows)


def test_contacts_are_gathered_and_forgotten() -> None:
    contacts = Contacts()
    contacts.failed("east", "loki", NOON, "x" * 5000)
    contacts.failed("east", "loki", NOON, "gone")
    contacts.succeeded("east", "prometheus", NOON, "Prometheus 2")
    contacts.failed("east", "prometheus", NOON, "late")

    first, second = contacts.drain()

    assert (first.failures, first.error, first.succeeded_at) == (2, "gone", None)
    assert (second.failures, second.succeeded_at, second.found) == (1, NOON, "Prometheus 2")
    assert contacts.drain() == ()


def test_that_a_source_still_answers_is_new_after_a_while_only() -> None:
    contacts = Contacts()

    def told(seconds: float) -> list[Contact]:
        contacts.succeeded("east", "loki", NOON + timedelta(seconds=seconds))
        return list(contacts.drain())

    assert [len(told(seconds)) for seconds in (0, 1, 9.9)] == [1, 0, 0]
    assert [one.succeeded_at for one in told(10)] == [NOON + timedelta(seconds=10)]


def test_that_a_source_answers_again_and_what_was_found_are_new_at_once() -> None:
    contacts = Contacts()
    contacts.succeeded("east", "loki", NOON)
    contacts.drain()

    contacts.failed("east", "loki", NOON, "gone")
    failed = contacts.drain()
    contacts.succeeded("east", "loki", NOON)
    again = contacts.drain()
    contacts.succeeded("east", "loki", NOON, "Loki 3")
    found = contacts.drain()

    assert [one.failures for one in (*failed, *again)] == [1, 0]
    assert [one.found for one in found] == ["Loki 3"]


def test_a_cluster_is_as_well_as_its_sources() -> None:
    well = SourceHealth(cluster="a", source="x", last_success=NOON)
    ill = SourceHealth(cluster="a", source="y", last_success=NOON, failures=1)

    assert [state_of(rows) for rows in ([], [well], [well, ill], [ill])] == ["unknown", "online", "degraded", "offline"]
    assert health_score([well, well, ill]) == 67


@pytest.mark.parametrize("name", ["all", "A", "-a-", "a", "a" * 64, "prod/east", "prod east", "prod_1"])
def test_a_name_that_could_mean_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        Cluster(name=name, created_at=NOON)
