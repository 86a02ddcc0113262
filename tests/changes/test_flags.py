"""What a feature flag says about the code behind it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes import weights
from rootline.changes.candidate import candidates
from rootline.changes.mechanisms.matching import mechanisms
from rootline.changes.ranking import rank
from rootline.changes.symptom import Served, Symptom
from rootline.changes.verdict import RankedChange
from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment, FlagChange
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

    assert [one.name for one in found if one.name == "one word replaced by another"] == []


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


INSIDE = "@@ services/quotes/rates.py @@\n if flags.is_on('quotes_parallel_lookup'):\n-    wait(2)\n+    wait(20)\n"
BESIDE = "@@ services/quotes/rates.py @@\n-wait(2)\n+wait(20)\n a = flags.is_on('quotes_parallel_lookup')\n"
BELOW = (
    "@@ services/quotes/rates.py @@\n if flags.is_on('quotes_parallel_lookup'):\n     go()\n \n-wait(2)\n+wait(20)\n"
)


@pytest.mark.parametrize(("diff", "is_behind"), [(INSIDE, True), (BESIDE, False), (BELOW, False)])
def test_a_line_that_stayed_ties_a_commit_to_a_flag_where_it_heads_the_block_that_changed(
    diff: str, is_behind: bool
) -> None:
    commit = replace(RECENT, diff=diff)

    (one, _) = candidates(ChangeSet(commits=(commit,), flags=(FLAG,)), ("quotes",))

    assert bool(one.behind) is is_behind


FAILS = Symptom(
    service="quotes",
    texts=("POST /quote failed: KeyError 'carrier'",),
    onset=NOON,
    failing_at=NOON,
    near=("web",),
    tolerance=timedelta(seconds=15),
)


def seconds(before: float) -> datetime:
    return NOON - timedelta(seconds=before)


def judged(*flags: FlagChange, symptom: Symptom = FAILS) -> list[dict[str, float]]:
    """The evidence on each switch, in the order of their times."""
    found = sorted(rank(symptom, ChangeSet(flags=flags), DAY).ranked, key=lambda one: one.took_effect_at or NOON)
    return [{component.name: component.contribution for component in one.components} for one in found]


def test_a_switch_counts_the_more_the_closer_the_first_error_follows() -> None:
    weight = [judged(replace(FLAG, at=seconds(ago)))[0]["time"] for ago in (300, 40, 10, 1)]

    assert weight == sorted(weight)
    assert weight[-1] > weights.SWITCHED + 1.5 > weights.SWITCHED + 0.1 > weight[0]


def test_a_switch_seconds_after_the_first_error_counts_less_and_is_not_told_to_be_before_it() -> None:
    (before,), (after,), (late,) = (judged(replace(FLAG, at=seconds(ago))) for ago in (1, -8, -40))
    (told,) = rank(FAILS, ChangeSet(flags=(replace(FLAG, at=seconds(-8)),)), DAY).ranked

    assert before["time"] > after["time"] > 0 > late["time"]
    assert "about at the onset" in next(one.reason for one in told.components if one.name == "time")


def test_what_the_next_switch_of_the_same_flag_replaced_is_not_at_work_any_more() -> None:
    on, off = replace(FLAG, at=seconds(2)), replace(FLAG, at=seconds(70), before="on", after="off")
    other = replace(FLAG, at=seconds(70), flag="quotes_new_page")

    replaced, last = judged(off, on)
    assert (replaced["replaced"], "replaced" in last) == (weights.REVERTED_BEFORE, False)
    assert all("replaced" not in one for one in judged(other, on))


def test_a_switch_that_was_taken_back_when_it_had_done_harm_is_still_the_suspect() -> None:
    on, off = replace(FLAG, at=seconds(2)), replace(FLAG, at=seconds(-60), before="on", after="off")

    assert all("replaced" not in one for one in judged(on, off))


def test_a_setting_that_was_set_again_before_the_onset_is_replaced_too() -> None:
    first = ConfigChange(key="pool.size", service="quotes", at=seconds(80), before="8", after="2")
    changes = ChangeSet(configs=(first, replace(first, at=seconds(20), before="2", after="8")))

    reasons = [
        one.reason for each in rank(FAILS, changes, DAY).ranked for one in each.components if "again" in one.reason
    ]

    assert reasons == ["it was switched again at 2026-03-01T11:59:40Z, before the onset"]


def served(*ago: float) -> Symptom:
    well = tuple(seconds(one).timestamp() for one in ago)
    return replace(FAILS, served=Served(operation="POST /quote", share=1.0, well=well))


def test_calls_that_went_well_after_a_switch_speak_for_it_not_being_the_cause() -> None:
    flag = replace(FLAG, at=seconds(30))

    (many,) = judged(flag, symptom=served(60, 50, 40, 20, 10))
    (none,) = judged(flag, symptom=served(100, 90, 80, 70, 60, 50, 40))
    (few,) = judged(flag, symptom=served(50, 40))

    assert many["served well"] < -2
    assert none["served well"] == pytest.approx(weights.NONE_WELL, abs=0.01)
    assert "served well" not in few


def test_that_no_call_went_well_since_tells_nothing_of_another_services_switch() -> None:
    (found,) = judged(replace(FLAG, at=seconds(30), service="web"), symptom=served(100, 90, 80, 70, 60, 50, 40))

    assert "served well" not in found


def test_a_flag_switched_after_the_first_errors_has_let_nothing_run() -> None:
    changes = replace(CHANGES, flags=(replace(FLAG, at=seconds(-9)),))

    (one,) = (each for each in rank(FAILS, changes, DAY).ranked if each.label == "a" * 40)

    assert switch(one) == 0.0
