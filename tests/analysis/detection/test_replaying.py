import json
from importlib.resources import files

import numpy as np
import pytest
from tests.analysis.detection.days import DAY, START, changed, minutes, noisy, series, shop, shown

from rootline.analysis.detection.gating import Decision, Exempt
from rootline.analysis.detection.policy import Policy
from rootline.analysis.detection.replaying import replay
from rootline.domain.signal import Series

POLICY = Policy.model_validate(
    json.loads(files("rootline.intake.watching.policies").joinpath("2026-11-2.json").read_text())
)


def decided(found: list[Series], **exempt: Exempt) -> tuple[Decision, ...]:
    return replay(shown(found), POLICY, exempt=tuple(exempt.values())).decisions


def openings(found: list[Series]) -> list[tuple[int, str, str]]:
    """Minute, service and rule of what opened."""
    return [
        (round((one.candidate.at - START) / 60), one.candidate.service, one.candidate.rule)
        for one in decided(found)
        if one.action == "opened"
    ]


def test_a_quiet_day_opens_nothing() -> None:
    assert openings(shop(20)) == []


def test_a_slow_service_opens_one_incident_once_it_has_been_slow_for_two_minutes() -> None:
    slow = changed(shop(), "service-1", "http_latency_p99", slice(300, 310), 8)

    assert openings(slow) == [(301, "service-1", "user_facing")]


def test_one_slow_minute_opens_nothing() -> None:
    assert openings(changed(shop(), "service-1", "http_latency_p99", slice(300, 301), 50)) == []


def test_a_faster_service_opens_nothing() -> None:
    assert openings(changed(shop(), "service-1", "http_latency_p99", slice(300, 330), 0.05)) == []


@pytest.mark.parametrize(
    ("level", "unit", "opened"), [(0.001, "s", 0), (1.0, "ms", 0), (0.005, "s", 1), (5.0, "ms", 1)]
)
def test_a_delay_that_nobody_feels_opens_nothing(level: float, unit: str, opened: int) -> None:
    quick = [series("cache", "lookup_latency_p99", noisy(level, seed=3), unit=unit)]

    assert len(openings(changed(quick, "cache", "lookup_latency_p99", slice(300, 310), 8))) == opened


def test_a_strained_resource_alone_opens_nothing() -> None:
    assert openings(changed(shop(), "service-1", "cpu_usage_percent", slice(300, 310), 3)) == []


def test_two_strained_resources_of_one_service_open_an_incident() -> None:
    strained = changed(shop(), "service-1", "cpu_usage_percent", slice(300, 310), 3)
    strained = changed(strained, "service-1", "memory_usage_bytes", slice(300, 310), 2)

    assert openings(strained) == [(301, "service-1", "agreeing")]


def test_two_strained_resources_of_two_services_open_nothing() -> None:
    strained = changed(shop(), "service-1", "cpu_usage_percent", slice(300, 310), 3)
    strained = changed(strained, "service-2", "memory_usage_bytes", slice(300, 310), 2)

    assert openings(strained) == []


def test_an_outage_of_every_service_is_one_incident() -> None:
    found = shop(20)
    for at in range(20):
        found = changed(found, f"service-{at}", "http_latency_p99", slice(300, 320), 8)

    actions = [one.action for one in decided(found)]

    assert (actions.count("opened"), actions.count("joined")) == (1, 20 * 19 - 1)


def test_a_second_fault_after_the_first_is_over_opens_a_second_incident() -> None:
    twice = changed(shop(), "service-1", "http_latency_p99", slice(300, 304), 8)
    twice = changed(twice, "service-2", "http_latency_p99", slice(310, 314), 8)

    assert [minute for minute, _, _ in openings(twice)] == [301, 311]


def test_a_second_fault_within_the_cool_down_is_kept_and_told_why() -> None:
    twice = changed(shop(), "service-1", "http_latency_p99", slice(300, 302), 8)
    twice = changed(twice, "service-2", "http_latency_p99", slice(304, 306), 8)

    kept = [(one.candidate.service, one.action, one.reason) for one in decided(twice)]

    assert kept == [("service-1", "opened", ""), ("service-2", "suppressed", "cool_down")]


def test_a_service_under_maintenance_is_suppressed_and_hides_no_other() -> None:
    both = changed(shop(), "service-1", "http_latency_p99", slice(300, 303), 8)
    both = changed(both, "service-2", "http_latency_p99", slice(300, 303), 8)
    period = Exempt(service="service-1", start=START + 280 * 60, end=START + 320 * 60, reason="a new database")

    kept = {(one.candidate.service, one.action, one.reason) for one in decided(both, maintenance=period)}

    assert kept == {
        ("service-1", "suppressed", "maintenance"),
        ("service-2", "opened", ""),
        ("service-2", "joined", "same_incident"),
    }


