"""Formulas of the ranking against their own definitions: bounds, curves, shares, likeness."""

import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.analysis.joining.calibration import (
    Calibration,
    Outcome,
    between,
    curve,
    fitted,
    held_back,
    sigmoid,
    summary,
    wilson,
)
from rootline.analysis.joining.combining import at_most, log_share, shares, total
from rootline.analysis.joining.deepest import deepest
from rootline.analysis.joining.explaining import differences, why_not
from rootline.analysis.joining.remembering import (
    ALIKE,
    MOST_SHIFT,
    Lesson,
    Signature,
    shared,
    shift,
    similarity,
    standings,
    terms_of,
)
from rootline.analysis.topology import Graph, blast_radius, downstream
from rootline.domain.fact import ScoreComponent
from rootline.domain.incident import Feedback, Verdict
from rootline.domain.signal import Edge

SHARE = st.floats(0, 1)
START = datetime(2026, 3, 1, tzinfo=UTC)
OUTCOMES = st.lists(
    st.builds(Outcome, stated=st.floats(0.05, 0.95), right=st.booleans(), group=st.sampled_from("abc")),
    min_size=1,
    max_size=20,
)


@given(rows=st.lists(SHARE, min_size=1, max_size=8, unique=True), p=st.floats(-0.5, 1.5))
def test_a_table_is_read_as_straight_lines_between_its_rows(rows: list[float], p: float) -> None:
    stated = sorted(rows)
    column = [math.sin(7 * one) for one in stated]

    assert between(stated, column, p) == pytest.approx(float(np.interp(p, stated, column)), abs=1e-9)


@pytest.mark.parametrize(
    ("p", "answers", "low", "high"),
    [
        (0.5, 20, 0.2993, 0.7007),
        (0.0, 10, 0.0, 0.2775),
        (1.0, 10, 0.7225, 1.0),
        (0.8, 100, 0.7112, 0.8666),
        (0.1, 1000, 0.0829, 0.1202),
        (0.5, 0, 0.0546, 0.9454),
    ],
)
def test_wilsons_bounds_are_those_of_published_calculators(p: float, answers: float, low: float, high: float) -> None:
    assert wilson(p, answers) == pytest.approx((low, high), abs=2e-4)


@given(p=SHARE, answers=st.floats(0, 1e6))
def test_wilsons_bounds_hold_the_share_and_stay_probabilities(p: float, answers: float) -> None:
    low, high = wilson(p, answers)

    assert 0 <= low <= p <= high <= 1
    assert wilson(1 - p, answers) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def loss(slope: float, offset: float, outcomes: list[Outcome]) -> float:
    """What the fit makes least: the ridge towards the identity, two pseudo-answers, and each answer's surprise."""
    points = [(math.log(one.stated / (1 - one.stated)), float(one.right), one.weight) for one in outcomes]
    points += [(0.0, 1.0, 1.0), (0.0, 0.0, 1.0)]
    surprise = sum(
        -weight * (right * math.log(sigmoid(slope * x + offset)) + (1 - right) * math.log(sigmoid(-slope * x - offset)))
        for x, right, weight in points
    )
    return surprise + (slope - 1) ** 2 + 0.1 * offset**2


@settings(max_examples=40, deadline=None)
@given(outcomes=OUTCOMES)
def test_no_curve_beside_the_fitted_one_is_less_surprised(outcomes: list[Outcome]) -> None:
    slope, offset = curve(outcomes)

    least = loss(slope, offset, outcomes)
    if slope > 0.05:
        for ds, do in ((0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)):
            assert loss(slope + ds, offset + do, outcomes) >= least - 1e-9


@settings(max_examples=30, deadline=None)
@given(outcomes=OUTCOMES)
def test_a_fitted_table_rises_and_its_bounds_hold_it(outcomes: list[Outcome]) -> None:
    table = fitted("t", outcomes, (0.1, 0.5, 0.9), 0.2)

    assert list(table.right) == sorted(table.right)
    for p in (0.0, 0.1, 0.37, 0.5, 0.9, 1.0):
        value, low, high = table.read(p)
        assert 0 <= low <= value <= high <= 1
    assert table.abstain_below == 0.2


