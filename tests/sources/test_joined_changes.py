"""Changes of several sources: each thing once, and a source that fails is named."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, START

from rootline.domain.change import ChangeSet, CodeOwners, Commit, CommitRange, ConfigChange, Deployment
from rootline.domain.window import Window
from rootline.sources.changes.joined import JoinedChanges
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.failure import SourceFailed

A, B = "a" * 40, "b" * 40
MINUTE = timedelta(minutes=1)


class Away:
    name = "github"

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        raise SourceFailed("GitHub", f"nothing about {query.service or 'all'} in {window.duration}", "Ask again.")


def source(*deployments: Deployment, commits: tuple[Commit, ...] = (), remark: str = "") -> RecordedChanges:
    remarks = (remark,) if remark else ()
    return RecordedChanges(ChangeSet(commits=commits, deployments=deployments, remarks=remarks))


def shipped(sha: str, at: int, *, moved: bool = False, service: str = "cart") -> Deployment:
    brought = CommitRange(relation="forward", came=(sha,)) if moved else None
    return Deployment(service=service, at=START + at * MINUTE, commit=sha, moved=brought)


async def joined(*sources: RecordedChanges | Away) -> ChangeSet:
    return await JoinedChanges(sources).changes(ChangeQuery(), HOUR)


@pytest.mark.anyio
async def test_a_commit_that_two_sources_know_is_told_once_with_its_diff() -> None:
    bare, whole = Commit(sha=A, at=START, message="x"), Commit(sha=A, at=START, message="x", diff="+1")

    assert (await joined(source(commits=(bare,)), source(commits=(whole,)))).commits == (whole,)
    assert (await joined(source(commits=(whole,)), source(commits=(bare,)))).commits == (whole,)


@pytest.mark.anyio
async def test_a_deployment_that_two_sources_tell_of_is_one_with_its_range() -> None:
    found = await joined(source(shipped(A[:7], 1)), source(shipped(A, 3, moved=True)), source(shipped(A, 2)))

    assert found.deployments == (shipped(A, 3, moved=True),)


@pytest.mark.anyio
async def test_deployments_that_differ_in_service_commit_time_or_only_repeat_stay() -> None:
    first = source(shipped(A, 0), shipped(A, 5), shipped("", 1))
    second = source(shipped(B, 0), shipped(A, 0, service="stock"), shipped(A, 40), shipped("", 1))

    assert len((await joined(first, second)).deployments) == 7


@pytest.mark.anyio
async def test_a_source_that_fails_is_remarked_while_another_answers() -> None:
    found = await joined(source(shipped(A, 0), remark="cut"), Away())

    assert found.deployments == (shipped(A, 0),)
    assert found.remarks == ("cut", "left out: GitHub: nothing about all in 1:00:00. Ask again.")


@pytest.mark.anyio
async def test_when_no_source_answers_the_first_failure_is_told() -> None:
    with pytest.raises(SourceFailed, match="GitHub: nothing about all"):
        await joined(Away(), Away())


def configured(service: str, key: str, at: int, before: str = "") -> ConfigChange:
    return ConfigChange(key=key, service=service, at=START + at * MINUTE, before=before, after="debug")


@pytest.mark.anyio
async def test_a_change_of_a_setting_that_two_sources_tell_of_is_one_with_what_stood_before() -> None:
    kept = (configured("cart", "LEVEL", 1), configured("web", "LEVEL", 1), configured("cart", "SIZE", 1))
    seen = (configured("cart-config", "LEVEL", 1, before="info"), configured("cart", "SIZE", 2, before="3"))
    sources = [RecordedChanges(ChangeSet(configs=one)) for one in (kept, seen)]

    found, turned = await joined(*sources), await joined(*sources[::-1])

    assert {(one.service, one.key, one.before) for one in found.configs} == {
        ("cart-config", "LEVEL", "info"),
        ("cart", "SIZE", ""),
        ("cart", "SIZE", "3"),
    }
    assert {*turned.configs} == {*found.configs}


@pytest.mark.anyio
async def test_the_same_setting_of_two_clusters_changes_twice() -> None:
    first, second = configured("east-1/cart", "LEVEL", 1), configured("west-1/cart", "LEVEL", 1, before="info")

    found = await joined(*(RecordedChanges(ChangeSet(configs=(one,))) for one in (first, second)))

    assert {*found.configs} == {first, second}


@pytest.mark.anyio
async def test_a_rollout_without_a_commit_that_was_kept_and_watched_is_one() -> None:
    kept = replace(shipped("", 1), version="cart:2")
    seen, later = (replace(kept, at=kept.at + seconds * MINUTE / 60) for seconds in (5, 300))

    assert (await joined(source(kept), source(seen))).deployments == (kept,)
    assert len((await joined(source(kept), source(later))).deployments) == 2


@pytest.mark.anyio
async def test_the_owners_of_all_sources_are_kept_each_file_once() -> None:
    one, other = (CodeOwners(text=f"* @{name}\n", repository=name) for name in ("shop", "web"))

    found = await joined(*(RecordedChanges(ChangeSet(owners=held)) for held in ((one,), (one, other))))

    assert found.owners == (one, other)
