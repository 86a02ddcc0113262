"""What a feature flag says about the code behind it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.candidate import candidates
from rootline.changes.mechanisms.matching import mechanisms
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment, FlagChange
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=2))
FLAG = FlagChange(flag="quotes_parallel_lookup", service="quotes", at=NOON, before="off", after="on")


def ago(count: int) -> datetime:
    return NOON - timedelta(minutes=count)


WAITING = Commit(
    sha="a" * 40,
    at=ago(600),
    message="look rates up in parallel",
    files=("services/quotes/rates.py",),
    diff=(
        "@@ services/quotes/rates.py @@\n"
        "+    if flags.is_on('quotes_parallel_lookup'):\n"
        "+        return [pool.submit(rate, one).result() for one in carriers]\n"
    ),
    order=0,
)
RECENT = Commit(
    sha="b" * 40,
    at=ago(40),
    message="show the carrier's logo",
    files=("services/quotes/page.py",),
    diff="@@ services/quotes/page.py @@\n+    return template.render(logo=carrier.logo)\n",
    order=1,
)
SLOW = Symptom(service="quotes", texts=("request took 9.4 s, limit 2 s",), rising=("p99_ms of quotes",), onset=NOON)
CHANGES = ChangeSet(
    commits=(WAITING, RECENT),
    deployments=(
        Deployment(service="quotes", at=ago(590), commit="a" * 40),
        Deployment(service="quotes", at=ago(30), commit="b" * 40),
    ),
    flags=(replace(FLAG, at=ago(3)),),
)


def entry(changes: ChangeSet, label: str) -> RankedChange:
    return next(one for one in rank(SLOW, changes, DAY).ranked if one.label == label)


def switch(one: RankedChange) -> float:
    return sum(component.contribution for component in one.components if component.name == "switch")


def test_the_code_behind_a_flag_just_switched_leads_the_ranking() -> None:
    ranking = rank(SLOW, CHANGES, DAY)

    assert ranking.ranked[0].label == "a" * 40
    assert ranking.ranked[0].remedy == "feature-flag-disable"


def test_a_flag_switched_long_before_or_after_the_onset_lets_nothing_run() -> None:
    early = replace(CHANGES, flags=(replace(FLAG, at=ago(200)),))
    late = replace(CHANGES, flags=(replace(FLAG, at=ago(-20)),))

    assert switch(entry(early, "a" * 40)) == 0.0
    assert switch(entry(late, "a" * 40)) == 0.0
    assert entry(early, "a" * 40).remedy == "rollback"


def test_a_flag_nearer_to_the_onset_counts_more() -> None:
    hour_old = replace(CHANGES, flags=(replace(FLAG, at=ago(50)),))

    assert 0 < switch(entry(hour_old, "a" * 40)) < switch(entry(CHANGES, "a" * 40))


@pytest.mark.parametrize("name", ["carrier", "rates", "a_b"])
def test_a_name_that_any_code_may_hold_ties_no_commit_to_a_flag(name: str) -> None:
    changes = replace(CHANGES, flags=(replace(FLAG, flag=name, at=ago(3)),))

    assert all(not one.behind for one in candidates(changes, ("quotes",)))


def test_another_value_of_a_switch_is_no_mechanism_by_itself() -> None:
    flag = next(one for one in candidates(CHANGES, ("quotes",)) if one.kind == "flag")

    found = mechanisms(flag.net, frozenset({"parse", "data", "replica", "null", "errors", "auth"}), frozenset())

    assert [one.name for one in found if one.name == "word replaced"] == []


RAMP = Commit(
    sha="c" * 40,
    at=ago(8),
    message="flags: quotes_parallel_lookup for all",
    files=("flags/production.yml",),
    diff="@@ flags/production.yml @@\n quotes_parallel_lookup:\n-  percentage: 5\n+  percentage: 100\n",
    order=2,
)
SYNCED = replace(FLAG, at=ago(3), before="5%", after="100%")


def effects(ramp: Commit, flag: FlagChange) -> list[datetime]:
    found = candidates(ChangeSet(commits=(ramp,), flags=(flag,)), ("quotes",))
    return [effect.at for one in found if one.commit is not None for effect in one.effects]


def test_a_commit_that_keeps_a_flag_as_code_takes_effect_with_the_flag() -> None:
    changes = replace(CHANGES, commits=(RECENT, RAMP), flags=(SYNCED,))

    assert effects(RAMP, SYNCED) == [ago(3)]
    assert rank(SLOW, changes, DAY).ranked[0].label == "c" * 40


@pytest.mark.parametrize(
    ("ramp", "flag"),
    [
        (RAMP, replace(SYNCED, after="50%")),
        (RAMP, replace(SYNCED, at=ago(20))),
        (replace(RAMP, at=ago(90)), SYNCED),
        (replace(RAMP, files=("services/quotes/page.py",)), SYNCED),
    ],
)
def test_another_value_order_time_or_code_switches_no_flag(ramp: Commit, flag: FlagChange) -> None:
    assert effects(ramp, flag) == []