@settings(max_examples=30, deadline=None)
@given(outcomes=OUTCOMES)
def test_restating_keeps_every_answer_its_truth_and_its_group(outcomes: list[Outcome]) -> None:
    found = held_back(outcomes)

    assert sorted((one.group, one.right) for one in found) == sorted((one.group, one.right) for one in outcomes)
    assert all(0 < one.stated < 1 for one in found)


def test_a_table_that_is_level_answers_with_one_of_what_it_could_have_been() -> None:
    level = Calibration(name="t", stated=(0.2, 0.8), right=(0.5, 0.5), low=(0.4, 0.4), high=(0.6, 0.6))

    assert level.read(0.5) == (0.5, 0.4, 0.6)
    assert level.stated_for(0.5) in (0.2, 0.8)


@pytest.mark.parametrize(
    ("answers", "error", "right"),
    [
        ([], 0.0, 0.0),
        ([(0.5, True), (0.5, False)], 0.5, 0.5),
        ([(0.5, True), (0.5, False)] * 2, 0.0, 0.5),
        ([(0.9, False)], 0.9, 0.0),
        ([(0.1, False), (0.9, True)], 0.1, 0.5),
        ([(0.2, True), (0.8, False)], 0.8, 0.5),
    ],
)
def test_calibration_error_worked_by_hand(answers: list[tuple[float, bool]], error: float, right: float) -> None:
    found = summary([Outcome(stated=stated, right=is_right, group="g") for stated, is_right in answers], bins=2)

    assert (found["right"], found["answers"]) == (right, len(answers))
    assert found["ece"] == pytest.approx(error)


@pytest.mark.parametrize(
    ("logit", "p"), [(0, 0.5), (1, 0.7311), (-1, 0.2689), (30, 1), (1e9, 1), (-1e9, 0), (math.log(3), 0.75)]
)
def test_a_logit_becomes_its_probability(logit: float, p: float) -> None:
    assert sigmoid(logit) == pytest.approx(p, abs=1e-4)


@pytest.mark.parametrize(("p", "share"), [(0, -30), (1, 0), (-1, -30), (0.5, math.log(0.5))])
def test_certainty_is_cut_at_thirty(p: float, share: float) -> None:
    assert log_share(p) == pytest.approx(share)


@given(scores=st.lists(st.floats(-500, 500), min_size=1, max_size=8), beside=st.floats(-500, 500))
def test_shares_are_odds_over_all_odds_however_large(scores: list[float], beside: float) -> None:
    found = shares(scores, beside)

    top = max([*scores, beside])
    odds = [math.exp(one - top) for one in [*scores, beside]]
    assert found == pytest.approx([one / sum(odds) for one in odds[:-1]])
    assert sum(found) <= 1 + 1e-9


@given(scores=st.lists(st.floats(-50, 50), min_size=2, max_size=6), more=st.floats(0.01, 5))
def test_more_for_one_is_less_for_each_other(scores: list[float], more: float) -> None:
    before, after = shares(scores), shares([scores[0] + more, *scores[1:]])

    assert after[0] >= before[0]
    assert all(now <= then + 1e-12 for now, then in zip(after[1:], before[1:], strict=True))


@given(parts=st.lists(st.floats(-9, 9).map(lambda one: round(one, 2)), max_size=10), most=st.integers(2, 8))
def test_parts_are_cut_to_as_many_and_keep_their_order_and_their_sum(parts: list[float], most: int) -> None:
    every = [ScoreComponent(name=f"p{at}", contribution=one, reason="") for at, one in enumerate(parts)]

    kept = at_most(every, most)

    assert len(kept) == min(len(parts), most)
    assert total(kept) == pytest.approx(sum(parts), abs=1e-3)
    names = [one.name for one in kept if one.name.startswith("p")]
    assert names == sorted(names, key=lambda one: int(one[1:]))


EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14)


def graph(pairs: list[tuple[str, str]]) -> Graph:
    return Graph.of(Edge(caller=one, callee=other, found_in="t") for one, other in pairs)


def plain_distance(pairs: list[tuple[str, str]], start: str, goal: str) -> int | None:
    """Relax every call as often as there are services, as Bellman and Ford do."""
    hops = {start: 0}
    for _ in range(7):
        for one, other in pairs:
            if one in hops:
                hops[other] = min(hops.get(other, 99), hops[one] + 1)
    return hops.get(goal)


@settings(deadline=None)
@given(pairs=EDGES)
def test_every_distance_is_the_least_number_of_calls(pairs: list[tuple[str, str]]) -> None:
    found = graph(pairs)

    for one in found.services:
        below = {other: hops for other in found.services if (hops := plain_distance(pairs, one, other))}
        assert downstream(found, one) == below
        assert list(downstream(found, one)) == sorted(below, key=lambda name: (below[name], name))


@settings(deadline=None)
@given(pairs=EDGES)
def test_who_suffers_is_who_could_blame(pairs: list[tuple[str, str]]) -> None:
    found = graph(pairs)

    for one in found.services:
        assert all(downstream(found, victim)[one] == hops for victim, hops in blast_radius(found, one).items())


@settings(deadline=None)
@given(pairs=EDGES, fired=st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 300)), min_size=1, max_size=5))
def test_the_deepest_alert_is_one_of_them_whatever_circles_there_are(
    pairs: list[tuple[str, str]], fired: list[tuple[str, int]]
) -> None:
    alerts = sorted(((name, START + timedelta(seconds=later)) for name, later in fired), key=lambda one: one[1])

    place = deepest(alerts, graph(pairs))

    first = alerts[0][0]
    assert 0 <= place < len(alerts)
    assert alerts[place][0] == first or alerts[place][0] in downstream(graph(pairs), first)
    assert alerts[place][1] <= alerts[0][1] + timedelta(minutes=2)


def test_alerts_along_a_chain_lead_to_its_end_and_a_late_one_does_not_count() -> None:
    chain = graph([("web", "cart"), ("cart", "db")])
    fired = [("web", START), ("cart", START + timedelta(seconds=60)), ("db", START + timedelta(seconds=120))]
    late = [*fired[:2], ("db", START + timedelta(seconds=121))]

    assert (deepest(fired, chain), deepest(late, chain), deepest(fired[:1], chain)) == (2, 1, 0)


def sign(service: str = "", families: str = "", terms: str = "") -> Signature:
    return Signature(service=service, families=frozenset(families.split()), terms=frozenset(terms.split()))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (sign("a", "f", "t"), sign("a", "f", "t"), 1.0),
        (sign("a", "f", "t"), sign("b", "g", "u"), 0.0),
        (sign("a", "f", "t"), sign("a", "g", "u"), 0.35),
        (sign("a", "f", "t"), sign("b", "f", "u"), 0.25),
        (sign("a", "f", "t"), sign("b", "g", "t"), 0.4),
        (sign("a", "f g"), sign("a", "f"), (0.35 + 0.125) / 0.6),
        (sign("a"), sign("a"), 1.0),
        (sign(terms="x y z"), sign(terms="y z w"), 0.5),
        (sign(), sign(), 0.0),
    ],
)
def test_likeness_worked_by_hand(one: Signature, other: Signature, alike: float) -> None:
    assert similarity(one, other) == similarity(other, one) == pytest.approx(alike)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (sign("a", "slow", "refused"), sign("b", "fast", "granted"), ()),
        (sign("a"), sign("a"), ("a failed first in both",)),
        (sign("a", "slow"), sign("b", "slow"), ("symptoms in common: slow",)),
        (sign("", "", "ab abc b"), sign("", "", "abc ab b"), ("words in common: abc, ab, b",)),
    ],
)
def test_what_two_incidents_share_is_told(one: Signature, other: Signature, told: tuple[str, ...]) -> None:
    assert shared(one, other) == told


