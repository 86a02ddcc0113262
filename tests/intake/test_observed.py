"""What a watch of Kubernetes saw is stored with its cluster, once, and without secrets."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from tests.store.examples import NOON, identity

from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.domain.window import Window
from rootline.intake.observed import kept, observed
from rootline.redaction import Redactor
from rootline.store.intake import MemoryIntake, Stored
from rootline.store.journal import MemoryJournal
from rootline.store.refusals import StoreUnreachable

pytestmark = pytest.mark.anyio
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))
LEVEL = ConfigChange(key="configmap/cart LEVEL", service="cart", at=NOON, before="info", after="debug")
ROLLED = Deployment(service="cart", at=NOON, commit="", version="cart:2.0")


@dataclass
class Slow(MemoryIntake):
    """An intake that says when it has taken something, and is away at first if so told."""

    taken: asyncio.Queue[Stored | None] = field(default_factory=asyncio.Queue)
    failures: int = 0

    async def take(self, *given: Any, **named: Any) -> Stored:
        if self.failures:
            self.failures -= 1
            self.taken.put_nowait(None)
            raise StoreUnreachable("the database is away")
        stored = await super().take(*given, **named)
        self.taken.put_nowait(stored)
        return stored


def intake(failures: int = 0) -> Slow:
    return Slow(MemoryJournal(), failures=failures)


def keeping(store: Slow) -> Any:
    numbers = count(1)
    return kept(store, Redactor(b"test"), lambda: NOON, lambda: identity(next(numbers), NOON))


async def next_of(store: Slow) -> Stored | None:
    async with asyncio.timeout(20):
        return await store.taken.get()


async def test_what_was_seen_in_another_thread_is_stored_once_with_its_cluster() -> None:
    store, news = intake(), ChangeSet(deployments=(ROLLED,), configs=(LEVEL,))

    async with keeping(store) as tell:
        for _ in range(2):
            await asyncio.to_thread(tell, "east-1", news)
            await next_of(store)
        tell("west-1", news)
        await next_of(store)

    told = {(one.cluster, one.kind, one.name, one.before, one.after, one.version) for one in await store.changes(HOUR)}
    assert told == {
        (cluster, *what)
        for cluster in ("east-1", "west-1")
        for what in (
            ("deployment", "", "", "", "cart:2.0"),
            ("config", "configmap/cart LEVEL", "info", "debug", ""),
        )
    }
    assert [one.vendor for one in await store.deliveries()] == ["kubernetes"] * 2


async def test_a_store_that_is_away_loses_that_news_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = intake(failures=1)

    async with keeping(store) as tell:
        tell("east-1", ChangeSet(configs=(LEVEL,)))
        assert await next_of(store) is None
        tell("east-1", ChangeSet(deployments=(ROLLED,)))
        assert await next_of(store) is not None

    assert [one.kind for one in await store.changes(HOUR)] == ["deployment"]
    assert "is not stored: the database is away" in caplog.text


async def test_nothing_is_stored_of_nothing_and_no_secret_of_anything() -> None:
    store = intake()
    secret = ConfigChange(key="configmap/cart DB_PASSWORD", service="cart", at=NOON, before="", after="hunter2-hunter2")

    async with keeping(store) as tell:
        tell("", ChangeSet())
        tell("", ChangeSet(configs=(secret,)))
        await next_of(store)

    (delivery,) = await store.deliveries()
    (change,) = await store.changes(HOUR)
    assert "hunter2" not in delivery.model_dump_json()
    assert "hunter2" not in change.model_dump_json()
    assert observed("", ChangeSet()) == ()
