"""What a deployment brought where merges stand between it and what ran before, in real clones."""

import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.clone import Clone
from tests.fakes.incident import HOUR, START

from rootline.domain.change import ChangeSet, CommitRange
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.source import ChangeQuery

pytestmark = pytest.mark.anyio
MOMENTS = [START + timedelta(minutes=at) for at in range(30)]
LONG_AGO = START - timedelta(days=60)


class Shop(Clone):
    """A clone in which everything takes a minute."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.minute = 0
        self.write("a.py", "1\n", "first")

    def did(self, *words: str) -> str:
        self.minute += 1
        return self.git(*words, at=MOMENTS[self.minute])

    def write(self, name: str, text: str, message: str) -> str:
        self.minute += 1
        return self.commit(name, text, message, MOMENTS[self.minute])

    def on(self, branch: str, *start: str) -> None:
        self.did("checkout", "-q", *(("-b", branch, *start) if start else (branch,)))

    def ship(self, number: int, revision: str = "HEAD") -> None:
        self.did("tag", "-a", "-m", str(number), f"release-{number}", revision)

    async def read(self) -> ChangeSet:
        return await GitClones([self.folder]).changes(ChangeQuery(), HOUR)

    async def last_moved(self) -> CommitRange:
        moved = (await self.read()).deployments[-1].moved
        assert moved is not None
        return moved


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def a_branch_that_runs(shop: Shop) -> str:
    """Ship the tip of a branch, and return to main, which lacks it."""
    shop.on("feature", "main")
    tip = shop.write("b.py", "1\n", "inside")
    shop.ship(1)
    shop.on("main")
    return tip


async def test_a_merge_of_what_runs_already_that_changes_no_file_is_said_to_be_only_that(shop: Shop) -> None:
    tip = a_branch_that_runs(shop)
    shop.did("merge", "-q", "--no-ff", "-m", "merge", "feature")
    merge = shop.did("rev-parse", "HEAD")
    shop.ship(2)
    shop.ship(3, tip)

    forth, back = [one.moved for one in (await shop.read()).deployments[1:]]

    assert forth is not None
    assert back is not None
    assert (forth.relation, forth.came, forth.left, forth.is_whole) == ("unknown", (), (), False)
    assert forth.why == f"only merges lie between {tip[:7]}, which ran before, and {merge[:7]}; they change no file"
    assert (back.relation, back.why) == (
        "unknown",
        f"only merges lie between {merge[:7]}, which ran before, and {tip[:7]}; they change no file",
    )


async def test_a_merge_that_changes_a_file_itself_came_with_that_change_and_goes_with_it(shop: Shop) -> None:
    tip = a_branch_that_runs(shop)
    shop.did("merge", "-q", "--no-ff", "--no-commit", "feature")
    merge = shop.write("b.py", "2\n", "merge, and more")
    shop.ship(2)
    shop.ship(3, tip)

    found = await shop.read()

    assert [(one.moved.relation, one.moved.came, one.moved.left) for one in found.deployments[1:] if one.moved] == [
        ("forward", (merge,), ()),
        ("rollback", (), (merge,)),
    ]
    (brought,) = [one for one in found.commits if one.sha == merge]
    assert (brought.message, brought.files) == ("merge, and more", ("b.py",))
    assert brought.diff.startswith("diff --git a/b.py b/b.py\n")
    assert brought.diff.endswith("@@ -1 +1 @@\n-1\n+2")


async def test_a_merge_that_drops_what_ran_came_with_what_it_drops(shop: Shop) -> None:
    a_branch_that_runs(shop)
    shop.did("merge", "-q", "--no-ff", "-s", "ours", "-m", "keep ours", "feature")
    merge = shop.did("rev-parse", "HEAD")
    shop.ship(2)

    found = await shop.read()
    (brought,) = [one for one in found.commits if one.sha == merge]

    assert [one.moved.came for one in found.deployments[1:] if one.moved] == [(merge,)]
    assert brought.files == ("b.py",)
    assert brought.diff.endswith("+++ /dev/null\n@@ -1 +0,0 @@\n-1")


async def test_of_several_merges_each_came_with_what_it_changed_after_the_one_before(shop: Shop) -> None:
    a_branch_that_runs(shop)
    shop.on("aside", "feature~1")
    for number, branch in ((2, "main"), (3, "aside")):
        shop.on(branch)
        shop.did("merge", "-q", "--no-ff", "--no-commit", "feature")
        shop.write("b.py", f"{number}\n", f"merge {number}")
        shop.did("checkout", "-q", "-B", "feature")
    shop.ship(2)

    found = await shop.read()
    moved = found.deployments[-1].moved

    assert moved is not None
    brought = {one.sha: one for one in found.commits}
    assert [brought[sha].message for sha in moved.came] == ["merge 2", "merge 3"]
    assert [brought[sha].diff[-5:] for sha in moved.came] == ["-1\n+2", "-2\n+3"]


async def test_a_merge_brings_the_commits_of_its_branch_however_old_they_are(shop: Shop) -> None:
    shop.ship(1)
    shop.did("checkout", "-q", "-b", "feature")
    old = shop.commit("b.py", "1\n", "inside", LONG_AGO)
    shop.on("main")
    beside = shop.write("c.py", "1\n", "beside")
    shop.did("merge", "-q", "--no-ff", "-m", "merge", "feature")
    shop.ship(2)

    found = await shop.read()
    moved = found.deployments[-1].moved

    assert moved is not None
    assert (moved.relation, set(moved.came)) == ("forward", {old, beside})
    assert {("inside", ("b.py",)), ("beside", ("c.py",))} <= {(one.message, one.files) for one in found.commits}


async def test_a_main_line_of_merges_alone_brings_what_was_merged(shop: Shop) -> None:
    shop.ship(1)
    inside = []
    for at in range(3):
        shop.on(f"feature-{at}", "main")
        inside.append(shop.write(f"b{at}.py", "1\n", f"inside {at}"))
        shop.on("main")
        shop.did("merge", "-q", "--no-ff", "-m", f"merge {at}", f"feature-{at}")
    shop.ship(2)

    moved = await shop.last_moved()

    assert (moved.relation, moved.came, moved.is_whole) == ("forward", tuple(inside), True)


async def test_a_squashed_branch_came_as_the_one_commit_that_it_became(shop: Shop) -> None:
    shop.ship(1)
    shop.on("feature", "main")
    shop.write("b.py", "1\n", "one")
    shop.write("b.py", "2\n", "two")
    shop.on("main")
    shop.did("merge", "-q", "--squash", "feature")
    shop.did("commit", "-q", "-m", "squashed")
    squashed = shop.did("rev-parse", "HEAD")
    shop.ship(2)

    assert (await shop.last_moved()).came == (squashed,)


async def test_the_unsquashed_branch_in_the_place_of_its_squash_is_another_history(shop: Shop) -> None:
    shop.ship(1)
    shop.on("feature", "main")
    inside = shop.write("b.py", "1\n", "one")
    shop.on("main")
    shop.did("merge", "-q", "--squash", "feature")
    shop.did("commit", "-q", "-m", "squashed")
    squashed = shop.did("rev-parse", "HEAD")
    shop.ship(2)
    shop.ship(3, "feature")

    moved = await shop.last_moved()

    assert (moved.relation, moved.came, moved.left) == ("rewritten", (inside,), (squashed,))


async def test_an_octopus_brings_the_commits_of_all_its_branches_and_takes_them_back(shop: Shop) -> None:
    shop.ship(1)
    inside = {}
    for name in "xyz":
        shop.on(name, "main")
        inside[name] = shop.write(f"{name}.py", "1\n", name)
    shop.on("main")
    shop.did("merge", "-q", "--no-ff", "-m", "octopus", "x", "y", "z")
    shop.ship(2)
    shop.ship(3, "x")

    forth, back = [one.moved for one in (await shop.read()).deployments[1:]]

    assert forth is not None
    assert back is not None
    assert (forth.relation, set(forth.came)) == ("forward", set(inside.values()))
    assert (back.relation, set(back.left)) == ("rollback", {inside["y"], inside["z"]})


async def test_of_a_conflict_the_commits_of_both_sides_came_and_how_it_was_resolved(shop: Shop) -> None:
    shop.ship(1)
    shop.on("feature", "main")
    two = shop.write("a.py", "2\n", "two")
    shop.on("main")
    three = shop.write("a.py", "3\n", "three")
    with suppress(subprocess.CalledProcessError):
        shop.did("merge", "-q", "--no-ff", "feature")
    nine = shop.write("a.py", "9\n", "nine")
    shop.ship(2)

    came = (await shop.last_moved()).came
    assert (set(came[:2]), came[2:]) == ({two, three}, (nine,))