def test_what_a_single_request_says_is_suppressed() -> None:
    found = changed(shop(), "service-1", "http_latency_p99", slice(300, 303), 8)
    idle = changed(found, "service-1", "http_requests_per_second", slice(0, DAY), 0.0005)

    kept = {(one.action, one.reason) for one in decided(idle)}

    assert kept == {("suppressed", "little_traffic")}


def test_a_day_full_of_faults_does_not_teach_that_faults_are_normal() -> None:
    found = shop(12)
    starts = list(range(20, DAY - 10, 12))
    for at, minute in enumerate(starts):
        found = changed(found, f"service-{at % 12}", "http_latency_p99", slice(minute, minute + 4), 8)

    minutes_opened = [minute for minute, _, _ in openings(found)]

    assert minutes_opened == [minute + 1 for minute in starts]


def test_a_slow_creep_is_seen_in_a_long_window_though_no_minute_stands_out() -> None:
    wild = np.random.default_rng(5).standard_normal(10 * DAY)
    values = 0.1 * np.exp(0.6 * wild)
    values[10 * DAY - 90 :] *= 3.2
    found = [series("till", "http_latency_p99", values, unit="s")]

    opened = [one.candidate for one in decided(found) if one.action == "opened"]

    assert [(one.rule, one.features[0].window) for one in opened] == [("creeping", "6h")]


def walked(seed: int, *, overlapping: int) -> list[Series]:
    """A duration that moves by chance, each sample the mean of so many shocks, which neighbours share."""
    shocks = np.random.default_rng(seed).standard_normal(2 * DAY + overlapping - 1)
    means = np.convolve(shocks, np.ones(overlapping), "valid") * overlapping**-0.5
    return [series(f"service-{seed}", "http_latency_p99", 0.1 * np.exp(0.3 * means), unit="s")]


def test_samples_of_overlapping_rates_open_hardly_more_than_independent_ones() -> None:
    overlapping = [one for seed in range(30) for one in walked(seed, overlapping=4)]
    independent = [one for seed in range(30) for one in walked(seed, overlapping=1)]

    assert (len(openings(overlapping)), len(openings(independent))) == (1, 0)


def test_a_gap_is_no_deviation_and_joins_none() -> None:
    slow = changed(shop(), "service-1", "http_latency_p99", slice(300, 303), 8)
    slow = changed(slow, "service-1", "http_latency_p99", slice(301, 302), float("nan"))

    assert openings(slow) == []


def test_a_machines_own_metric_is_nobodys_incident() -> None:
    found = [*shop(), series("service-1", "node_load_latency_seconds", noisy(0.1, seed=1), unit="s")]

    assert openings(changed(found, "service-1", "node_load_latency_seconds", slice(300, 310), 20)) == []


def test_a_slow_call_is_the_called_services_candidate() -> None:
    calls = series("web", "client_latency_p50", noisy(0.05, seed=3), unit="s", labels={"callee": "cart"})

    slow = changed([*shop(), calls], "web", "client_latency_p50", slice(300, 310), 9)

    assert openings(slow) == [(301, "cart", "user_facing")]


def test_a_falling_share_of_success_hurts() -> None:
    success = series("web", "success_percent", np.full(DAY, 100.0), unit="percent")

    assert openings(changed([success], "web", "success_percent", slice(300, 305), 0.6)) == [(301, "web", "user_facing")]


@pytest.mark.parametrize("count", [0, 1, 2, 29])
def test_a_history_that_is_too_short_decides_nothing(count: int) -> None:
    assert decided([series("web", "http_latency_p99", noisy(0.1, seed=1, count=count), unit="s")]) == ()


def test_nothing_watched_decides_nothing() -> None:
    assert decided([]) == ()


def test_samples_a_second_apart_share_a_slot() -> None:
    early = changed(shop(1), "service-0", "cpu_usage_percent", slice(300, 310), 3)
    late = Series(
        service="service-0",
        metric="http_latency_p95",
        unit="s",
        times=minutes() + np.tile([0.0, 1.0, -1.0], DAY // 3),
        values=np.where((minutes() >= START + 300 * 60) & (minutes() < START + 310 * 60), 1.0, 0.1),
    )

    slots = shown([*early, late])

    assert slots.times.size == DAY
    assert [minute for minute, _, _ in openings([*early, late])] == [301]


def test_the_same_day_is_decided_alike_twice() -> None:
    slow = changed(shop(), "service-1", "http_latency_p99", slice(300, 310), 8)

    assert decided(slow) == decided(slow)
