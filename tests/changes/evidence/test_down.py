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


def built_anew() -> ChangeSet:
    """A commit to a library that was deployed as `bus`; `pay` and `shop` were built with it when they changed."""
    begun = NOON - timedelta(seconds=9)
    commits = tuple(
        Commit(
            sha=sha,
            at=begun - timedelta(minutes=5),
            message="Tidy",
            files=(file,),
            diff=f"@@ {file} @@\n-from x import a\n+from x import a, b\n",
            order=order,
        )
        for order, (sha, file) in enumerate([("c" * 40, "lib/serve.py"), (OWN, "pay/app.py"), (NEXT, "shop/app.py")])
    )
    deployments = tuple(
        Deployment(service=service, at=begun + timedelta(seconds=3 * place), commit=one.sha)
        for place, (service, one) in enumerate(zip(("bus", "pay", "shop"), commits, strict=True))
    )
    return ChangeSet(commits=commits, deployments=deployments)


def test_of_several_that_are_gone_a_library_that_just_those_run_is_blamed_and_no_one_s_own_change() -> None:
    all_three = replace(GONE, falling=("up of bus", "up of pay", "up of shop"))

    assert rank(all_three, built_anew(), WINDOW).ranked[0].label == "c" * 40
    assert told(all_three, built_anew())[OWN] == pytest.approx(2.0 / 3)


def test_a_library_that_others_run_as_well_who_are_there_is_not_what_stops_them() -> None:
    only_two = replace(GONE, falling=("up of pay", "up of shop"))
    ranked = rank(only_two, built_anew(), WINDOW).ranked

    assert not [part for one in ranked for part in one.components if part.name == "wherever it runs"]
