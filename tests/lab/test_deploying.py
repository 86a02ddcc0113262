"""People deploy at the same time, and each deployment holds what its own author wrote and nothing else."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.lab.innocent import INNOCENT
from rootline.lab.laboratory import Laboratory
from rootline.lab.patch import Patch, read_patch
from rootline.lab.places import Places
from rootline.lab.programs import Programs

SERVERLESS = Programs(prometheus="/bin/false", alertmanager="/bin/false", git="git")
STRANGER = """--- a/shop/cart/settings.toml
+++ b/shop/cart/settings.toml
@@ -1,3 +1,3 @@
 workers = 8
-queue = 64
+queue = 1
 log_level = "INFO"
"""


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Laboratory]:
    """A laboratory with a history, in which nothing runs but what is deployed."""
    places = Places(tmp_path / "lab")
    made = Laboratory(places, SERVERLESS, seed=1, tell=print)
    for folder in (places.running, places.volume, places.output):
        folder.mkdir(parents=True)
    made.repository.create()
    yield made
    await made.stop()


def patch_in(folder: Path, text: str) -> Patch:
    file = folder / "stranger.diff"
    file.write_text(text)
    return read_patch(file, "cart")


def files_of(laboratory: Laboratory, commit: str) -> set[str]:
    told = subprocess.run(
        ["git", "-C", str(laboratory.repository.folder), "show", "--format=", "--name-only", commit],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.split())


@pytest.mark.anyio
async def test_each_of_several_at_once_deploys_only_his_own_work(shop: Laboratory, tmp_path: Path) -> None:
    first = next(one for one in INNOCENT if one.service == "pricing")
    second = next(one for one in INNOCENT if one.service == "checkout")

    mine, *others = await asyncio.gather(
        shop.patch(patch_in(tmp_path, STRANGER), "amber"), shop.work(first, "boris"), shop.work(second, "chen")
    )

    assert files_of(shop, mine.change) == {"shop/cart/settings.toml"}
    for work, commit in zip((first, second), others, strict=True):
        assert files_of(shop, commit) == {edit.file for edit in work.edits}
    assert (shop.versions["cart"], shop.versions["pricing"], shop.versions["checkout"]) == (2, 2, 2)


@pytest.mark.anyio
async def test_a_patch_is_known_to_have_happened_from_when_its_deployment_began(
    shop: Laboratory, tmp_path: Path
) -> None:
    crashes = STRANGER.replace("+queue = 1", "+queue = 1\n+no_such_setting = 1").replace("+1,3 @@", "+1,4 @@")
    told: list[str] = []

    with shop.heard(told.append):
        done = await shop.patch(patch_in(tmp_path, crashes), "amber")

    (said,) = told
    assert (done.kind, done.service) == ("culprit", "cart")
    assert said == f"amber deployed cart v2 ({done.change[:10]}: Change cart), which does not start"


@pytest.mark.anyio
async def test_a_patch_that_no_longer_applies_leaves_nothing_behind(shop: Laboratory, tmp_path: Path) -> None:
    await shop.patch(patch_in(tmp_path, STRANGER), "amber")
    before = shop.repository.head()

    with pytest.raises(Misconfigured, match="does not apply to the shop as it is now"):
        await shop.patch(patch_in(tmp_path, STRANGER), "amber")

    assert (shop.repository.head(), shop.repository.changed()) == (before, ())
    assert len(shop.happened.all) == 1
