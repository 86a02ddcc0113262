"""A deployment is blamed that lost what a service kept for those who are in trouble now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.evidence.emptying import NAME
from rootline.changes.ranking import rank
from rootline.changes.symptom import Emptied, Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
KEEP, DESK = "a" * 40, "b" * 40
TOLD = "cache_entries of keep fell from 96 to 3"


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


SYMPTOM = Symptom(
    service="desk",
    texts=("95th percentile of response times is above 150 ms",),
    onset=at(10),
    near=("keep",),
    tolerance=timedelta(seconds=15),
    emptied=(Emptied(service="keep", at=at(2), told=TOLD),),
)


def ranked(symptom: Symptom) -> dict[str, RankedChange]:
    commits = tuple(
        Commit(
            sha=sha,
            at=NOON - timedelta(minutes=5),
            message="Tidy up",
            files=(f"{of}/app.py",),
            diff=f"@@ {of}/app.py @@\n-    return a\n+    return a.strip()\n",
            order=order,
        )
        for order, (sha, of) in enumerate(((KEEP, "keep"), (DESK, "desk")))
    )
    deployed = tuple(Deployment(service=of, at=NOON, commit=sha) for sha, of in ((KEEP, "keep"), (DESK, "desk")))
    found = rank(symptom, ChangeSet(commits=commits, deployments=deployed), WINDOW)
    return {one.label: one for one in found.ranked}


def told(symptom: Symptom) -> dict[str, str]:
    return {
        label: part.reason for label, one in ranked(symptom).items() for part in one.components if part.name == NAME
    }


def test_the_deployment_that_lost_what_was_kept_comes_first() -> None:
    assert told(SYMPTOM) == {KEEP: f"{TOLD} when it began to run"}
    assert next(iter(ranked(SYMPTOM))) == KEEP
    assert next(iter(ranked(replace(SYMPTOM, emptied=())))) == DESK


@pytest.mark.parametrize(
    "symptom",
    [
        replace(SYMPTOM, emptied=(Emptied(service="keep", at=at(30), told=TOLD),)),
        replace(SYMPTOM, emptied=(Emptied(service="keep", at=at(-9), told=TOLD),)),
        replace(SYMPTOM, emptied=(Emptied(service="till", at=at(2), told=TOLD),)),
        replace(SYMPTOM, near=()),
    ],
    ids=["later", "before", "of another", "of nobody near"],
)
def test_what_was_lost_at_another_time_or_place_blames_nobody(symptom: Symptom) -> None:
    assert told(symptom) == {}
