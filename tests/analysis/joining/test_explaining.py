from rootline.analysis.joining.explaining import why_not
from rootline.domain.fact import ScoreComponent


def part(name: str, contribution: float, reason: str) -> ScoreComponent:
    return ScoreComponent(name=name, contribution=contribution, reason=reason)


WINNER = [part("mechanism: loop", 3.2, "a query for each row"), part("time", 1.2, "it ran just before")]


def test_the_strongest_difference_is_told_first() -> None:
    loser = [part("time", 1.2, "it ran just before"), part("late", -6.0, "it took effect after the onset")]

    told = why_not(loser, WINNER)

    assert told.startswith("it took effect after the onset; nothing like this speaks for it: a query for each row")


def test_less_of_the_same_is_told_as_less() -> None:
    loser = [part("mechanism: cache", 1.0, "a cache without a bound"), part("time", 1.2, "it ran just before")]

    assert why_not(loser, WINNER) == "more speaks for the first one: a query for each row"


def test_two_alike_have_nothing_to_tell() -> None:
    assert why_not(WINNER, WINNER) == ""
