"""Whether a run differs from an earlier one on the same cases by more than chance."""

from collections.abc import Callable, Mapping, Sequence

from rootline.evals.intervals import bootstrap
from rootline.evals.suite import Measure, Score, Verdict

Pair = tuple[Verdict, Verdict]


def compared(now: Sequence[Verdict], before: Sequence[Verdict], measures: Mapping[str, Measure]) -> Mapping[str, Score]:
    """Return now minus before for each measure, over the cases that both have, resampled together.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), paired samples, chapter 8; a difference
    counts where its interval leaves 0 out.
    """
    earlier = {one.case: one for one in before}
    pairs = [(one, earlier[one.case]) for one in now if one.case in earlier]
    if not pairs:
        return {}
    return {name: bootstrap(pairs, _difference(measure)) for name, measure in measures.items()}


def turned(now: Sequence[Verdict], before: Sequence[Verdict]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cases that became right and those that became wrong."""
    earlier = {one.case: one.right for one in before}
    both = [one for one in now if one.case in earlier and one.right is not earlier[one.case]]
    return tuple(one.case for one in both if one.right), tuple(one.case for one in both if not one.right)


def _difference(measure: Measure) -> Callable[[Sequence[Pair]], float]:
    def difference(pairs: Sequence[Pair]) -> float:
        return measure([now for now, _ in pairs]) - measure([before for _, before in pairs])

    return difference
