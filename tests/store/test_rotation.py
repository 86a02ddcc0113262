"""Rotation of the credentials' key: broken off anywhere, everything can still be opened."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from rootline.domain.fleet import Cluster
from rootline.errors import Misconfigured
from rootline.store.credential_keys import FILE, load_keys, with_new_key
from rootline.store.fleet import MemoryFleetBook
from rootline.store.rotation import rotate
from rootline.store.sealing import key_id, read_keys, write_keys

pytestmark = pytest.mark.anyio

TENANT, OTHER = UUID(int=1), UUID(int=2)
NAMES = ("east", "west")


async def books(home: Path) -> dict[UUID, MemoryFleetBook]:
    """Have two tenants with the same clusters."""
    keys = load_keys(home, "")
    found = {TENANT: MemoryFleetBook(), OTHER: MemoryFleetBook()}
    for tenant, book in found.items():
        for name in NAMES:
            one = Cluster(name=name, created_at=datetime(2026, 3, 1, tzinfo=UTC))
            await book.add(one, [keys.seal(tenant, name, "loki", f"{name} of {tenant}")])
    return found


async def opened(home: Path, held: dict[UUID, MemoryFleetBook]) -> set[str]:
    keys = load_keys(home, "")
    return {keys.open(tenant, one) for tenant, book in held.items() for one in await book.credentials()}


EVERYTHING = {f"{name} of {tenant}" for name in NAMES for tenant in (TENANT, OTHER)}


async def test_every_tenant_s_credentials_are_sealed_anew_and_the_former_key_is_gone(tmp_path: Path) -> None:
    held = await books(tmp_path)
    former = load_keys(tmp_path, "")

    done = await rotate(tmp_path, "", [*held], held.__getitem__)

    now = load_keys(tmp_path, "")
    assert (done.changed, done.sealing_id, len(now.keys)) == (4, now.sealing_id, 1)
    assert now.sealing_id != former.sealing_id
    assert await opened(tmp_path, held) == EVERYTHING


async def test_a_rotation_that_broke_off_is_finished_by_the_next(tmp_path: Path) -> None:
    held = await books(tmp_path)
    keys = with_new_key(tmp_path, load_keys(tmp_path, ""))
    await held[TENANT].reseal(lambda one: keys.resealed(TENANT, one))
    assert await opened(tmp_path, held) == EVERYTHING

    await rotate(tmp_path, "", [*held], held.__getitem__)

    assert await opened(tmp_path, held) == EVERYTHING
    assert len(load_keys(tmp_path, "").keys) == 1


async def test_no_key_is_dropped_while_something_cannot_be_opened(tmp_path: Path) -> None:
    held = await books(tmp_path)
    lost = read_keys(write_keys(load_keys(tmp_path / "elsewhere", "")), "elsewhere")
    one = Cluster(name="lost", created_at=datetime(2026, 3, 1, tzinfo=UTC))
    await held[OTHER].add(one, [lost.seal(OTHER, "lost", "loki", "x")])

    with pytest.raises(Misconfigured, match=f"sealed with the key {lost.sealing_id}"):
        await rotate(tmp_path, "", [*held], held.__getitem__)
    await held[OTHER].remove("lost")

    assert await opened(tmp_path, held) == EVERYTHING


async def test_keys_of_the_environment_are_left_to_whoever_sets_it(tmp_path: Path) -> None:
    held = await books(tmp_path)
    older = (tmp_path / FILE).read_text().strip()
    newer = write_keys(load_keys(tmp_path / "new", "")).strip()

    done = await rotate(tmp_path, f"{newer},{older}", [*held], held.__getitem__)

    assert (done.changed, done.is_file, done.where) == (4, False, "ROOTLINE_CREDENTIAL_KEY")
    assert done.sealing_id == key_id(read_keys(newer, "here").keys[0])
    alone = load_keys(tmp_path, newer)
    assert {alone.open(tenant, one) for tenant, book in held.items() for one in await book.credentials()} == EVERYTHING


async def test_the_file_is_its_owner_s_alone_and_says_so_when_it_is_not(tmp_path: Path) -> None:
    made = load_keys(tmp_path / "home", "")
    file = tmp_path / "home" / FILE

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_keys(tmp_path / "home", "") == made
    assert sorted(one.name for one in file.parent.iterdir()) == [FILE]
    file.chmod(0o644)
    with pytest.raises(Misconfigured, match="Run: chmod 600"):
        load_keys(tmp_path / "home", "")


async def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    load_keys(tmp_path, "")
    (tmp_path / FILE).write_bytes(b"\xff\xfe nothing")

    with pytest.raises(Misconfigured, match=f"{FILE} must hold keys of 32 bytes"):
        load_keys(tmp_path, "")
