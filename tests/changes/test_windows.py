"""Made-up windows of many systems: the change that did it, or that none did, and what is then done."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

ONSET = datetime(2026, 5, 4, 12, 20, tzinfo=UTC)
SPAN = Window(start=ONSET - timedelta(hours=8), end=ONSET + timedelta(hours=2))


class Change(TypedDict):
    name: str
    message: str
    files: list[str]
    diff: str
    deployed: NotRequired[Mapping[str, int]]


class Told(TypedDict):
    window: str
    service: str
    texts: list[str]
    rising: list[str]
    falling: NotRequired[list[str]]
    steady: NotRequired[list[str]]
    traffic: NotRequired[float]
    calls: NotRequired[Mapping[str, list[str]]]
    cause: str
    remedy: str
    changes: list[Change]


WINDOWS: dict[str, Told] = {
    one["window"]: one
    for name in ("windows.yaml", "windows_elsewhere.yaml")
    for one in yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
}


def sha_of(change: Change) -> str:
    return change["name"].encode().hex().ljust(40, "0")[:40]


def commit(change: Change, order: int) -> Commit:
    deployed = change.get("deployed")
    minutes = min(deployed.values()) - 3 if deployed else order - 60
    return Commit(
        sha=sha_of(change),
        at=ONSET + timedelta(minutes=minutes),
        message=change["message"],
        files=tuple(change["files"]),
        diff=change["diff"],
        order=order,
    )


def changes(told: Told) -> ChangeSet:
    deployments = [
        Deployment(service=service, at=ONSET + timedelta(minutes=minutes), commit=sha_of(change))
        for change in told["changes"]
        for service, minutes in change.get("deployed", {}).items()
    ]
    listed = sorted(told["changes"], key=lambda one: min(one.get("deployed", {"": -60}).values()))
    return ChangeSet(
        commits=tuple(commit(change, order) for order, change in enumerate(listed)),
        deployments=tuple(sorted(deployments, key=lambda one: one.at)),
    )


def symptom(told: Told) -> Symptom:
    moved = (*told["rising"], *told.get("falling", ()))
    return Symptom(
        service=told["service"],
        texts=tuple(told["texts"]),
        onset=ONSET,
        services=tuple(dict.fromkeys(one.rpartition(" of ")[2] for one in moved)),
        rising=tuple(told["rising"]),
        falling=tuple(told.get("falling", ())),
        steady=tuple(told.get("steady", ())),
        traffic_ratio=told.get("traffic"),
        near=tuple({*told.get("calls", {}), *(one for ones in told.get("calls", {}).values() for one in ones)}),
    )


def ask(name: str) -> ChangeRanking:
    told = WINDOWS[name]
    return rank(symptom(told), changes(told), SPAN)


CAUSED = [name for name, one in WINDOWS.items() if one["cause"]]
NOBODY = [name for name, one in WINDOWS.items() if not one["cause"]]


@pytest.mark.parametrize("name", CAUSED)
def test_the_change_that_did_it_is_ranked_first_and_more_likely_than_none(name: str) -> None:
    ranking = ask(name)

    labels = {sha_of(one): one["name"] for one in WINDOWS[name]["changes"]}
    assert labels[ranking.ranked[0].label] == WINDOWS[name]["cause"]
    assert ranking.none_confidence < 0.5


@pytest.mark.parametrize("name", NOBODY)
def test_where_nobody_did_it_no_change_is_blamed(name: str) -> None:
    assert ask(name).none_confidence > 0.5


@pytest.mark.parametrize("name", WINDOWS)
def test_the_fix_is_the_one_that_the_cause_asks_for(name: str) -> None:
    assert ask(name).remedy == WINDOWS[name]["remedy"]
