"""Where something began, from steps that were stored."""

from rootline.analysis.joining.beginnings import Beginning, beginnings
from rootline.analysis.topology import Graph
from rootline.domain.fact import SeriesFact
from rootline.domain.signal import Edge

GRAPH = Graph.of(
    Edge(caller=caller, callee=callee, found_in="declared")
    for caller, callee in (("web", "orders"), ("web", "search"), ("orders", "mail"), ("orders", "stock"))
)


def fact(service: str, metric: str, step: float, callee: str = "") -> SeriesFact:
    labels = {"callee": callee} if callee else {}
    return SeriesFact(
        subject=f"{service} {metric}{callee}",
        service=service,
        metric=metric,
        labels=labels,
        direction="flat",
        baseline=1.0,
        current=1.0,
        peak=1.0,
        step=step,
    )


def first(*facts: SeriesFact) -> Beginning:
    return max(beginnings(facts, GRAPH).values(), key=lambda one: one.score)


def quiet(service: str) -> SeriesFact:
    return fact(service, "cpu", 0.3)


def test_the_service_whose_own_numbers_step_for_the_worse_is_first() -> None:
    found = first(fact("stock", "cpu", 20), quiet("web"), quiet("orders"))

    assert (found.service, found.top) == ("stock", "stock cpu")


def test_a_step_for_the_better_says_little() -> None:
    better = beginnings([fact("stock", "latency_p95", -20)], GRAPH)["stock"]
    worse = beginnings([fact("stock", "latency_p95", 20)], GRAPH)["stock"]

    assert better.score < worse.score / 3


def test_a_falling_share_of_success_is_for_the_worse() -> None:
    fell = beginnings([fact("web", "success_rate", -20)], GRAPH)["web"]
    rose = beginnings([fact("web", "success_rate", 20)], GRAPH)["web"]

    assert fell.own > 3 * rose.own


def test_slow_calls_to_a_service_that_is_quick_itself_are_held_up_before_it() -> None:
    found = first(fact("orders", "client_latency", 30, "mail"), quiet("mail"), quiet("orders"), quiet("stock"))

    assert (found.service, round(found.reached, 2)) == ("mail", 0.86)


def test_slow_calls_to_a_service_that_is_slow_itself_are_its_own() -> None:
    found = beginnings([fact("orders", "client_latency", 30, "mail"), fact("mail", "latency_p50", 30)], GRAPH)["mail"]

    assert found.reached == 0
    assert found.own > 0.5


def test_a_service_that_stopped_calling_is_told_by_those_that_get_less_to_do() -> None:
    found = first(fact("mail", "requests", -20), fact("orders", "requests", -0.1), quiet("web"), quiet("stock"))

    assert (found.service, round(found.starved, 1)) == ("orders", 0.8)


def test_where_the_caller_got_less_to_do_too_it_did_not_stop_calling() -> None:
    found = beginnings([fact("mail", "requests", -20), fact("orders", "requests", -20)], GRAPH)["orders"]

    assert found.starved == 0


def test_what_begins_below_is_felt_above() -> None:
    found = beginnings([fact("mail", "latency_p95", 20), fact("orders", "latency_p95", 20)], GRAPH)

    assert found["mail"].score > found["orders"].score
    assert found["orders"].below == found["mail"].own


def test_the_numbers_of_the_machine_and_of_callees_are_not_a_services_own() -> None:
    assert beginnings([fact("mail", "node_cpu", 50), fact("mail", "client_latency", 50, "stock")], GRAPH) == {}


def test_series_without_a_step_say_nothing() -> None:
    assert beginnings([fact("mail", "cpu", 0.0)], GRAPH) == {}
