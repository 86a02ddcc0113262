"""A service that cannot be reached since its own deployment does not start, whatever is wrong with the change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
OWN, NEXT = "a" * 40, "b" * 40
GONE = Symptom(
    service="pay",
    texts=("up below 1: it cannot be scraped",),
    onset=NOON,
    services=("shop",),
    falling=("up of pay",),
    tolerance=timedelta(seconds=15),
)


def changes(minutes_before: float = 0.1) -> ChangeSet:
    when = NOON - timedelta(minutes=minutes_before)
    commits = tuple(
        Commit(
            sha=sha,
            at=when - timedelta(minutes=5),
            message="Tidy",
            files=(f"{of}/app.py",),
            diff=f"@@ {of}/app.py @@\n-from x import a\n+from x import a, b\n",
            order=order,
        )
        for order, (sha, of) in enumerate([(OWN, "pay"), (NEXT, "shop")])
    )
    deployments = (Deployment(service="pay", at=when, commit=OWN), Deployment(service="shop", at=when, commit=NEXT))
    return ChangeSet(commits=commits, deployments=deployments)


def told(symptom: Symptom, of: ChangeSet | None = None) -> dict[str, float]:
    ranked = rank(symptom, of or changes(), WINDOW).ranked
    return {one.label: sum(part.contribution for part in one.components if part.name == "down since") for one in ranked}


def test_the_deployment_of_the_service_that_is_gone_is_blamed_and_not_that_of_another() -> None:
    assert told(GONE) == {OWN: 2.0, NEXT: 0}
    assert rank(GONE, changes(), WINDOW).ranked[0].label == OWN


def test_no_other_cause_is_likely_then() -> None:
    there = replace(GONE, falling=())

    assert rank(GONE, changes(), WINDOW).none_confidence < rank(there, changes(), WINDOW).none_confidence / 2


@pytest.mark.parametrize("metric", ["group_size of pay", "up of shop", "upload_bytes of pay"])
def test_what_fell_otherwise_or_elsewhere_tells_nothing_of_it(metric: str) -> None:
    assert told(replace(GONE, falling=(metric,)))[OWN] == 0


@pytest.mark.parametrize("minutes_before", [30.0, -5.0], ids=["long before", "afterwards"])
def test_a_deployment_at_another_time_did_not_stop_it(minutes_before: float) -> None:
    assert told(GONE, changes(minutes_before))[OWN] == 0
