"""The shop's history: commits, deployments with their times, strangers' patches."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootline.domain.window import Window
from rootline.errors import Misconfigured, NotFound
from rootline.lab.repository import Repository
from rootline.lab.scenario import patch_scenario
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.source import ChangeQuery

PATCH = """--- a/shop/payment/settings.toml
+++ b/shop/payment/settings.toml
@@ -1,3 +1,3 @@
 workers = 6
-queue = 64
+queue = 1
 log_level = "INFO"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", "git")
    made.create()
    return made


def write(folder: Path, text: str) -> Path:
    file = folder / "stranger.diff"
    file.write_text(text)
    return file


@pytest.mark.anyio
async def test_deployments_are_read_with_their_service_time_and_commit(shop: Repository) -> None:
    shop.tag("cart", 1, shop.head(), at=datetime.now(tz=UTC) - timedelta(days=30))
    file = shop.folder / "shop" / "cart" / "settings.toml"
    file.write_text(file.read_text().replace("queue = 64", "queue = 32"))
    before, after = shop.head(), shop.commit("Smaller queue", author="amber")
    shop.tag("cart", 2, after)

    now = datetime.now(tz=UTC)
    window = Window(start=now - timedelta(hours=1), end=now + timedelta(minutes=1))
    found = await GitClones([shop.folder]).changes(ChangeQuery(), window)

    (deployed,) = found.deployments
    assert (deployed.service, deployed.commit, deployed.previous_commit) == ("cart", after, before)
    assert abs(deployed.at - now) < timedelta(minutes=1)
    assert [(one.sha, one.author) for one in found.commits] == [(after, "amber")]


def test_a_checkout_holds_the_files_of_its_commit(shop: Repository, tmp_path: Path) -> None:
    first = shop.head()
    (shop.folder / "shop" / "new.txt").write_text("new")
    second = shop.commit("Add a file", author="boris")

    for name, commit in (("one", first), ("two", second)):
        shop.checkout(commit, tmp_path / name)

    assert not (tmp_path / "one" / "shop" / "new.txt").exists()
    assert (tmp_path / "two" / "shop" / "new.txt").read_text() == "new"
    assert (tmp_path / "one" / "shop" / "gateway" / "app.py").is_file()


def test_a_patch_becomes_a_change_of_the_working_tree(shop: Repository, tmp_path: Path) -> None:
    shop.apply(write(tmp_path, PATCH))

    assert shop.changed() == ("shop/payment/settings.toml",)
    assert "queue = 1\n" in (shop.folder / "shop" / "payment" / "settings.toml").read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PATCH.replace("-queue = 64", "-queue = 99"), "does not apply to the shop as it is now"),
        (PATCH.replace("payment", "refunds"), "does not apply to the shop as it is now"),
        ("not a patch at all\n", "does not apply to the shop as it is now"),
    ],
)
def test_a_patch_that_does_not_apply_changes_nothing_and_says_why(
    shop: Repository, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(Misconfigured, match=says):
        shop.apply(write(tmp_path, text))

    assert shop.changed() == ()


def test_a_patch_cannot_write_outside_of_the_repository(shop: Repository, tmp_path: Path) -> None:
    hostile = "--- /dev/null\n+++ b/../outside.txt\n@@ -0,0 +1 @@\n+out\n"

    with pytest.raises(Misconfigured):
        shop.apply(write(tmp_path, hostile))

    assert not (tmp_path / "outside.txt").exists()


def test_what_cannot_be_a_patch_is_refused_before_anything_is_deployed(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no service 'refunds' in the shop"):
        patch_scenario(write(tmp_path, PATCH), "refunds", 0)
    with pytest.raises(Misconfigured, match="is no unified diff"):
        patch_scenario(write(tmp_path, "hello\n"), "payment", 0)
    with pytest.raises(Misconfigured, match="cannot be read"):
        patch_scenario(tmp_path / "missing.diff", "payment", 0)


def test_the_settings_of_the_machine_s_git_do_not_reach_the_shop(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", "git")
    made.create()

    told = subprocess.run(
        ["git", "-C", str(made.folder), "log", "--format=%an %cn"], capture_output=True, text=True, check=True
    )

    assert told.stdout == "shop shop\n"
