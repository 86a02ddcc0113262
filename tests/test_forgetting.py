"""Old rows are let go of at once and every day, and one tenant's trouble is no other's."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from rootline.desk import Desk
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.forgetting import DAY_S, forget, forgetting
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.limits import Limits
from rootline.store.refusals import StoreUnreachable
from rootline.store.retention import Forgotten, Retention

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST, BROKEN, LAST = UUID(int=1), UUID(int=2), UUID(int=3)


@dataclass
class Listed:
    """A retention that notes what it was asked."""

    tenant: UUID
    asked: list[tuple[UUID, Limits]]

    async def forget(self, limits: Limits) -> Forgotten:
        if self.tenant == BROKEN:
            raise StoreUnreachable("the server is away")
        self.asked.append((self.tenant, limits))
        return Forgotten(counts={"deliveries": 2, "notices": 0})


def desk_of(asked: list[tuple[UUID, Limits]]) -> Desk:
    async def tenants() -> tuple[UUID, ...]:
        return (FIRST, BROKEN, LAST)

    def retentions(tenant: UUID) -> Retention:
        return Listed(tenant, asked)

    plain = memory_desk(Settings(home=Path("unused")))
    return replace(plain, clock=lambda: NOW, tenants=tenants, retentions=retentions)


async def test_every_tenant_is_asked_with_the_limits_of_today_and_a_broken_one_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[tuple[UUID, Limits]] = []

    with caplog.at_level(logging.INFO, "rootline.forgetting"):
        await forget(desk_of(asked))

    year = timedelta(days=365)
    limits = Limits(told=NOW - timedelta(days=90), seen=NOW - year, found=NOW - 3 * year)
    assert asked == [(FIRST, limits), (LAST, limits)]
    assert "left for tomorrow: the server is away" in caplog.text
    assert f"let go of 2 deliveries of tenant {FIRST}" in caplog.text


async def test_it_is_done_at_once_and_again_every_day_until_the_block_ends() -> None:
    asked: list[tuple[UUID, Limits]] = []
    slept: list[float] = []
    third = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            third.set()
            await asyncio.Event().wait()

    async with forgetting(desk_of(asked), sleep):
        await third.wait()

    assert slept == [DAY_S] * 3
    assert [tenant for tenant, _ in asked] == [FIRST, LAST] * 3


async def test_a_desk_in_memory_lets_go_too() -> None:
    desk = replace(memory_desk(Settings(home=Path("unused"))), clock=lambda: NOW)
    await desk.open(Question(text="Which pods restart?", window=Window(start=NOW - DAY, end=NOW)))

    await forget(desk)
    kept = await desk.journal.investigations()
    await forget(replace(desk, clock=lambda: NOW + 365 * DAY))

    assert len(kept) == 1
    assert list(await desk.journal.investigations()) == []
