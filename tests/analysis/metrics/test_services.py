from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.metrics.finding import Direction, Kind, MetricFinding
from rootline.analysis.metrics.harm import harm, has_room, hurts, is_alarmed, is_down, is_own
from rootline.analysis.metrics.impacts import Impact, duration_impact, error_impact
from rootline.analysis.metrics.services import BLAMED, rank_services
from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def finding(service: str, metric: str, baseline: float, current: float, *, minute: int = 0) -> MetricFinding:
    effect = (current - baseline) / (0.05 * max(abs(baseline), 0.01))
    changed = abs(effect) > 5
    direction: Direction = "flat" if not changed else "up" if effect > 0 else "down"
    kind: Kind = "none" if not changed else "spike" if effect > 0 else "drop"
    return MetricFinding(
        service=service,
        metric=metric,
        direction=direction,
        kind=kind,
        baseline=baseline,
        spread=0.05 * max(abs(baseline), 0.01),
        current=current,
        peak=current,
        onset=NOON + timedelta(minutes=minute) if changed else None,
        ended=None,
        effect=effect,
        ratio=None,
        score=abs(effect) / (abs(effect) + 10),
        significance=abs(effect),
        points=10,
        gaps=0.0,
    )


def graph(*calls: str) -> Graph:
    return Graph.of(Edge(caller=call[0], callee=call[1], found_in="declared") for call in (c.split(">") for c in calls))


def slow(service: str, baseline: float, current: float, requests: float = 100) -> Sequence[MetricFinding]:
    return [
        finding(service, "request_latency_seconds", baseline, current),
        finding(service, "requests", requests, requests),
    ]


def test_a_slow_callee_is_blamed_before_the_callers_it_slows() -> None:
    findings = [*slow("web", 0.2, 0.7), *slow("cart", 0.1, 0.6), *slow("db", 0.01, 0.51), *slow("mail", 0.1, 0.1)]

    ranked = rank_services(findings, graph("web>cart", "cart>db", "web>mail"))

    assert ranked[0].service == "db"
    assert ranked[0].score > BLAMED
    assert [entry.service for entry in ranked if entry.score > BLAMED] == ["db"]
    assert {entry.service: entry.explained for entry in ranked}["web"] == pytest.approx(1.0)


def test_a_caller_that_slows_by_itself_keeps_the_blame() -> None:
    findings = [*slow("web", 0.2, 0.9), *slow("cart", 0.1, 0.1), *slow("db", 0.01, 0.0101)]

    ranked = rank_services(findings, graph("web>cart", "cart>db"))

    assert ranked[0].service == "web"


def test_a_rarely_called_service_weighs_what_its_calls_weigh() -> None:
    findings = [*slow("pay", 0.2, 0.5, requests=150), *slow("cron", 0.5, 3.0, requests=2)]

    ranked = rank_services(findings, graph("web>pay", "web>cron"))

    assert [entry.service for entry in ranked] == ["pay", "cron"]


def test_failures_are_followed_to_the_service_that_fails() -> None:
    findings = [
        finding("web", "availability", 100, 97),
        finding("web", "requests", 700, 700),
        finding("pay", "availability", 100, 80),
        finding("pay", "requests", 100, 100),
    ]

    ranked = rank_services(findings, graph("web>pay"), symptom="errors")

    assert ranked[0].service == "pay"
    assert ranked[0].failures > 0.3
    assert ranked[1].failures == 0


def test_a_full_processor_speaks_for_itself() -> None:
    findings = [finding("ads", "cpu_usage_percent", 10, 95), finding("web", "cpu_usage_percent", 10, 10.1)]

    ranked = rank_services(findings)

    assert (ranked[0].service, ranked[0].top and ranked[0].top.metric) == ("ads", "cpu_usage_percent")
    assert ranked[1].score < BLAMED


