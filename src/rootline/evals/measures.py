"""From verdicts to scores."""

from collections.abc import Callable, Mapping, Sequence
from math import nan

from rootline.evals.scorers.ranking import auroc
from rootline.evals.suite import Measure, Verdict


def mean_of(name: str) -> Measure:
    """Return the mean of a number over the verdicts that have it; NaN where none has."""

    def mean(verdicts: Sequence[Verdict]) -> float:
        found = [one.numbers[name] for one in verdicts if name in one.numbers]
        return sum(found) / len(found) if found else nan

    return mean


def means(verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:
    """Return the mean of every number that any verdict has, in order of appearance."""
    return {name: mean_of(name) for name in dict.fromkeys(name for one in verdicts for name in one.numbers)}


def ratio_of(part: str, *wholes: str) -> Measure:
    """Return the sum of one number over the sums of others; NaN over nothing."""

    def ratio(verdicts: Sequence[Verdict]) -> float:
        whole = sum(one.numbers.get(name, 0.0) for one in verdicts for name in wholes)
        return sum(one.numbers.get(part, 0.0) for one in verdicts) / whole if whole else nan

    return ratio


def sum_of(name: str) -> Measure:
    """Return the sum of a number."""

    def whole(verdicts: Sequence[Verdict]) -> float:
        return sum(one.numbers.get(name, 0.0) for one in verdicts)

    return whole


def auroc_of(name: str, *, positive: Callable[[Verdict], bool]) -> Measure:
    """Return how often the number is larger in a positive verdict than in another."""

    def area(verdicts: Sequence[Verdict]) -> float:
        yes = [one.numbers[name] for one in verdicts if name in one.numbers and positive(one)]
        no = [one.numbers[name] for one in verdicts if name in one.numbers and not positive(one)]
        return auroc(yes, no)

    return area
