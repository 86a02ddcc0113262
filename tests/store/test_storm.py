"""A storm of alerts over the store that is shipped: one incident, none lost, also when deliveries come at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

import pytest
from tests.intake.specimens import am
from tests.intake.test_receiving import NAMES, SHOP, begun_of, storm
from tests.store.conftest import Database
from tests.store.examples import NOON, identity

from rootline.domain.notice import Notice
from rootline.domain.tenant import Actor
from rootline.intake.receiving import Reception
from rootline.redaction import Redactor
from rootline.store.intake import Decision, MemoryIntake, Standing
from rootline.store.journal import MemoryJournal
from rootline.store.postgres import Store

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "postgres"])
async def reception(request: pytest.FixtureRequest, database: Database, actor: Actor) -> AsyncIterator[Reception]:
    random = Random(1)  # noqa: S311

    def over(intake: Any) -> Reception:
        return Reception(
            intake=intake,
            actor=actor,
            redactor=Redactor(b"k" * 32),
            clock=lambda: NOON,
            new_id=lambda: identity(random.getrandbits(70)),
            graph=lambda: SHOP,
        )

    if request.param == "memory":
        yield over(MemoryIntake(MemoryJournal()))
        return
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=4)
    await store.ensure_tenant(actor.tenant, "a test")
    yield over(store.intake(actor))
    await store.close()


@pytest.mark.promise("storm-is-one-incident")
async def test_a_thousand_alerts_that_come_at_once_are_one_incident_and_none_is_lost(reception: Reception) -> None:
    alerts = sorted(storm(NAMES, 1000, seed=11), key=begun_of)
    bodies = [am(*alerts[at : at + 50], group=f"group {at}") for at in range(0, 1000, 50)]

    async def send(body: Any) -> None:
        await reception.take("alertmanager", body)

    await asyncio.gather(*(send(body) for body in [*bodies, *bodies[::3]]))

    seen: list[Standing] = []

    def look(standing: Standing, _: Sequence[Notice]) -> Decision:
        seen.append(standing)
        return Decision()

    await reception.intake.settle(look, NOON)
    (standing,) = seen
    wholes = [one for one in standing.incidents if one.part_of is None]
    assert len(wholes) <= 3
    assert {one.incident for one in standing.notices} <= {one.id for one in standing.incidents}
    assert len({one.fingerprint for one in standing.notices}) == len(standing.notices) == 1000
    assert len(await reception.intake.deliveries(100)) == 20
