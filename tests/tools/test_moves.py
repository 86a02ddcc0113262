"""What deployments brought or took back stands in the evidence of diff_commits, with what is uncertain of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.scene import scene_of

from rootline.domain.change import ChangeSet, Commit, CommitRange, Deployment
from rootline.domain.evidence import Reading
from rootline.domain.fact import RangeFact
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import RecordedChanges
from rootline.tools.diff_commits import diff_commits
from rootline.tools.moves import move, moved
from rootline.tools.scene import Scene

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = Window(start=NOON, end=NOON + timedelta(hours=1))
A, B, C = (letter * 40 for letter in "abc")


def scene(changes: ChangeSet) -> Scene:
    return scene_of(Sources(changes=RecordedChanges(changes)), HOUR)


def recorded(*shas: str, remarks: tuple[str, ...] = ()) -> ChangeSet:
    commits = tuple(
        Commit(sha=sha, at=NOON - timedelta(days=1), message="work", order=at) for at, sha in enumerate((A, B, C))
    )
    deployments = tuple(
        Deployment(service="cart", at=NOON + timedelta(minutes=10 * at), commit=sha) for at, sha in enumerate(shas)
    )
    return ChangeSet(commits=commits, deployments=deployments, remarks=remarks)


async def read(changes: ChangeSet) -> Reading:
    return await diff_commits(scene=scene(changes))


def ranges_of(reading: Reading) -> list[RangeFact]:
    return [fact for fact in reading.facts if isinstance(fact, RangeFact)]


@pytest.mark.anyio
async def test_a_rollback_is_told_as_one_and_its_place_is_a_fact() -> None:
    reading = await read(recorded(A, C, A))

    last = ranges_of(reading)[0]
    assert (last.relation, last.before, last.after, last.left) == ("rollback", C, A, [B, C])
    place = reading.facts.index(last)
    assert f"[{place}] deployed cart ccccccc→aaaaaaa at 12:20:00Z: takes back 2 commits" in reading.summary
    assert reading.status == "ok"


@pytest.mark.anyio
async def test_the_deployments_of_the_service_that_is_asked_about_come_before_later_ones_of_others() -> None:
    cart = recorded(A, B)
    later = tuple(
        Deployment(service="mail", at=NOON + timedelta(minutes=30 + at), commit=sha) for at, sha in enumerate((A, B, C))
    )
    whole = replace(cart, deployments=(*cart.deployments, *later))

    told = await diff_commits(service="cart", scene=scene(whole))
    unasked = await read(whole)

    assert [one.subject for one in ranges_of(told)] == ["cart", "cart", "mail", "mail", "mail"]
    lines = [line for line in told.summary.splitlines() if " deployed " in line]
    place = told.facts.index(ranges_of(told)[0])
    assert lines[0].startswith(f"[{place}] deployed cart aaaaaaa→bbbbbbb at 12:10:00Z")
    assert told.summary.endswith("and 2 deployments more")
    assert [one.subject for one in ranges_of(unasked)][:3] == ["mail", "mail", "mail"]


@pytest.mark.anyio
async def test_what_is_uncertain_of_a_first_deployment_is_told() -> None:
    reading = await read(recorded(B))

    assert "is the first known deployment, 2 commits" in reading.summary
    assert "no earlier deployment is known" in reading.summary
    assert not ranges_of(reading)[0].is_whole


@pytest.mark.promise("gaps-in-changes-are-named")
@pytest.mark.anyio
async def test_what_a_source_left_out_makes_the_evidence_partial() -> None:
    reading = await read(recorded(A, remarks=("github: 12 commits have no diff",)))

    assert reading.status == "partial"
    assert "partial: github: 12 commits have no diff" in reading.summary


@pytest.mark.anyio
async def test_what_was_left_out_is_told_where_nothing_was_found() -> None:
    reading = await read(ChangeSet(remarks=("left out: GitHub is not there",)))

    assert (reading.status, reading.hints) == ("no_data", ("left out: GitHub is not there",))


def test_deployments_before_the_window_are_told_only_when_none_is_inside() -> None:
    early = Deployment(service="cart", at=NOON - timedelta(hours=2), commit=A, moved=CommitRange(relation="same"))
    inside = Deployment(service="cart", at=NOON, commit=B, moved=CommitRange(relation="forward", came=(B,)))

    assert [fact.after for fact in moved([early, inside], HOUR)] == [B]
    assert [fact.after for fact in moved([early], HOUR)] == [A]
    assert moved([Deployment(service="cart", at=NOON, commit="")], HOUR) == []


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        ("forward", "brings 1 commit (bbbbbbb)"),
        ("rewritten", "leaves the former history and brings 1 commit (bbbbbbb)"),
        ("same", "runs the same revision again"),
        ("unknown", "of unknown range"),
    ],
)
def test_each_relation_has_its_words(relation: str, told: str) -> None:
    fact = RangeFact.model_validate(
        {"subject": "cart", "at": NOON, "before": A, "after": B, "relation": relation, "came": [B]}
    )

    assert move(fact) == f"deployed cart aaaaaaa→bbbbbbb at 12:00:00Z: {told}"