@given(texts=st.lists(st.text(max_size=500), max_size=4))
def test_terms_are_words_in_lower_case_of_the_first_four_hundred_letters(texts: list[str]) -> None:
    found = terms_of(texts)

    assert all(one == one.lower() and 3 <= len(one) <= 41 for one in found)
    assert terms_of([text[:400] for text in texts]) == found


def lesson(service: str, cause: str, standing: str, alike: float) -> Lesson:
    return Lesson(service=service, cause=cause, standing=standing, similarity=alike)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lessons", "moved"),
    [
        ([], 0.0),
        ([lesson("cart", "slow_query", "confirmed", 0.6)], 0.6),
        ([lesson("cart", "slow_query", "rejected", 0.6)], -0.6),
        ([lesson("store", "slow_query", "confirmed", 0.6)], 0.3),
        ([lesson("cart", "leak", "confirmed", 0.9)], 0.0),
        ([lesson("cart", "slow_query", "confirmed", ALIKE - 0.01)], 0.0),
        ([lesson("cart", "slow_query", "confirmed", ALIKE)], ALIKE),
        ([lesson("cart", "slow_query", "confirmed", 0.9)] * 5, MOST_SHIFT),
        ([lesson("cart", "slow_query", "rejected", 0.9)] * 5, -MOST_SHIFT),
        ([lesson("cart", "slow_query", one, 0.9) for one in ("confirmed", "rejected")], 0.0),
    ],
)
def test_lessons_move_an_explanation_by_hand_worked_logits(lessons: list[Lesson], moved: float) -> None:
    assert shift("cart", "slow_query", lessons) == pytest.approx(moved)


def said(verdict: Verdict, minute: int, *, by: str = "ada", rank: int | None = None) -> Feedback:
    return Feedback(
        investigation=UUID(int=1),
        hypothesis_rank=rank,
        verdict=verdict,
        author=by,
        text="",
        at=START + timedelta(minutes=minute),
    )


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ([], {}),
        ([said("confirmed", 1)], {1: "confirmed"}),
        ([said("confirmed", 1), said("rejected", 2)], {1: "rejected"}),
        ([said("rejected", 2), said("confirmed", 1)], {1: "rejected"}),
        ([said("confirmed", 1), said("rejected", 2, by="bob")], {}),
        ([said("confirmed", 1), said("uncertain", 2, by="bob")], {1: "confirmed"}),
        ([said("confirmed", 1), said("uncertain", 2)], {}),
        ([said("confirmed", 1, rank=2), said("rejected", 1, rank=1)], {1: "rejected", 2: "confirmed"}),
        ([said("root_cause_set", 1, rank=3)], {3: "confirmed"}),
        ([said("root_cause_set", 1)], {}),
        ([said("confirmed", 1), said("note", 2)], {1: "confirmed"}),
        ([said("confirmed", 1), said("confirmed", 2, rank=1, by="bob")], {1: "confirmed"}),
    ],
)
def test_what_stands_of_a_log_of_verdicts(log: list[Feedback], found: dict[int, str]) -> None:
    assert standings(log) == found


def part(name: str, contribution: float, reason: str = "why") -> ScoreComponent:
    return ScoreComponent(name=name, contribution=contribution, reason=reason)


def test_what_speaks_against_and_what_is_lacking_are_told_by_weight() -> None:
    loser = [part("timing", -0.5, "it came later"), part("mechanism: a", 0.2, "a guess"), part("reach", -0.05, "far")]
    winner = [part("mechanism: b", 1.2, "a quoted line"), part("owner", 0.3, "its own file"), part("x", 0.9, "")]

    found = differences(loser, winner)

    assert [(round(one.weight, 2), one.words) for one in found] == [
        (1.0, "more speaks for the first one: a quoted line"),
        (0.5, "it came later"),
        (0.3, "nothing like this speaks for it: its own file"),
    ]
    assert why_not(loser, winner) == "more speaks for the first one: a quoted line; it came later"
    assert why_not(winner, winner) == ""