def test_the_first_to_change_comes_before_its_equal() -> None:
    early, late = finding("b", "queue_depth", 1, 50), finding("a", "queue_depth", 1, 50, minute=9)

    ranked = rank_services([late, early])

    assert [entry.service for entry in ranked] == ["b", "a"]
    assert ranked[0].onset == NOON


def test_quiet_services_are_not_worth_blaming() -> None:
    findings = [finding(name, metric, 5, 5.05) for name in "abc" for metric in ("latency", "errors", "cpu_usage")]

    ranked = rank_services(findings, graph("a>b"))

    assert [entry.service for entry in ranked] == ["a", "b", "c"]
    assert all(entry.score < BLAMED for entry in ranked)


def test_no_findings_rank_nothing() -> None:
    assert rank_services([]) == []


def test_the_order_of_the_findings_changes_nothing() -> None:
    findings = [*slow("web", 0.2, 0.7), *slow("cart", 0.1, 0.6), *slow("db", 0.01, 0.51)]

    assert rank_services(findings) == rank_services(findings[::-1])


def test_milliseconds_and_seconds_cost_the_same() -> None:
    in_seconds = slow("a", 0.1, 0.3)
    in_milliseconds = [replace(f, unit="ms") for f in slow("a", 100, 300)]

    assert duration_impact(in_seconds).amount == pytest.approx(20.0)
    assert duration_impact([in_milliseconds[0], in_seconds[1]]).amount == pytest.approx(20.0)


def test_the_mean_speaks_before_the_percentiles() -> None:
    mean = finding("a", "latency_seconds", 0.1, 0.2)
    tail = finding("a", "latency_p99_seconds", 1.0, 9.0)

    assert duration_impact([mean, tail]).amount == pytest.approx(0.1)
    assert duration_impact([tail]).amount == pytest.approx(8.0)


def test_latency_of_the_calls_a_service_makes_is_not_its_own() -> None:
    assert duration_impact([finding("a", "client_latency_seconds", 0.1, 0.9)]) == Impact()
    assert not is_own("PodClientLatencyP90(s)")
    assert is_own("PodServerLatencyP90(s)")


def test_an_error_count_is_an_impact_without_traffic() -> None:
    assert error_impact([finding("a", "request_errors", 0, 30)]).amount == pytest.approx(30)


@pytest.mark.parametrize(
    ("metric", "baseline", "current", "worse"),
    [
        ("error_rate", 1, 9, True),
        ("error_rate", 9, 1, False),
        ("availability", 100, 50, True),
        ("available_replicas", 3, 0, True),
        ("memory_usage_bytes", 100, 10, False),
        ("requests", 100, 10, True),
        ("latency", 5, 5.01, False),
    ],
)
def test_a_change_for_the_worse_depends_on_the_metric(
    metric: str, baseline: float, current: float, worse: bool
) -> None:
    found = finding("a", metric, baseline, current)

    assert hurts(found) is worse
    assert (harm(found) > 0.1) is worse


def test_what_is_down_is_blamed_however_short_it_is() -> None:
    gone = replace(finding("cache", "redis_up", 1, 0), effect=-5.0, score=0.3)
    loud = replace(finding("shop", "request_errors_ratio", 0, 0.9), score=0.6)

    ranked = rank_services([gone, loud, *slow("web", 0.1, 0.1)])

    assert is_down(gone)
    assert {one.service for one in ranked if one.score > BLAMED} == {"cache", "shop"}
    assert ranked[0].service == "cache"


