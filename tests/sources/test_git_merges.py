"""What merges changed of their own stands in no commit that they merge, and is read as the merge's change."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.fakes.observability import needs
from tests.sources.test_git_ranges import Shop

from rootline.changes.diffs.diff import parse
from rootline.domain.change import ChangeSet, Commit

pytestmark = pytest.mark.anyio
LIMITS = "a = 1\nlimit = {}\nb = 2\n"
OLDER_GIT = """#!/bin/sh
for word in "$@"; do
  case "$word" in {refused}) echo "fatal: unrecognized argument: $word" >&2; exit 128;; esac
done
exec {git} "$@"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A clone in which two branches raised a limit differently."""
    shop = Shop(tmp_path / "shop")
    shop.write("limits.py", LIMITS.format(10), "limits")
    shop.on("feature", "main")
    shop.write("limits.py", LIMITS.format(20), "twenty")
    shop.on("main")
    shop.write("limits.py", LIMITS.format(30), "thirty")
    with suppress(subprocess.CalledProcessError):
        shop.did("merge", "-q", "--no-ff", "feature")
    return shop


def older(folder: Path, refused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a git found first that knows some of its options not yet."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(OLDER_GIT.format(refused=refused, git=needs("git")))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def read_of(found: ChangeSet, message: str) -> Commit:
    (one,) = [one for one in found.commits if one.message == message]
    return one


def signed(one: Commit) -> list[tuple[str, str, str]]:
    """What came and went, by file."""
    return [(line.file, line.sign, line.text) for line in parse(one.diff, one.files).lines if line.sign != " "]


BOTH_REPLACED = [
    ("limits.py", "-", "limit = 30"),
    ("limits.py", "-", "limit = 20"),
    ("limits.py", "+", "limit = 0"),
]


async def test_how_a_conflict_was_resolved_is_the_merges_own_change(shop: Shop) -> None:
    shop.write("limits.py", LIMITS.format(0), "resolved")

    found = await shop.read()

    one = read_of(found, "resolved")
    assert one.files == ("limits.py",)
    assert signed(one) == BOTH_REPLACED
    assert "remerge CONFLICT (content): Merge conflict in limits.py" in one.diff
    assert [each.message for each in sorted(found.commits, key=lambda each: each.order)][-1] == "resolved"


async def test_what_is_slipped_into_a_merge_beside_is_its_change_too(shop: Shop) -> None:
    (shop.folder / "a.py").write_text("2\n")
    shop.did("add", "a.py")
    shop.write("limits.py", LIMITS.format(30), "ours, and more")

    one = read_of(await shop.read(), "ours, and more")

    assert one.files == ("a.py", "limits.py")
    assert signed(one) == [("a.py", "-", "1"), ("a.py", "+", "2"), ("limits.py", "-", "limit = 20")]


async def test_merges_that_change_nothing_themselves_are_no_commits(shop: Shop) -> None:
    shop.write("limits.py", LIMITS.format(0), "resolved")
    shop.on("aside", "feature")
    shop.write("c.py", "1\n", "aside")
    shop.on("main")
    shop.did("merge", "-q", "--no-ff", "-m", "nothing of its own", "aside")

    found = await shop.read()

    assert "nothing of its own" not in {one.message for one in found.commits}
    assert found.remarks == ()


async def test_an_older_git_tells_what_differs_from_both_sides(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(tmp_path / "bin", "--remerge-diff", monkeypatch)
    shop.write("limits.py", LIMITS.format(0), "resolved")

    found = await shop.read()

    one = read_of(found, "resolved")
    assert signed(one) == BOTH_REPLACED
    assert one.diff.startswith("diff --git a/limits.py b/limits.py\nindex ")
    assert "\n@@ -1,3 +1,3 @@\n a = 1\n-limit = 30\n-limit = 20\n+limit = 0\n b = 2" in one.diff
    assert found.remarks == ()


async def test_where_git_can_compare_no_merge_that_is_said_and_all_else_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older(tmp_path / "bin", "--remerge-diff|--cc", monkeypatch)
    shop.write("limits.py", LIMITS.format(0), "resolved")

    found = await shop.read()

    assert {one.message for one in found.commits} == {"first", "limits", "twenty", "thirty"}
    assert found.remarks == ("shop: what merges changed themselves was not read: fatal: unrecognized argument: --cc",)


async def test_a_program_that_the_clone_names_for_merging_is_not_run(shop: Shop, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    shop.did("config", "merge.ours-of-all.driver", f"touch {ran}")
    (shop.folder / ".git" / "info" / "attributes").write_text("*.py merge=ours-of-all\n")
    shop.write("limits.py", LIMITS.format(0), "resolved")

    one = read_of(await shop.read(), "resolved")

    assert signed(one) == BOTH_REPLACED
    assert not ran.exists()


def files_of(folder: Path) -> Iterator[tuple[str, int]]:
    for one in sorted(folder.rglob("*")):
        yield str(one), one.stat().st_mtime_ns


async def test_nothing_is_written_into_the_clone(shop: Shop) -> None:
    shop.write("limits.py", LIMITS.format(0), "resolved")
    before = [*files_of(shop.folder)]

    await shop.read()

    assert [*files_of(shop.folder)] == before


async def test_a_shallow_clone_tells_what_differs_from_both_sides(shop: Shop, tmp_path: Path) -> None:
    shop.write("limits.py", LIMITS.format(0), "resolved")
    shallow = tmp_path / "shallow"
    shop.did("clone", "-q", "--depth=2", f"file://{shop.folder}", str(shallow))
    shutil.rmtree(shop.folder)
    shallow.rename(shop.folder)

    one = read_of(await shop.read(), "resolved")

    assert signed(one) == BOTH_REPLACED
