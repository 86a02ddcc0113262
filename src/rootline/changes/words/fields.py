"""BM25F: how much the fields of a text together hold of what is asked."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Thing = TypeVar("Thing")
K = 5.0


@dataclass(frozen=True)
class Bag:
    """How often each asked thing occurs in one field of `length`."""

    counts: Mapping[str, float]
    length: float


@dataclass(frozen=True)
class Field:
    """A field's weight, and how far its length is taken out (0 to 1)."""

    weight: float
    levelled: float


def rarities(held: Sequence[frozenset[Thing]]) -> dict[Thing, float]:
    """How rare each thing is that n of N texts hold: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    counted = Counter(thing for one in held for thing in one)
    return {thing: math.log(1 + (len(held) - n + 0.5) / (n + 0.5)) for thing, n in counted.items()}


def gains(read: Sequence[Sequence[Bag]], fields: Sequence[Field], asked: Mapping[str, float]) -> list[dict[str, float]]:
    """What each asked thing adds to the score of each text; `read` has one bag a field for each text.

    Source: H. Zaragoza et al., "Microsoft Cambridge at TREC-13" (2004), one saturation over all fields; rarity over
    the whole texts.
    """
    rare = rarities([frozenset(thing for bag in one for thing in bag.counts) for one in read])
    means = [sum(one[at].length for one in read) / max(len(read), 1) or 1.0 for at in range(len(fields))]
    found = []
    for one in read:
        heard = {thing for bag in one for thing in bag.counts}
        found.append({thing: asked[thing] * rare[thing] * _saturated(thing, one, fields, means) for thing in heard})
    return found


def _saturated(thing: str, bags: Sequence[Bag], fields: Sequence[Field], means: Sequence[float]) -> float:
    weighted = 0.0
    for bag, field, mean in zip(bags, fields, means, strict=True):
        if count := bag.counts.get(thing, 0.0):
            weighted += field.weight * count / (1 - field.levelled + field.levelled * bag.length / mean)
    return weighted / (weighted + K)
