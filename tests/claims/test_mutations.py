from collections import Counter
from functools import cache

import pytest
from tests.claims.mutations import mutations
from tests.claims.truths import truths
from tests.claims.world import World

from rootline.claims.checker import Checker
from rootline.domain.claim import Checked, Claim

SEEDS = range(3)


@cache
def worlds() -> list[World]:
    return [World(seed) for seed in SEEDS]


def originals() -> list[tuple[World, Claim]]:
    return [(world, claim) for world in worlds() for claim in truths(world)]


@cache
def judged() -> list[tuple[str, Checked]]:
    checkers = {world.seed: Checker(world.evidence) for world in worlds()}
    lies = [(world, kind, lie) for world, claim in originals() for kind, lie in mutations(claim, world)]
    return [(kind, checkers[world.seed].check(lie)) for world, kind, lie in lies]


def test_every_true_claim_is_accepted() -> None:
    checkers = {world.seed: Checker(world.evidence) for world in worlds()}

    checked = [checkers[world.seed].check(claim) for world, claim in originals()]

    assert len(checked) >= 500
    assert [one for one in checked if not one.is_fact] == []


@pytest.mark.promise("mutations-are-refused")
def test_every_mutated_claim_is_refused() -> None:
    believed = [(kind, one.sentence) for kind, one in judged() if one.is_fact]

    assert len(judged()) >= 500
    assert believed == []


def test_each_kind_of_lie_is_told_often_enough_to_count() -> None:
    told = Counter(kind for kind, _ in judged())

    assert min(told.values()) >= 20
    assert set(told) == {
        "value +10 %",
        "value -10 %",
        "sign",
        "order of levels",
        "foreign quote",
        "moment",
        "service",
        "evidence",
        "window",
        "direction",
        "order",
        "unit",
        "predicate",
    }


def test_every_refusal_says_why() -> None:
    assert all(one.reason and one.mark in {"contradicted", "not_found"} for _, one in judged() if not one.is_fact)
