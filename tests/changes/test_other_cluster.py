"""What was deployed in one cluster explains no trouble in another that does not depend on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=2))
BOTH = frozenset({"eu-1", "us-1"})
SLOW = Symptom(
    service="us-1/quotes",
    texts=("quotes refused 31 requests: its queue is full",),
    rising=("latency_p99 of us-1/quotes",),
    onset=NOON,
    clusters=BOTH,
    reached=frozenset({"us-1"}),
)


def commit(letter: str) -> Commit:
    path = "services/quotes/limits.toml"
    diff = f"@@ {path} @@\n-queue = 64\n+queue = 2\n"
    return Commit(sha=letter * 40, at=NOON - timedelta(hours=1), message="tune", files=(path,), diff=diff)


def ran(letter: str, service: str, minutes: float) -> Deployment:
    return Deployment(service=service, at=NOON - timedelta(minutes=minutes), commit=letter * 40)


def ranked(symptom: Symptom, *deployments: Deployment) -> dict[str, RankedChange]:
    commits = tuple(commit(letter) for letter in dict.fromkeys(one.commit[0] for one in deployments))
    found = rank(symptom, ChangeSet(commits=commits, deployments=deployments), DAY)
    return {one.label[0]: one for one in found.ranked}


def test_the_same_commit_is_blamed_where_it_ran_and_not_elsewhere() -> None:
    found = ranked(SLOW, ran("a", "us-1/quotes", 2), ran("b", "eu-1/quotes", 2))

    assert next(iter(found)) == "a"
    place = next(part for part in found["b"].components if part.name == "place")
    assert (place.contribution, place.reason) == (-5.0, "it runs in eu-1, and us-1/quotes does not")


def test_of_a_commit_that_runs_in_both_the_time_in_the_failing_cluster_counts() -> None:
    found = ranked(SLOW, ran("a", "eu-1/quotes", 300), ran("a", "us-1/quotes", 2))

    assert (found["a"].service, found["a"].took_effect_at) == ("us-1/quotes", NOON - timedelta(minutes=2))


def test_a_cluster_that_the_failing_service_depends_on_can_hurt_it() -> None:
    found = ranked(replace(SLOW, reached=BOTH), ran("a", "eu-1/quotes", 2))

    assert all("it runs in eu-1" not in part.reason for part in found["a"].components)


def test_a_setting_of_the_same_name_is_the_services_own_in_its_cluster_alone() -> None:
    settings = tuple(
        ConfigChange(key="queue", service=f"{cluster}/quotes", at=NOON - timedelta(minutes=2), before="64", after="2")
        for cluster in ("eu-1", "us-1")
    )

    found = rank(SLOW, ChangeSet(configs=settings), DAY)

    assert [one.service for one in found.ranked] == ["us-1/quotes", "eu-1/quotes"]
    assert found.ranked[0].score - found.ranked[1].score > 5


def test_with_one_cluster_nothing_runs_elsewhere() -> None:
    alone = replace(SLOW, service="quotes", clusters=frozenset(), reached=frozenset())

    found = ranked(alone, ran("a", "quotes", 2))

    place = next(part for part in found["a"].components if part.name == "place")
    assert place.reason == "it changes quotes's own code"
