"""A number that goes to the very value which a change sets leads to that change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.metrics.jumps import Jump
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON + timedelta(hours=1))
SHA = "a" * 40
JUMP = Jump(service="shelf", metric="shelf_entries", at=NOON + timedelta(minutes=21), before=900.0, after=6.0)
SYMPTOM = Symptom(service="shelf", texts=("responses are slow",), onset=NOON + timedelta(minutes=22), jumps=(JUMP,))


def stands(symptom: Symptom, *, setting: str = "most_entries", new: str = "6") -> list[Component]:
    diff = f"@@ shelf/settings.toml @@\n-{setting} = 5000\n+{setting} = {new}\n"
    commit = Commit(sha=SHA, at=NOON, message="Tidy", files=("shelf/settings.toml",), diff=diff, order=0)
    deployed = Deployment(service="shelf", at=NOON + timedelta(minutes=20), commit=SHA)
    (one,) = rank(symptom, ChangeSet(commits=(commit,), deployments=(deployed,)), WINDOW).ranked
    return [part for part in one.components if part.name == "stands at the value set"]


def test_it_is_told_with_the_lines_that_set_it() -> None:
    (found,) = stands(SYMPTOM)

    assert found.contribution > 0
    assert found.reason == "shelf_entries of shelf went to 6, which it sets"
    assert [one.text for one in found.lines] == ["-most_entries = 5000", "+most_entries = 6"]


@pytest.mark.parametrize("new", ["6_0", "60", "7"])
def test_another_value_is_no_sign(new: str) -> None:
    assert stands(SYMPTOM, new=new) == []


@pytest.mark.parametrize("setting", ["workers", "max_size", "retry_limit"])
def test_the_same_value_under_another_name_is_chance(setting: str) -> None:
    assert stands(SYMPTOM, setting=setting) == []


@pytest.mark.parametrize(
    "jump",
    [
        replace(JUMP, service="till"),
        replace(JUMP, at=NOON + timedelta(minutes=40)),
        replace(JUMP, at=NOON + timedelta(minutes=5)),
        replace(JUMP, before=6.05),
    ],
    ids=["elsewhere", "long after it began to run", "before it began to run", "as it was before"],
)
def test_what_did_not_come_with_the_change_is_no_sign(jump: Jump) -> None:
    assert stands(replace(SYMPTOM, jumps=(jump,))) == []
