"""One body of tests for every reader of changes: the recording, a real git clone, and GitHub's API over it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.clone import Clone
from tests.fakes.github_server import Github, Shipment, github, served
from tests.fakes.incident import HOUR, START

from rootline.domain.change import ChangeSet, CodeOwners, Commit, CommitRange, Deployment
from rootline.domain.window import Window
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.source import ChangeQuery, ChangeSource, RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.github.changes import GithubChanges
from rootline.sources.links import noting

FIRST, BAD, LATE = START - timedelta(days=2), START + timedelta(minutes=20), HOUR.end + timedelta(minutes=5)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    made = Clone(tmp_path_factory.mktemp("clones") / "checkout")
    made.commit("pool.py", "SIZE = 50\n", "begin", FIRST)
    made.git("tag", "-a", "-m", "out", "release-1.0", at=FIRST + timedelta(hours=1))
    made.commit("pool.py", "SIZE = 5\n", "use fewer connections\n\nThey are idle anyway.", BAD)
    made.git("tag", "-a", "-m", "out", "deploy/payment/v2", at=BAD + timedelta(minutes=2))
    made.git("tag", "v2.0-draft", at=BAD)
    made.commit("pool.py", "SIZE = 7\n", "later", LATE)
    return made


@pytest.fixture(params=["recording", "git", "github"])
def changes(request: pytest.FixtureRequest, clone: Clone) -> Iterator[ChangeSource]:
    if request.param == "github":
        with served(shipping(clone)) as url:
            yield GithubChanges(github(url))
    else:
        yield GitClones([clone.folder]) if request.param == "git" else RecordedChanges(recording(clone))


def shipping(clone: Clone) -> Github:
    """The tags of the clone as deployments that succeeded a moment after they were asked for."""
    shipments = [
        Shipment(
            sha=one.commit,
            ref=one.version,
            at=one.at - timedelta(minutes=1),
            statuses=(("in_progress", one.at - timedelta(seconds=9)), ("success", one.at), ("inactive", HOUR.end)),
            payload={} if one.service == "checkout" else {"service": one.service},
        )
        for one in recording(clone).deployments
    ]
    return Github(clone=clone, shipments=shipments)


def recording(clone: Clone) -> ChangeSet:
    late, bad, first = clone.git("log", "--format=%H", at=START).split()
    commits = [
        Commit(
            sha=sha,
            at=at,
            message=message,
            author="ada@NAME",
            files=("pool.py",),
            repository="checkout",
            order=at_place,
        )
        for at_place, (sha, at, message) in enumerate(
            [
                (first, FIRST, "begin"),
                (bad, BAD, "use fewer connections\n\nThey are idle anyway."),
                (late, LATE, "later"),
            ]
        )
    ]
    deployed = (
        Deployment(
            service="checkout",
            at=FIRST + timedelta(hours=1),
            commit=first,
            version="release-1.0",
            moved=CommitRange(relation="first", came=(first,)),
        ),
        Deployment(
            service="payment",
            at=BAD + timedelta(minutes=2),
            commit=bad,
            version="deploy/payment/v2",
            moved=CommitRange(relation="first", came=(first, bad)),
        ),
    )
    return ChangeSet(commits=tuple(commits), deployments=deployed)


def without_diffs(commits: Sequence[Commit]) -> list[tuple[object, ...]]:
    return [(one.sha, one.at, one.message, one.author, one.files, one.repository, one.order) for one in commits]


@pytest.mark.anyio
async def test_what_changed_before_the_end_of_the_window_is_told(changes: ChangeSource, clone: Clone) -> None:
    found = await changes.changes(ChangeQuery(), HOUR)

    assert without_diffs(found.commits) == without_diffs(recording(clone).commits[:2])
    assert found.deployments == recording(clone).deployments


@pytest.mark.anyio
async def test_deployments_of_one_service_come_with_all_commits(changes: ChangeSource) -> None:
    found = await changes.changes(ChangeQuery(service="payment"), HOUR)

    assert [one.service for one in found.deployments] == ["payment"]
    assert len(found.commits) == 2


@pytest.mark.anyio
async def test_before_the_first_commit_nothing_changed(changes: ChangeSource) -> None:
    assert not await changes.changes(ChangeQuery(), Window(start=FIRST - timedelta(days=9), end=FIRST))


@pytest.mark.anyio
async def test_a_commit_has_its_diff(changes: ChangeSource) -> None:
    found = await changes.changes(ChangeQuery(), HOUR)

    if changes.name == "tape":
        return  # this recording has none
    lines = found.commits[-1].diff.splitlines()
    assert lines[0] == "diff --git a/pool.py b/pool.py"
    assert lines[-2:] == ["-SIZE = 50", "+SIZE = 5"]


@pytest.mark.anyio
async def test_a_huge_commit_is_cut(clone: Clone, tmp_path: Path) -> None:
    huge = Clone(tmp_path / "huge")
    huge.commit("data.txt", "".join(f"line {at}\n" for at in range(500_000)), "much", BAD)

    found = await GitClones([huge.folder, clone.folder]).changes(ChangeQuery(), HOUR)

    assert [(one.repository, len(one.diff)) for one in found.commits if one.repository == "huge"] == [("huge", 40_000)]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["CODEOWNERS", "docs/CODEOWNERS", ".github/CODEOWNERS"])
async def test_a_clone_tells_who_owns_which_paths(tmp_path: Path, path: str) -> None:
    clone = Clone(tmp_path / "checkout")
    (clone.folder / path).parent.mkdir(exist_ok=True)
    clone.commit(path, "/pool/ @acme/database\n", "owners", BAD)

    found = await GitClones([clone.folder]).changes(ChangeQuery(), HOUR)

    assert found.owners == (CodeOwners(text="/pool/ @acme/database\n", repository="checkout", path=path),)


@pytest.mark.anyio
async def test_a_clone_without_owners_tells_none(clone: Clone) -> None:
    assert (await GitClones([clone.folder]).changes(ChangeQuery(), HOUR)).owners == ()


@pytest.mark.anyio
async def test_programs_that_a_clone_names_are_not_run(tmp_path: Path) -> None:
    trap, sprung = Clone(tmp_path / "trap"), tmp_path / "sprung"
    trap.commit(".gitattributes", "*.py diff=evil\n", "begin", FIRST)
    trap.commit("pool.py", "SIZE = 5\n", "use fewer", BAD)
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.pager",
        "gpg.program",
    ):
        trap.git("config", key, str(program), at=BAD)
    trap.git("config", "log.showSignature", "true", at=BAD)

    found = await GitClones([trap.folder]).changes(ChangeQuery(), HOUR)

    assert len(found.commits) == 2
    assert not sprung.exists()


@pytest.mark.anyio
@pytest.mark.parametrize("made", [False, True], ids=["no folder", "no repository"])
async def test_what_is_no_clone_is_named(tmp_path: Path, made: bool) -> None:
    where = tmp_path / "nothing"
    if made:
        where.mkdir()
        (where / ".git").mkdir()

    with pytest.raises(SourceFailed, match="there is no git repository"):
        await GitClones([where]).changes(ChangeQuery(), HOUR)


@pytest.mark.anyio
async def test_of_several_clones_one_that_cannot_be_read_is_remarked(clone: Clone, tmp_path: Path) -> None:
    found = await GitClones([tmp_path / "nothing", clone.folder]).changes(ChangeQuery(), HOUR)

    assert without_diffs(found.commits) == without_diffs(recording(clone).commits[:2])
    (remark,) = found.remarks
    assert remark.startswith(f"git in {tmp_path / 'nothing'}: there is no git repository.")


@pytest.mark.anyio
async def test_a_clone_without_commits_is_named(tmp_path: Path) -> None:
    empty = Clone(tmp_path / "empty")

    with pytest.raises(SourceFailed, match="it has no commits"):
        await GitClones([empty.folder]).changes(ChangeQuery(), HOUR)


@pytest.mark.anyio
async def test_a_clone_tells_rollbacks_forced_pushes_merges_and_the_same_revision_apart(tmp_path: Path) -> None:
    shop = Clone(tmp_path / "shop")
    moments = [START + timedelta(minutes=at) for at in range(20)]
    first = shop.commit("a.py", "1", "first", moments[0])
    shop.git("tag", "-a", "-m", "1", "release-1", at=moments[1])
    shop.git("checkout", "-q", "-b", "feature", at=moments[2])
    inside = shop.commit("b.py", "1", "inside", moments[2])
    shop.git("checkout", "-q", "main", at=moments[3])
    shop.git("merge", "-q", "--no-ff", "-m", "merge", "feature", at=moments[3])
    shop.git("tag", "-a", "-m", "2", "release-2", at=moments[4])
    shop.git("tag", "-a", "-m", "again", "release-2.1", at=moments[5])
    shop.git("tag", "-a", "-m", "back", "release-3", first, at=moments[6])
    shop.git("reset", "-q", "--hard", first, at=moments[7])
    other = shop.commit("c.py", "1", "other", moments[7])
    shop.git("tag", "-a", "-m", "4", "release-4", at=moments[8])
    shop.git("tag", "-a", "-m", "5", "release-5", "feature", at=moments[9])

    found = (await GitClones([shop.folder]).changes(ChangeQuery(), HOUR)).deployments

    told = [(one.moved.relation, one.moved.came, one.moved.left) for one in found if one.moved]
    assert told == [
        ("first", (first,), ()),
        ("forward", (inside,), ()),
        ("same", (), ()),
        ("rollback", (), (inside,)),
        ("forward", (other,), ()),
        ("rewritten", (inside,), (other,)),
    ]


@pytest.mark.anyio
async def test_old_commits_that_a_deployment_brought_are_read_and_too_many_are_counted(tmp_path: Path) -> None:
    shop = Clone(tmp_path / "shop")
    long_ago = START - timedelta(days=90)
    shop.commit("a.py", "0", "begin", long_ago)
    shop.git("tag", "-a", "-m", "1", "release-1", at=START)
    shas = [shop.commit("a.py", f"{at + 1}", f"old {at}", long_ago + timedelta(minutes=at + 1)) for at in range(23)]
    shop.git("tag", "-a", "-m", "2", "release-2", at=START + timedelta(minutes=9))

    found = await GitClones([shop.folder]).changes(ChangeQuery(), HOUR)

    assert [one.sha for one in found.commits] == shas[-20:]
    assert found.commits[-1].diff.endswith("-22\n\\ No newline at end of file\n+23\n\\ No newline at end of file")
    assert found.remarks == ("shop: 3 older commits that deployments brought were not read",)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("origin", "is_github"),
    [
        ("https://github.com/acme/shop.git", True),
        ("https://user:token@github.com/acme/shop", True),
        ("git@github.com:acme/shop.git", True),
        ("ssh://git@github.com/acme/shop.git", True),
        ("https://github.com.evil.example/acme/shop.git", False),
        ("https://git.example/acme/shop.git", False),
        ("", False),
    ],
)
async def test_commits_of_a_clone_from_github_link_there(tmp_path: Path, origin: str, is_github: bool) -> None:
    shop = Clone(tmp_path / "shop")
    sha = shop.commit("a.py", "0", "begin", START)
    if origin:
        shop.git("remote", "add", "origin", origin, at=START)

    with noting() as links:
        await GitClones([shop.folder]).changes(ChangeQuery(), HOUR)

    assert [one.url for one in links] == ([f"https://github.com/acme/shop/commit/{sha}"] if is_github else [])


@pytest.mark.anyio
async def test_where_a_shallow_clone_is_cut_off_no_change_is_told_and_the_way_to_the_rest_is(tmp_path: Path) -> None:
    whole = Clone(tmp_path / "whole")
    for day in range(3):
        whole.commit("app.py", f"size = {day}\n", f"size {day}", HOUR.start - timedelta(days=3 - day))
    shallow = tmp_path / "shallow"
    whole.git("clone", "-q", "--depth", "2", whole.folder.as_uri(), str(shallow), at=HOUR.start)

    found = await GitClones([shallow]).changes(ChangeQuery(), HOUR)
    (remark,) = found.remarks

    assert [one.files for one in found.commits] == [(), ("app.py",)]
    assert ["-size = 1" in one.diff for one in found.commits] == [False, True]
    assert remark == (
        f"shallow is a shallow clone: what {found.commits[0].sha} changed, and what came before it, is not known. "
        "`git fetch --unshallow` gets it"
    )
    assert (await GitClones([whole.folder]).changes(ChangeQuery(), HOUR)).remarks == ()