@pytest.mark.parametrize(
    "change",
    [{"ended": NOON}, {"direction": "up"}, {"current": 1.0}, {"metric": "uptime"}, {"metric": "scale_up_total"}],
)
def test_what_is_back_or_is_called_otherwise_is_not_down(change: dict[str, object]) -> None:
    assert not is_down(replace(finding("cache", "up", 1, 0), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "unit", "reached", "room"),
    [
        ("pg_connections_utilisation", "ratio", 0.5, True),
        ("pg_connections_utilisation", "ratio", 0.95, False),
        ("pg_connections_utilisation", "", 0.5, False),
        ("request_errors_ratio", "ratio", 0.5, False),
    ],
)
def test_a_share_of_a_whole_harms_little_while_enough_is_left(
    metric: str, unit: str, reached: float, room: bool
) -> None:
    found = replace(finding("db", metric, 0.1, reached), unit=unit)

    assert has_room(metric, unit, reached) is room
    assert (harm(found) < 0.15) is room


def test_failures_of_what_lies_behind_a_proxy_are_not_its_own() -> None:
    behind = finding("proxy", "haproxy_upstream_error_ratio", 0, 1)
    own = finding("cache", "redis_errors_per_second", 0, 3)

    assert error_impact([behind]) == Impact()
    assert [one.service for one in rank_services([behind, own]) if one.score > BLAMED] == ["cache"]


@pytest.mark.parametrize(
    ("metric", "before", "now", "alarmed"),
    [
        ("rabbitmq_publishers_blocked_by_disk_alarm", 0, 1, True),
        ("rabbitmq_publishers_blocked_by_disk_alarm", 1, 0, False),
        ("rabbitmq_publishers_blocked_by_disk_alarm", 0, 0.5, False),
        ("rabbitmq_publishers_blocked", 0, 1, False),
    ],
)
def test_an_alarm_that_something_raises_itself_is_as_plain_as_not_being_up(
    metric: str, before: float, now: float, alarmed: bool
) -> None:
    faint = replace(finding("bus", metric, before, now), score=0.3)

    assert is_alarmed(faint) is alarmed
    assert (harm(faint) > 0.5) is alarmed


def test_an_alarm_that_is_over_is_none() -> None:
    assert not is_alarmed(replace(finding("bus", "disk_alarm", 0, 1), ended=NOON))


def test_what_was_down_and_is_up_again_fails_nothing_more() -> None:
    gone = finding("bus", "up", 1, 0)

    assert error_impact([replace(gone, ended=NOON)]) == Impact()
    assert error_impact([gone]).amount == 1


@pytest.mark.parametrize(("left", "blamed"), [(0.0, True), (0.5, True), (0.99, False)])
def test_a_service_of_which_a_part_is_down_is_blamed_by_how_large_that_is(left: float, *, blamed: bool) -> None:
    (one,) = rank_services([finding("web", "up", 1, left)])

    assert (one.score >= BLAMED) is blamed
    assert one.score <= rank_services([finding("web", "up", 1, 0)])[0].score


def test_a_part_that_came_back_is_no_trouble() -> None:
    back = replace(finding("web", "up", 1, 0.5), ended=NOON)

    assert rank_services([back])[0].strain == 0


def test_what_answers_no_probe_is_told_but_after_what_stands_behind_it() -> None:
    probed, behind = finding("probe:shop:443", "probe_success", 1, 0), finding("shop", "up", 1, 0)
    slower = finding("probe:shop:443", "probe_duration_seconds", 0.1, 3)

    assert [one.service for one in rank_services([probed, behind])] == ["shop", "probe:shop:443"]
    assert rank_services([probed])[0].score >= BLAMED > rank_services([slower])[0].score
    assert rank_services([replace(probed, ended=NOON)])[0].score < BLAMED


@pytest.mark.parametrize(("worse", "told"), [(0.85, "machine_filesystem_utilisation"), (0.99, "request_errors")])
def test_of_what_was_over_and_what_goes_on_the_latter_tells_most_unless_the_former_was_far_worse(
    worse: float, told: str
) -> None:
    past = replace(finding("m1", "request_errors", 0, 9), ended=NOON, score=worse)
    present = replace(finding("m1", "machine_filesystem_utilisation", 0.2, 0.99), score=0.8)

    (one,) = rank_services([past, present])

    assert one.top is not None
    assert one.top.metric == told
