"""What a failing request came by and a good one of its operation did not: who may have put in what it fails over."""

from collections import Counter
from collections.abc import Sequence

from rootline.analysis.traces.forest import Forest

LEAST = 3
MOST = 200
"""Source: ours; so many requests of each sort tell as much as all."""
NEARLY_ALL, HARDLY_ANY = 0.9, 0.25
"""Source: ours; sampling loses spans, and some good requests take the bad way without needing what it gives them."""


def by_way_of(forest: Forest, failing: Sequence[int], good: Sequence[int]) -> tuple[str, ...]:
    """Name the services through which nearly all failing requests came before they failed, and hardly any good one.

    Those above a span and those that had answered before it began count; nothing with fewer than three of either.
    """
    if min(len(failing), len(good)) < LEAST:
        return ()
    bad, well = _shares(forest, failing[-MOST:]), _shares(forest, good[-MOST:])
    own = forest.spans[failing[0]].service
    told = (name for name, share in bad.items() if share >= NEARLY_ALL and well.get(name, 0.0) <= HARDLY_ANY)
    return tuple(sorted(name for name in told if name != own))


def _shares(forest: Forest, spans: Sequence[int]) -> dict[str, float]:
    counts = Counter(name for at in spans for name in _before(forest, at))
    return {name: count / len(spans) for name, count in counts.items()}


def _before(forest: Forest, at: int) -> set[str]:
    """The services above a span, and those of spans of its trace that ended before it began."""
    above, here = set[str](), forest.parent[at]
    while here >= 0:
        above.add(forest.spans[here].service)
        here = forest.parent[here]
    started = forest.starts[at]
    ended = {forest.spans[one].service for one in forest.trees[forest.root[at]] if forest.ends(one) <= started}
    return above | ended
