"""Which alerts belong together."""

import time
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge
from rootline.intake.grouping import NO_GRAPH, SAME_SERVICE_S, WINDOW_S, Mark, grouped

FIRST, SECOND = UUID(int=1), UUID(int=2)


def graph(*pairs: str) -> Graph:
    return Graph.of(
        Edge(caller=one, callee=other, found_in="declared") for one, other in (pair.split(">") for pair in pairs)
    )


def mark(service: str = "", at_s: float = 0, name: str = "", **fields: str) -> Mark:
    return Mark(at_s=at_s, fingerprint=name or f"{service} {at_s} {fields}", service=service, **fields)  # type: ignore[arg-type]


def owned(owner: UUID, service: str, at_s: float = 0) -> Mark:
    return Mark(at_s=at_s, fingerprint=f"{owner} {service}", service=service, owner=owner)


def together(*marks: Mark, known: Graph = NO_GRAPH) -> list[tuple[int, ...]]:
    return [one.members for one in grouped(marks, known)]


SHOP = graph("web>cart", "cart>stock", "stock>db", "web>pay", "pay>bank", "mail>smtp")


def test_services_that_call_each_other_belong_together_over_any_number_of_calls() -> None:
    found = together(mark("db"), mark("stock", 60), mark("cart", 120), mark("web", 180), mark("smtp", 200), known=SHOP)

    assert found == [(0, 1, 2, 3), (4,)]


def test_services_with_a_silent_one_between_them_stay_apart() -> None:
    assert together(mark("web"), mark("stock", 1), known=SHOP) == [(0,), (1,)]


def test_what_comes_late_connects_what_came_before() -> None:
    assert together(mark("db"), mark("web", 10), mark("mail", 15), mark("cart", 20), mark("stock", 30), known=SHOP) == [
        (0, 1, 3, 4),
        (2,),
    ]


@pytest.mark.parametrize(("gap_s", "count"), [(WINDOW_S, 1), (WINDOW_S + 1, 2)])
def test_a_neighbour_belongs_only_as_long_as_the_time_is_near(gap_s: float, count: int) -> None:
    assert len(together(mark("db"), mark("stock", gap_s), known=SHOP)) == count


@pytest.mark.parametrize(("gap_s", "count"), [(SAME_SERVICE_S, 1), (SAME_SERVICE_S + 1, 2)])
def test_a_services_own_alerts_belong_together_for_longer(gap_s: float, count: int) -> None:
    assert len(together(mark("db"), mark("db", gap_s), known=SHOP)) == count


def test_each_alert_begins_the_time_anew() -> None:
    beats = [mark("db", at * WINDOW_S) for at in range(5)]

    assert len(together(*beats, mark("stock", 5 * WINDOW_S), known=SHOP)) == 1


def test_a_service_that_alerts_again_after_a_pause_is_connected_with_who_alerts_by_then() -> None:
    found = together(mark("db"), mark("stock", WINDOW_S + 1), mark("db", WINDOW_S + 2), known=SHOP)

    assert found == [(0, 1, 2)]


def test_without_a_topology_a_namespace_is_what_alerts_share() -> None:
    found = together(
        mark("a", cluster="eu", namespace="shop"),
        mark("b", 5, cluster="eu", namespace="shop"),
        mark("c", 6, cluster="us", namespace="shop"),
        mark("d", 7, cluster="eu", namespace="mail"),
    )

    assert found == [(0, 1), (2,), (3,)]


def test_alerts_that_share_no_place_at_all_stay_apart() -> None:
    assert len(together(mark(""), mark("", 1), mark("a", 2), mark("b", 3))) == 4


def test_from_the_fourth_service_on_what_tells_no_place_at_all_is_one_outage() -> None:
    four = [mark("a"), mark("b", 5), mark("c", 10), mark("d", 15)]

    assert len(together(*four[:3])) == 3
    assert together(*four, mark("e", 15 + WINDOW_S), mark("f", 16 + 2 * WINDOW_S)) == [(0, 1, 2, 3, 4), (5,)]


def test_a_crowd_takes_neither_who_is_elsewhere_nor_whom_the_topology_knows_nor_who_tells_no_service() -> None:
    crowd = [mark("a"), mark("b", 1), mark("c", 2), mark("d", 2)]
    others = [mark("e", 3, namespace="shop"), mark("smtp", 4), mark("web", 5), mark("", 6)]

    assert together(*crowd, *others, known=SHOP) == [(0, 1, 2, 3), (4,), (5,), (6,), (7,)]


def test_the_fourth_of_a_crowd_makes_one_incident_of_those_before() -> None:
    (whole,) = grouped([owned(FIRST, "a"), owned(FIRST, "a2", 1), owned(SECOND, "b", 5), mark("c", 10)])

    assert whole.owners == (FIRST, SECOND)


def test_services_that_the_topology_knows_are_not_joined_by_their_namespace() -> None:
    known = together(mark("web", namespace="shop"), mark("smtp", 1, namespace="shop"), known=SHOP)
    unknown = together(
        mark("web", namespace="shop"), mark("quota", 1, namespace="shop"), mark("smtp", 2, namespace="shop"), known=SHOP
    )

    assert (len(known), len(unknown)) == (2, 1)


def test_one_host_is_one_trouble() -> None:
    found = together(
        mark("a", host="node-1", namespace="shop"),
        mark("b", 1, host="node-1", namespace="mail"),
        mark("c", 2, host="node-2", namespace="docs"),
    )

    assert found == [(0, 1), (2,)]


def test_services_of_one_name_in_two_namespaces_are_two() -> None:
    apart = together(mark("api", cluster="eu", namespace="a"), mark("api", 1, cluster="eu", namespace="b"))
    same = together(mark("api", namespace="a"), mark("api", 1))

    assert (len(apart), len(same)) == (2, 1)


