"""Made-up incidents of many kinds, each with its cause among harmless neighbours."""

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

ONSET = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = Window(start=ONSET - timedelta(hours=8), end=ONSET + timedelta(hours=2))


class Change(TypedDict):
    name: str
    message: str
    file: str
    diff: NotRequired[str]
    deployed: NotRequired[int]


class Incident(TypedDict):
    incident: str
    service: str
    texts: list[str]
    rising: list[str]
    cause: Change
    decoys: NotRequired[list[Change]]


class Incidents(TypedDict):
    neighbours: list[Change]
    latest: list[Change]
    incidents: list[Incident]


RECORDED: Incidents = yaml.safe_load(Path(__file__).with_name("incidents.yaml").read_text(encoding="utf-8"))
INCIDENTS = {one["incident"]: one for one in RECORDED["incidents"]}


def sha_of(change: Change) -> str:
    return change["name"].encode().hex().ljust(40, "0")[:40]


def commit(change: Change, order: int, short: str) -> Commit:
    deployed = change.get("deployed")
    return Commit(
        sha=sha_of(change),
        at=ONSET + timedelta(minutes=order - 400 if deployed is None else deployed - 3),
        message=change["message"].replace("{short}", short),
        files=(change["file"].replace("{short}", short),),
        diff=change.get("diff", "").replace("{short}", short),
        order=order,
    )


def changes(incident: Incident) -> ChangeSet:
    """The cause between its neighbours; what has no time of its own is never deployed by itself."""
    service = incident["service"]
    short = service.removesuffix("service")
    listed = [*RECORDED["neighbours"], incident["cause"], *incident.get("decoys", []), *RECORDED["latest"]]
    deployments = [
        Deployment(
            service="web" if change["name"] == "restyle" else service,
            at=ONSET + timedelta(minutes=change["deployed"]),
            commit=sha_of(change),
        )
        for change in listed
        if "deployed" in change
    ]
    return ChangeSet(
        commits=tuple(commit(change, order, short) for order, change in enumerate(listed)),
        deployments=tuple(sorted(deployments, key=lambda one: one.at)),
    )


def ask(name: str) -> ChangeRanking:
    incident = INCIDENTS[name]
    symptom = Symptom(
        service=incident["service"], texts=tuple(incident["texts"]), rising=tuple(incident["rising"]), onset=ONSET
    )
    return rank(symptom, changes(incident), WINDOW)


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_cause_is_ranked_first(name: str) -> None:
    assert ask(name).ranked[0].label == sha_of(INCIDENTS[name]["cause"])


@pytest.mark.parametrize("name", INCIDENTS)
def test_a_cause_with_a_mechanism_is_not_answered_with_none(name: str) -> None:
    assert ask(name).none_confidence < 0.5
