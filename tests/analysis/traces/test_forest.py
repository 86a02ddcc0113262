import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.spans import NOON, span

from rootline.analysis.traces import edges
from rootline.analysis.traces.forest import Forest, plant
from rootline.domain.signal import Edge, Span


def own_s(forest: Forest, span_id: str) -> float:
    return next(own for own, one in zip(forest.self_s, forest.spans, strict=True) if one.span_id == span_id)


def test_a_child_finds_its_parent_under_another_trace_id() -> None:
    forest = plant([span("a", "web", 0, 2, trace="real"), span("b<a", "cart", 1, 0.5, trace="same")])

    assert forest.parent == (-1, 0)


def test_a_parent_id_of_another_hour_is_not_believed() -> None:
    forest = plant([span("a", "web", 0, 2, trace="x"), span("b<a", "cart", 3600, 0.5, trace="y")])

    assert (forest.parent, forest.orphans) == ((-1, -1), (1,))


def test_a_repeated_span_counts_once() -> None:
    forest = plant([span("a", "web", 0, 2), span("b<a", "cart", 1, 0.5), span("b<a", "cart", 1, 0.5)])

    assert (len(forest.spans), forest.duplicates, forest.self_s) == (2, 1, (1.5, 0.5))


def test_a_cycle_is_cut() -> None:
    forest = plant([span("a<b", "web", 0, 2), span("b<a", "cart", 1, 0.5), span("c<c", "db", 1, 0.5)])

    assert forest.parent.count(-1) == 2


def test_children_that_overlap_are_subtracted_once() -> None:
    forest = plant([span("a", "web", 0, 4), span("b<a", "cart", 1, 2), span("c<a", "ads", 2, 2)])

    assert own_s(forest, "a") == pytest.approx(1)


def test_a_child_with_a_skewed_clock_still_counts_as_inside() -> None:
    forest = plant([span("a", "web", 0, 4), span("b<a", "cart", -1, 3)])

    assert own_s(forest, "a") == pytest.approx(1)


def test_work_that_goes_on_long_after_the_parent_costs_it_nothing() -> None:
    forest = plant([span("a", "web", 0, 1), span("b<a", "mail", 3, 10)])

    assert own_s(forest, "a") == pytest.approx(1)


def test_with_a_clock_in_whole_seconds_children_are_taken_one_after_the_other() -> None:
    second = NOON.replace(microsecond=0)
    calls = [
        Span(
            trace_id="t",
            span_id=f"{at}",
            parent_id="p" if at else None,
            service="db",
            operation="get",
            start=second,
            duration_s=0.3,
        )
        for at in range(1, 6)
    ]
    parent = Span(
        trace_id="t",
        span_id="p",
        parent_id=None,
        service="web",
        operation="list",
        start=second,
        duration_s=2,
    )

    assert own_s(plant([parent, *calls]), "p") == pytest.approx(0.5)


def test_calls_between_services_become_edges() -> None:
    spans = [
        span("a", "web", 0, 2),
        span("b<a", "web", 0, 2),
        span("c<b", "cart", 1, 0.5),
        span("d<b", "cart", 1, 0.6),
        span("e<d", "db", 1, 0.1),
    ]

    assert edges(spans) == [
        Edge(caller="cart", callee="db", found_in="traces", calls=1),
        Edge(caller="web", callee="cart", found_in="traces", calls=2),
    ]


@pytest.mark.parametrize(("kind", "expected"), [("client", [("pay", "bank")]), ("SPAN_KIND_SERVER", [])])
def test_a_client_that_names_its_peer_calls_it(kind: str, expected: list[tuple[str, str]]) -> None:
    client = Span(
        trace_id="t",
        span_id="a",
        parent_id=None,
        service="pay",
        operation="POST",
        start=NOON,
        duration_s=1,
        attributes={"peer.service": "bank", "span.kind": kind},
    )

    assert [(edge.caller, edge.callee) for edge in edges([client])] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(-9, 9), st.floats(0, 9)), max_size=30))
def test_any_tangle_becomes_trees_with_sane_self_times(tangle: list[tuple[int, int, float, float]]) -> None:
    forest = plant([span(f"{at}<{up}", f"s{at}", begin, long) for at, up, begin, long in tangle])

    assert all(forest.parent[root] == -1 for root in forest.root)
    assert all(0 <= own <= one.duration_s for own, one in zip(forest.self_s, forest.spans, strict=True))
