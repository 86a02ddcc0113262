import pytest

from rootline.analysis.joining.calibration import (
    Calibration,
    Outcome,
    curve,
    fitted,
    held_back,
    sigmoid,
    summary,
    wilson,
)

ROWS = (0.1, 0.3, 0.5, 0.7, 0.9)


def answers(stated: float, right: int, wrong: int, group: str = "g") -> list[Outcome]:
    return [Outcome(stated=stated, right=at < right, group=group) for at in range(right + wrong)]


def test_too_low_a_confidence_is_raised_and_too_high_a_one_lowered() -> None:
    low = fitted("t", [*answers(0.3, 80, 20), *answers(0.6, 95, 5)], ROWS, 0.0)
    high = fitted("t", [*answers(0.7, 30, 70), *answers(0.9, 50, 50)], ROWS, 0.0)

    assert low.read(0.3)[0] == pytest.approx(0.8, abs=0.06)
    assert high.read(0.9)[0] == pytest.approx(0.5, abs=0.06)


def test_what_is_right_already_is_left_alone() -> None:
    slope, offset = curve([*answers(0.2, 20, 80), *answers(0.8, 80, 20)])

    assert (slope, offset) == pytest.approx((1.0, 0.0), abs=0.05)


def test_answers_that_are_all_right_do_not_make_anything_certain() -> None:
    table = fitted("t", answers(0.8, 40, 0), ROWS, 0.0)

    value, low, high = table.read(0.7)
    assert 0.7 < value < 1.0
    assert low < value < high


def test_right_answers_expected_to_fail_elsewhere_lower_the_table() -> None:
    found = [*answers(0.5, 50, 50), *answers(0.9, 90, 10)]

    assert fitted("t", found, ROWS, 0.0, unseen=0.2).read(0.9)[0] < fitted("t", found, ROWS, 0.0).read(0.9)[0]


def test_a_held_back_group_is_restated_by_the_others_alone() -> None:
    found = [*answers(0.6, 0, 50, "odd"), *answers(0.6, 50, 0, "usual")]

    restated = {one.group: one.stated for one in held_back(found)}

    assert restated["odd"] > 0.8
    assert restated["usual"] < 0.2


def test_turning_a_share_back_gives_what_was_stated() -> None:
    table = Calibration(name="t", stated=(0.0, 0.5, 1.0), right=(0.0, 0.8, 0.9), low=(0, 0.7, 0.8), high=(0.1, 0.9, 1))

    assert table.stated_for(table.read(0.3)[0]) == pytest.approx(0.3)


def test_bounds_narrow_with_more_answers() -> None:
    few, many = wilson(0.8, 10), wilson(0.8, 1000)

    assert few[0] < many[0] < 0.8 < many[1] < few[1]
    assert wilson(0.8, 100) == pytest.approx((0.711, 0.867), abs=0.001)


def test_calibration_error_of_coins_called_certain_is_a_half() -> None:
    assert summary(answers(1.0, 10, 10))["ece"] == pytest.approx(0.5)
    assert sigmoid(0.0) == 0.5
