import pytest

from rootline.evals.intervals import bootstrap, interval
from rootline.evals.measures import mean_of, ratio_of
from rootline.evals.paired import compared, turned
from rootline.evals.suite import Score, Verdict


def verdict(case: str, *, right: bool = True, **numbers: float) -> Verdict:
    return Verdict(case=case, kind="", numbers=numbers, right=right)


def test_equal_values_leave_no_doubt() -> None:
    assert interval([0.5] * 20) == Score(value=0.5, low=0.5, high=0.5)


def test_an_interval_holds_the_mean_and_narrows_with_more_cases() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 200)

    assert few.low < 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert many.low == pytest.approx(0.45, abs=0.01)
    assert many.high == pytest.approx(0.55, abs=0.01)


def test_cases_that_lack_a_number_neither_raise_nor_lower_it() -> None:
    rare = [verdict("rare", found=1.0), *(verdict(f"{at}") for at in range(3))]

    assert bootstrap(rare, mean_of("found")) == Score(value=1.0, low=1.0, high=1.0)
    assert bootstrap([verdict("other")], ratio_of("found", "found", "missed")) == Score(value=0.0, low=0.0, high=1.0)


def test_a_difference_on_paired_cases_is_surer_than_two_intervals_apart() -> None:
    before = [verdict(f"{at}", score=at / 100) for at in range(100)]
    now = [verdict(f"{at}", score=at / 100 + 0.05) for at in range(100)]

    found = compared(now, before, {"score": mean_of("score")})["score"]

    assert (found.low, found.value, found.high) == (0.05, 0.05, 0.05)


def test_cases_that_turned_are_named() -> None:
    before = [verdict("a", right=False), verdict("b"), verdict("gone")]

    assert turned([verdict("a"), verdict("b", right=False), verdict("new")], before) == (("a",), ("b",))
