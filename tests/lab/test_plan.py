"""What a seed decides."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rootline.lab.edits import Work
from rootline.lab.fault import Event, Switch
from rootline.lab.faults import FAULTS
from rootline.lab.flags import HARMLESS
from rootline.lab.innocent import INNOCENT
from rootline.lab.plan import Plan, Step, plan, variant_of
from rootline.lab.repository import Repository

WORKS = [*INNOCENT, *(one.does for fault in FAULTS for one in fault.variants if isinstance(one.does, Work))]
SEEDS = range(25)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("lab") / "shop", "git")
    made.create()
    return made


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    first, again, other = plan(3, "memory-leak"), plan(3, "memory-leak"), plan(4, "memory-leak")

    assert first == again
    assert [one.does for one in first.before] != [one.does for one in other.before]


def test_every_fault_has_the_same_variant_for_the_same_seed() -> None:
    assert [variant_of(one, 5) for one in FAULTS] == [variant_of(one, 5) for one in FAULTS]


@pytest.mark.parametrize("seed", SEEDS)
def test_at_least_five_innocent_deployments_come_before_a_fault_and_more_after_it(seed: int) -> None:
    for fault in FAULTS:
        planned = plan(seed, fault.name)

        times = [one.at_s for one in planned.before], [one.at_s for one in planned.after]
        assert len(deployments(planned.before)) >= 5
        assert len(deployments(planned.after)) >= 2
        assert times[0] == sorted(times[0])
        assert times[0][-1] < planned.strikes_at_s < times[1][0]


def test_seeds_reach_every_variant_of_every_fault() -> None:
    for fault in FAULTS:
        drawn = {id(variant_of(fault, seed)) for seed in range(200)}

        assert len(drawn) == len(fault.variants), fault.name


def deployments(steps: Sequence[Step]) -> list[Work]:
    return [one.does for one in steps if isinstance(one.does, Work)]


def test_thirteen_faults_are_known_of_which_five_are_nobodys_change_and_one_is_a_flag() -> None:
    told = {one.name: one.variants[0].culprit for one in FAULTS}

    events = ["traffic-surge", "disk-full", "clock-skew", "upstream-outage", "noisy-neighbour"]
    assert [name for name, culprit in told.items() if culprit == "no change"] == events
    assert [name for name, culprit in told.items() if culprit == "a flag"] == ["bad-flag"]
    assert len(told) == 13
    assert all(isinstance(one.does, Event) == (one.culprit == "no change") for each in FAULTS for one in each.variants)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_harmless_flag_is_turned_on_before_a_fault_and_another_one_after_it(seed: int) -> None:
    planned = plan(seed, "bad-flag")

    def turned(whole: Plan) -> list[Switch]:
        return [one.does for one in (*whole.before, *whole.after) if isinstance(one.does, Switch)]

    first, second = turned(planned)
    assert first != second
    assert {first, second} <= set(HARMLESS)
    assert planned.before[-1].at_s < planned.strikes_at_s < planned.after[0].at_s


@pytest.mark.parametrize("done", WORKS, ids=lambda done: done.message)
def test_every_edit_fits_the_shop_and_leaves_code_that_compiles(shop: Repository, done: Work) -> None:
    assert done.fits(shop.folder)

    done.apply(shop.folder)
    try:
        for edit in done.edits:
            text = (shop.folder / edit.file).read_text()
            assert edit.new in text
            if edit.file.endswith(".py"):
                compile(text, edit.file, "exec")
    finally:
        shop.undo()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_bad_commit_still_fits_after_the_innocent_ones(shop: Repository, fault: object) -> None:
    for seed in SEEDS:
        variant = variant_of(next(one for one in FAULTS if one is fault), seed)
        bad = [variant.does] if isinstance(variant.does, Work) else []
        try:
            for one in deployments(plan(seed, "any", bad).before):
                assert one.fits(shop.folder), one.message
                one.apply(shop.folder)
            assert all(each.fits(shop.folder) for each in bad)
        finally:
            shop.undo()


def test_a_message_of_a_bad_commit_never_names_its_fault() -> None:
    for fault in FAULTS:
        words = {*fault.name.split("-"), "bug", "break", "fault", "leak", "slow", "error"}
        for variant in fault.variants:
            if isinstance(variant.does, Work):
                assert not words & set(variant.does.message.lower().split()), variant.does.message


def test_files_of_a_patch_are_left_to_it() -> None:
    touched = frozenset({"shop/payment/app.py", "shop/payment/settings.toml"})

    for seed in SEEDS:
        planned = plan(seed, "patch of payment", files=touched)
        files = {edit.file for one in deployments((*planned.before, *planned.after)) for edit in one.edits}
        assert not files & touched


def test_an_edit_fits_only_where_its_words_stand_once(tmp_path: Path) -> None:
    (tmp_path / "shop" / "cart").mkdir(parents=True)
    file = tmp_path / "shop" / "cart" / "settings.toml"
    done = next(one for one in INNOCENT if one.message == "Larger carts for companies")

    assert not done.fits(tmp_path)
    file.write_text("most_of_one = 20\n")
    assert done.fits(tmp_path)
    file.write_text("most_of_one = 20\nmost_of_one = 20\n")
    assert not done.fits(tmp_path)
