"""A desk as the settings say: on one's own PostgreSQL, on the embedded one, or in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rootline.desk import Desk
from rootline.domain.tenant import LOCAL, Actor
from rootline.knowledge.library import shipped_runbooks
from rootline.knowledge.shelves import Shelves, kept_by_tenant
from rootline.models.names import parse_model_name
from rootline.personas.library import load
from rootline.redaction import Redactor
from rootline.settings import Settings
from rootline.sources.runbooks.places import places
from rootline.store.memory import MemoryStores
from rootline.store.runbooks import MemoryRunbookIndex
from rootline.wiring import archives_of, embedder_of, installation_key, retentions_of, wire

if TYPE_CHECKING:
    from rootline.store.postgres.store import Store


def memory_desk(settings: Settings, *, key: bytes = b"rootline") -> Desk:
    """Set up a desk that stores nothing beyond the process: for evals and tests."""
    stores, redactor, embedder = MemoryStores(), Redactor(key), embedder_of(settings)
    return Desk(
        settings=settings,
        journal=stores.journal(LOCAL),
        journals=stores.journal,
        intakes=stores.intake,
        watchbooks=stores.watchbook,
        retentions=stores.retention,
        personas=load(settings.personas),
        redactor=redactor,
        models=lambda name: wire(parse_model_name(name), settings),
        shelves=Shelves(
            shipped=shipped_runbooks(),
            places=places(settings.environment),
            cache=settings.home / "runbooks",
            redactor=redactor,
            indexes=kept_by_tenant(lambda: MemoryRunbookIndex(embedder=embedder)),
            embedder=embedder,
        ),
    )


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator["Store"]:
    """Open PostgreSQL: the configured one, or the embedded one, which is released at the end."""
    from rootline.store.embedded import start  # noqa: PLC0415 starting a server is no part of importing
    from rootline.store.postgres.store import Store  # noqa: PLC0415 psycopg is loaded when a database is used

    lease = None if settings.owner_dsn else await asyncio.to_thread(start, settings.home)
    try:
        owner, app = (lease.owner_dsn, lease.app_dsn) if lease else (settings.owner_dsn, settings.app_dsn)
        store = await Store.open(owner, app)
        try:
            yield store
        finally:
            await store.close()
    finally:
        if lease is not None:
            await asyncio.to_thread(lease.release)


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Set up a desk on PostgreSQL, which is left at the end."""
    async with open_store(settings) as store:
        desk = memory_desk(settings, key=installation_key(settings.home))

        async def ensure_tenant(one: Actor) -> None:
            await store.ensure_tenant(one.tenant, one.name)

        archives = archives_of(settings, store, desk.shelves.embedder)
        shelves = replace(desk.shelves, indexes=lambda one: archives(one, "runbooks"), archives=archives)
        desk = replace(
            desk,
            journals=store.journal,
            intakes=store.intake,
            watchbooks=store.watchbook,
            fleets=store.fleet,
            tenants=store.tenants,
            retentions=retentions_of(settings, store),
            ensure_tenant=ensure_tenant,
            shelves=shelves,
        )
        yield desk.acting_for(LOCAL)
