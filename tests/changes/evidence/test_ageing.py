"""A change since which nothing is made anew is blamed when all has become too old, however much went well before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.ranking import rank
from rootline.changes.symptom import Served, Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
PRICE, PAY = "a" * 40, "b" * 40
WELL = tuple((NOON + timedelta(seconds=at)).timestamp() for at in range(5, 30))
SYMPTOM = Symptom(
    service="pay",
    texts=("errors_total above 5", "POST /charge failed: it has expired"),
    onset=NOON + timedelta(seconds=31),
    near=("price",),
    services=("price",),
    tolerance=timedelta(seconds=15),
    served=Served(operation="POST /charge", share=1.0, well=WELL),
)


def changes() -> ChangeSet:
    made = [(PRICE, "price", 0.0), (PAY, "pay", 6.0)]
    return ChangeSet(
        commits=tuple(
            Commit(
                sha=sha,
                at=NOON - timedelta(minutes=5),
                message=f"Change {of}",
                files=(f"{of}/app.py",),
                diff=f"@@ {of}/app.py @@\n-    return a\n+    return a.strip()\n",
                order=order,
            )
            for order, (sha, of, _) in enumerate(made)
        ),
        deployments=tuple(
            Deployment(service=of, at=NOON + timedelta(seconds=second), commit=sha) for sha, of, second in made
        ),
    )


def ranked(symptom: Symptom) -> dict[str, RankedChange]:
    return {one.label: one for one in rank(symptom, changes(), WINDOW).ranked}


def part(one: RankedChange, name: str) -> float:
    return sum(each.contribution for each in one.components if each.name == name)


def test_the_change_from_which_all_that_is_too_old_dates_comes_first() -> None:
    assert next(iter(ranked(SYMPTOM))) == PAY

    dated = ranked(replace(SYMPTOM, dates_from=NOON + timedelta(seconds=0.4)))

    assert next(iter(dated)) == PRICE
    assert part(dated[PRICE], "nothing newer since") > 3
    assert part(dated[PAY], "nothing newer since") == 0


def test_what_went_well_until_it_was_too_old_hardly_speaks_against_it() -> None:
    plain, dated = ranked(SYMPTOM)[PRICE], ranked(replace(SYMPTOM, dates_from=NOON))[PRICE]

    assert part(plain, "served well") < -2
    assert -1 < part(dated, "served well") < 0
    assert (part(plain, "no mechanism") < 0, part(dated, "no mechanism")) == (True, 0)


@pytest.mark.parametrize("second", [-60, 3600])
def test_a_moment_at_which_nothing_began_to_run_blames_nobody(second: int) -> None:
    assert ranked(replace(SYMPTOM, dates_from=NOON + timedelta(seconds=second))) == ranked(SYMPTOM)
