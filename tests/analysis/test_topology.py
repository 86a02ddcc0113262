import itertools

from rootline.analysis.topology import (
    Graph,
    blast_radius,
    downstream,
)
from rootline.domain.signal import Edge


def graph(*pairs: str) -> Graph:
    return Graph.of(
        Edge(caller=caller, callee=callee, found_in="traces") for caller, callee in (pair.split(">") for pair in pairs)
    )


SHOP = graph("web>cart", "web>search", "cart>stock", "checkout>stock", "stock>db", "search>index")


def test_a_failure_reaches_every_caller_with_its_distance() -> None:
    assert blast_radius(SHOP, "db") == {"stock": 1, "cart": 2, "checkout": 2, "web": 3}


def test_whatever_a_service_needs_could_explain_it() -> None:
    assert downstream(SHOP, "web") == {"cart": 1, "search": 1, "index": 2, "stock": 2, "db": 3}


def test_neighbours_are_direct_and_in_alphabetical_order() -> None:
    assert (SHOP.callers("stock"), SHOP.callees("web")) == (("cart", "checkout"), ("cart", "search"))


def test_an_unknown_service_has_no_neighbours_and_no_victims() -> None:
    assert (SHOP.callers("ghost"), blast_radius(SHOP, "ghost")) == ((), {})


def test_a_cycle_ends_and_does_not_name_the_service_itself() -> None:
    ring = graph("a>b", "b>c", "c>a", "a>a")

    assert blast_radius(ring, "a") == {"c": 1, "b": 2}


def test_a_chain_of_two_thousand_services_is_walked_whole() -> None:
    chain = graph(*(f"s{left:04}>s{right:04}" for left, right in itertools.pairwise(range(2000))))

    assert blast_radius(chain, "s1999")["s0000"] == 1999
