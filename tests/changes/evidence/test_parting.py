"""Calls that go wrong through a new version show the change that came with it, whatever its diff looks like."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.ranking import rank
from rootline.changes.symptom import Parted, Symptom
from rootline.changes.verdict import ChangeRanking, RankedChange
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))
PRICE, PAY, SHOP = "a" * 40, "b" * 40, "c" * 40
ODD = "@@ {0}/odd.py @@\n-    return a\n+    return a.strip()\n"
TOLD = "9 of 9 calls of POST /charge that went through price v7 went wrong, and 0 of 40 through the versions before it"


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def commit(sha: str, folder: str, second: float, order: int) -> Commit:
    return Commit(
        sha=sha,
        at=at(second - 60),
        message=f"Change {folder}",
        files=(f"{folder}/odd.py",),
        diff=ODD.format(folder),
        order=order,
    )


def deployed(service: str, second: float, sha: str, version: str = "") -> Deployment:
    return Deployment(service=service, at=at(second), commit=sha, version=version)


CHANGES = ChangeSet(
    commits=(commit(SHOP, "shop", -30, 0), commit(PRICE, "price", 0, 1), commit(PAY, "pay", 4, 2)),
    deployments=(deployed("shop", -30, SHOP), deployed("price", 0, PRICE, "deploy/price/v7"), deployed("pay", 4, PAY)),
)
SYMPTOM = Symptom(
    service="pay",
    texts=("errors_total above 5: more than 5 % of requests fail",),
    onset=at(3),
    near=("shop", "price"),
    tolerance=timedelta(seconds=15),
)
PARTED = Parted(service="price", version="v7", since=at(-0.5), told=TOLD)


def ranking(symptom: Symptom, of: ChangeSet = CHANGES) -> ChangeRanking:
    return rank(symptom, of, WINDOW)


def entry(sha: str, symptom: Symptom, of: ChangeSet = CHANGES) -> RankedChange:
    return next(one for one in ranking(symptom, of).ranked if one.label == sha)


def part(one: RankedChange, name: str) -> float:
    return sum(each.contribution for each in one.components if each.name == name)


@pytest.mark.promise("versions-tell-the-change")
def test_a_change_that_comes_with_the_bad_version_goes_before_one_in_the_failing_service() -> None:
    assert ranking(SYMPTOM).ranked[0].label == PAY

    shown = ranking(replace(SYMPTOM, parted=(PARTED,)))

    first = shown.ranked[0]
    assert first.label == PRICE
    assert first.probability > 0.6
    assert shown.none_confidence < ranking(SYMPTOM).none_confidence / 2
    assert TOLD in [each.reason for each in first.components]


def test_what_is_known_to_do_no_harm_by_its_diff_is_not_held_against_what_calls_show() -> None:
    assert part(entry(PRICE, SYMPTOM), "no mechanism") < 0
    assert part(entry(PRICE, replace(SYMPTOM, parted=(PARTED,))), "no mechanism") == 0


def test_an_onset_that_was_told_too_early_is_not_held_against_what_calls_show() -> None:
    early = replace(SYMPTOM, onset=at(-40))

    assert part(entry(PRICE, early), "time") < 0
    assert part(entry(PRICE, replace(early, parted=(PARTED,))), "time") == 0


def test_two_versions_that_part_the_calls_alike_share_it() -> None:
    other = replace(PARTED, service="shop", since=at(-29))

    alone = part(entry(PRICE, replace(SYMPTOM, parted=(PARTED,))), "parts good from bad")
    shared = part(entry(PRICE, replace(SYMPTOM, parted=(PARTED, other))), "parts good from bad")

    assert 0 < shared < alone


def test_a_version_that_no_deployment_brought_blames_nobody() -> None:
    for stray in (replace(PARTED, since=at(-900)), replace(PARTED, service="bank")):
        assert ranking(replace(SYMPTOM, parted=(stray,))) == ranking(SYMPTOM)


def test_of_two_deployments_of_a_service_its_name_tells_which_brought_the_version() -> None:
    again = "d" * 40
    twice = replace(
        CHANGES,
        commits=(*CHANGES.commits, commit(again, "price", 2, 3)),
        deployments=(*CHANGES.deployments, deployed("price", 2, again, "deploy/price/v8")),
    )
    later = replace(SYMPTOM, parted=(replace(PARTED, since=at(1.9)),))
    unnamed = replace(SYMPTOM, parted=(replace(PARTED, version="9f3c", since=at(1.9)),))

    assert part(entry(PRICE, later, twice), "parts good from bad") > 0
    assert part(entry(again, later, twice), "parts good from bad") == 0
    assert part(entry(again, unnamed, twice), "parts good from bad") > 0


@pytest.mark.parametrize("outside", ["cpu_waiting_seconds of pay", "calls to bank fail"])
def test_a_cause_outside_of_all_changes_that_was_measured_is_not_talked_away_by_a_coincidence(outside: str) -> None:
    rising = (outside,) if " of " in outside else ()
    outsiders = () if rising else ("bank (POST bank/x: 503)",)
    measured = replace(SYMPTOM, rising=rising, outsiders=outsiders, parted=(PARTED,))

    assert ranking(measured).none_confidence > 4 * ranking(replace(SYMPTOM, parted=(PARTED,))).none_confidence


def test_a_change_before_which_the_same_calls_failed_already_is_held_to_be_innocent() -> None:
    late = Parted(service="pay", version="v3", since=at(3.5), told="1 of 40 calls failed before", earlier=2.2)

    cleared = entry(PAY, replace(SYMPTOM, preceded=(late,)))

    assert part(cleared, "failed before it") == -2.2
    assert ranking(replace(SYMPTOM, preceded=(late,))).ranked[0].label != PAY


def test_a_change_of_which_one_deployment_came_early_enough_is_not_cleared_by_another() -> None:
    both = replace(CHANGES, deployments=(*CHANGES.deployments, deployed("shop", 1, PAY)))
    late = Parted(service="pay", version="v3", since=at(3.5), told="", earlier=2.2)

    assert part(entry(PAY, replace(SYMPTOM, preceded=(late,)), both), "failed before it") == 0


def test_however_sure_it_is_that_others_failed_before_it_weighs_no_more_than_any_other_evidence() -> None:
    late = Parted(service="pay", version="v3", since=at(3.5), told="", earlier=40.0)

    assert part(entry(PAY, replace(SYMPTOM, preceded=(late,))), "failed before it") == -3.0


def test_versions_tell_less_where_the_log_had_such_an_error_before_they_ran() -> None:
    def shown(failing_at: float) -> float:
        components = entry(PRICE, replace(SYMPTOM, parted=(PARTED,), failing_at=at(failing_at))).components
        return next(one.contribution for one in components if one.name == "parts good from bad")

    assert shown(1) == shown(-0.5) > shown(-4) > shown(-6) == shown(-14) > 0


def test_of_two_that_part_the_calls_the_one_that_does_so_better_counts_more() -> None:
    other = Parted(service="pay", version="v3", since=at(3.5), told="9 of 30 went wrong", gain=4.0)
    better, alike = replace(PARTED, gain=8.0), replace(PARTED, gain=4.0)

    clear, even = (replace(SYMPTOM, parted=(one, other)) for one in (better, alike))

    name = "parts good from bad"
    assert part(entry(PRICE, clear), name) > part(entry(PRICE, even), name) > part(entry(PAY, clear), name)
    assert part(entry(PRICE, even), name) == pytest.approx(part(entry(PAY, even), name))
