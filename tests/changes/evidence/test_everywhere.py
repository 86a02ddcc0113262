"""A library that several services run is blamed when all of those, and nobody else, raise one and the same error."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.evidence.everywhere import NAME
from rootline.changes.ranking import rank
from rootline.changes.symptom import Alike, Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
LINES, DESK, BASKET = "a" * 40, "b" * 40, "c" * 40
MADE = ((LINES, "libs/lines.py", "desk", 0), (DESK, "desk/app.py", "desk", 5), (BASKET, "basket/app.py", "basket", 10))
ERROR = "TypeError: cannot unpack non-iterable NoneType object"


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


SYMPTOM = Symptom(
    service="desk",
    texts=(f"POST /sell failed: {ERROR}",),
    onset=at(30),
    near=("basket",),
    tolerance=timedelta(seconds=15),
    alike=(Alike(error=ERROR, where=(("desk", at(20)), ("basket", at(25)))),),
)


def ranked(symptom: Symptom) -> dict[str, RankedChange]:
    commits = tuple(
        Commit(
            sha=sha,
            at=NOON - timedelta(minutes=5),
            message="Tidy up",
            files=(file,),
            diff=f"@@ {file} @@\n-    return a\n+    return a.strip()\n",
            order=order,
        )
        for order, (sha, file, _, _) in enumerate(MADE)
    )
    deployed = tuple(Deployment(service=of, at=at(second), commit=sha) for sha, _, of, second in MADE)
    changes = ChangeSet(commits=commits, deployments=deployed)
    return {one.label: one for one in rank(symptom, changes, WINDOW).ranked}


def told(symptom: Symptom) -> dict[str, str]:
    return {
        label: part.reason for label, one in ranked(symptom).items() for part in one.components if part.name == NAME
    }


def test_the_library_that_all_of_them_run_comes_first() -> None:
    assert told(SYMPTOM) == {LINES: f"desk, basket all raise the same error since they run it: {ERROR}"}
    assert next(iter(ranked(SYMPTOM))) == LINES
    assert next(iter(ranked(replace(SYMPTOM, alike=())))) != LINES


@pytest.mark.parametrize(
    "where",
    [(("desk", at(20)), ("basket", at(8))), (("desk", at(20)), ("basket", at(25)), ("till", at(26)))],
    ids=["one failed before it ran it", "one never ran it"],
)
def test_it_is_let_go_where_one_fails_that_does_not_run_it(where: tuple[tuple[str, datetime], ...]) -> None:
    assert told(replace(SYMPTOM, alike=(Alike(error=ERROR, where=where),))) == {}
