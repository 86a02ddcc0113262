"""`rotate-key` is killed between two tenants: everything can still be opened, and the next rotation finishes."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from tests.store.conftest import Database

from rootline.domain.fleet import Cluster
from rootline.domain.tenant import LOCAL, Actor
from rootline.store.credential_keys import load_keys
from rootline.store.postgres import Store

pytestmark = pytest.mark.anyio
LAST = Actor(tenant=UUID(int=2**128 - 1), name="zoe", role="engineer")
BOTH = (LOCAL, LAST)
NAMES = ("east", "west")


async def registered(store: Store, home: Path) -> None:
    """Leave two sealed credentials to each of two tenants."""
    keys = load_keys(home, "")
    for actor in BOTH:
        await store.ensure_tenant(actor.tenant, actor.name)
        for name in NAMES:
            one = Cluster(name=name, created_at=datetime(2026, 3, 1, tzinfo=UTC))
            sealed = keys.seal(actor.tenant, name, "loki", f"{name} of {actor.name}")
            await store.fleet(actor).add(one, [sealed])


async def opened(store: Store, home: Path) -> set[str]:
    keys = load_keys(home, "")
    return {keys.open(one.tenant, held) for one in BOTH for held in await store.fleet(one).credentials()}


async def sealed_with(store: Store, actor: Actor) -> set[str]:
    return {one.key_id for one in await store.fleet(actor).credentials()}


def rotating(home: Path, database: Database) -> "subprocess.Popen[bytes]":
    own = {
        "ROOTLINE_HOME": str(home),
        "ROOTLINE_OWNER_DSN": database.owner_dsn,
        "ROOTLINE_APP_DSN": database.app_dsn,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOTLINE_")}
    command = [sys.executable, "-m", "rootline.cli", "cluster", "rotate-key"]
    return subprocess.Popen(command, env={**kept, **own}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.promise("nothing-is-lost")
async def test_a_rotation_killed_between_two_tenants_loses_nothing_and_is_finished_by_the_next(
    store: Store, database: Database, tmp_path: Path
) -> None:
    await registered(store, tmp_path)
    everything = {f"{name} of {actor.name}" for name in NAMES for actor in BOTH}
    former = load_keys(tmp_path, "").sealing_id
    with psycopg.connect(database.owner_dsn) as busy:
        held = "select from rootline.cluster_credentials where tenant_id = %s for update"
        busy.execute(held, [LAST.tenant])
        killed = rotating(tmp_path, database)
        while await sealed_with(store, LOCAL) == {former} and killed.poll() is None:  # noqa: ASYNC110 another process sets no event
            await asyncio.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()

    halfway = load_keys(tmp_path, "")
    assert killed.returncode == -signal.SIGKILL
    assert (await sealed_with(store, LOCAL), await sealed_with(store, LAST)) == ({halfway.sealing_id}, {former})
    assert len(halfway.keys) == 2
    assert await opened(store, tmp_path) == everything

    finished = rotating(tmp_path, database)
    said, _ = await asyncio.to_thread(finished.communicate)

    now = load_keys(tmp_path, "")
    assert (finished.returncode, said.startswith(b"4 credentials are sealed anew")) == (0, True)
    assert len(now.keys) == 1
    assert now.sealing_id not in {former, halfway.sealing_id}
    assert {*await sealed_with(store, LOCAL), *await sealed_with(store, LAST)} == {now.sealing_id}
    assert await opened(store, tmp_path) == everything