def test_the_same_alert_belongs_to_its_incident_whenever_it_comes() -> None:
    before = Mark(at_s=0, fingerprint="x", service="db", owner=FIRST)

    (found,) = grouped([before, Mark(at_s=86_400 * 9, fingerprint="x", service="db")])

    assert found.owners == (FIRST,)


def test_incidents_come_together_only_through_a_new_alert() -> None:
    apart = [owned(SECOND, "db"), owned(FIRST, "stock", 1), owned(FIRST, "web", 2)]

    assert [one.owners for one in grouped(apart, SHOP)] == [(SECOND,), (FIRST,)]
    strangers = graph("db>a", "stock>b", "web>c")
    assert [one.owners for one in grouped([*apart, mark("db", 3)], strangers)] == [(SECOND,), (FIRST,)]
    (whole,) = grouped([*apart, mark("db", 3, name="new")], SHOP)
    assert whole.owners == (SECOND, FIRST)


def test_an_incidents_alerts_belong_together_whatever_they_are() -> None:
    (one,) = grouped([owned(FIRST, "a"), owned(FIRST, "z", 10**6), mark("z", 10**6 + 1)])

    assert one.members == (0, 1, 2)


@given(st.permutations(range(8)), st.integers(0, 10**6))
def test_the_order_in_which_alerts_are_given_changes_nothing(order: list[int], seed: int) -> None:
    random = Random(seed)  # noqa: S311
    services = ["web", "cart", "stock", "db", "pay", "bank", "mail", "smtp"]
    marks = [mark(random.choice(services), random.randrange(4000), name=str(at)) for at in range(8)]

    plain = {frozenset(one.members) for one in grouped(marks, SHOP)}
    turned = {frozenset(order[at] for at in one.members) for one in grouped([marks[at] for at in order], SHOP)}

    assert turned == plain


@given(st.permutations(range(9)), st.integers(0, 10**6))
def test_the_order_in_which_a_crowd_is_given_changes_nothing(order: list[int], seed: int) -> None:
    random = Random(seed)  # noqa: S311
    marks = [mark(random.choice("abcde"), random.randrange(3000), name=str(at)) for at in range(9)]

    plain = {frozenset(one.members) for one in grouped(marks)}
    turned = {frozenset(order[at] for at in one.members) for one in grouped([marks[at] for at in order])}

    assert turned == plain


def outage(count: int) -> tuple[list[Mark], Graph]:
    """Alerts of 200 services around one hub, over five minutes."""
    random = Random(count)  # noqa: S311
    services = [f"s{at}" for at in range(200)]
    edges = [f"{one}>hub" for one in services] + [f"{one}>{random.choice(services)}" for one in services]
    marks = [mark(random.choice([*services, "hub"]), random.random() * 300, name=str(at)) for at in range(count)]
    return marks, graph(*edges)


def spent(count: int) -> float:
    marks, known = outage(count)
    begun = time.process_time()
    found = grouped([mark("hub", 0), *marks], known)
    assert len(found) == 1
    return time.process_time() - begun


def test_the_cost_grows_no_faster_than_the_number_of_alerts() -> None:
    spent(1000)
    small, large = min(spent(2000) for _ in range(3)), min(spent(32_000) for _ in range(3))

    assert large < 16 * 4 * max(small, 0.002)


def test_the_cost_of_a_crowd_grows_no_faster_than_the_number_of_alerts() -> None:
    random = Random(5)  # noqa: S311
    marks = [mark(f"s{random.randrange(200)}", random.random() * 300, name=str(at)) for at in range(32_000)]

    def took(count: int) -> float:
        begun = time.process_time()
        assert len(grouped(marks[:count])) == 1
        return time.process_time() - begun

    took(1000)
    assert min(took(32_000) for _ in range(3)) < 16 * 4 * max(min(took(2000) for _ in range(3)), 0.002)


FLEET = graph("eu-1/web>eu-1/cart", "us-1/web>us-1/cart", "eu-1/pay>us-1/bank")


def test_in_a_fleet_services_belong_together_as_they_call_each_other_in_their_own_cluster() -> None:
    found = together(
        mark("web", cluster="eu-1"),
        mark("cart", 10, cluster="eu-1/production"),
        mark("cart", 20, cluster="us-1"),
        mark("web", 30, cluster="us-1"),
        mark("cart", 40, cluster="eu-1"),
        known=FLEET,
    )

    assert found == [(0, 4), (1,), (2, 3)]


def test_a_call_into_another_cluster_connects_the_two() -> None:
    assert together(mark("bank", cluster="us-1/live"), mark("pay", 10, cluster="eu-1"), known=FLEET) == [(0, 1)]


def test_what_the_topology_of_the_fleet_knows_does_not_join_by_namespace() -> None:
    marks = [mark("web", cluster="eu-1", namespace="shop"), mark("pay", 10, cluster="eu-1", namespace="shop")]

    assert together(*marks, known=FLEET) == [(0,), (1,)]
    assert together(*marks) == [(0, 1)]


def test_an_alert_of_no_cluster_is_no_neighbour_in_one() -> None:
    assert together(mark("web"), mark("cart", 10, cluster="eu-1"), known=FLEET) == [(0,), (1,)]


def test_an_incident_of_a_watch_is_joined_by_its_neighbours_in_its_own_cluster() -> None:
    watched = Mark(at_s=0, fingerprint="w", service="eu-1/web", owner=FIRST, is_anywhere=True)

    assert together(watched, mark("cart", 10, cluster="eu-1"), known=FLEET) == [(0, 1)]
    assert together(watched, mark("cart", 10, cluster="us-1"), known=FLEET) == [(0,), (1,)]
