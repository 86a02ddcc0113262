"""What opens an incident whatever is usual: failures beyond any limit, traffic that stopped; and what is daily."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.detection.days import START

from rootline.analysis.detection.board import board
from rootline.analysis.detection.daily import as_the_day_before
from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Candidate, Decision, Ongoing, decide
from rootline.analysis.detection.limits import Limits
from rootline.analysis.detection.policy import Policy
from rootline.analysis.detection.replaying import replay, traffic_at
from rootline.analysis.detection.signals import Signal
from rootline.domain.signal import Floats, Series
from rootline.intake.watching.policy_files import SHIPPED, shipped_policy
from rootline.intake.watching.telling import rationale, severity, stored_of, title

POLICY = shipped_policy()
UNLIMITED = shipped_policy("2026-11-2")


def row(metric: str, values: Sequence[float] | Floats, unit: str, service: str = "web", first: int = 0) -> Series:
    """One sample a minute from a minute on."""
    samples = np.array(values, dtype=np.float64)
    times = START + 60.0 * np.arange(first, first + samples.size, dtype=np.float64)
    return Series(service=service, metric=metric, unit=unit, times=times, values=samples)


def calls(rate: Sequence[float] | Floats, **where: object) -> Series:
    return row("http_requests_per_second", rate, "1/s", **where)  # type: ignore[arg-type]


def failures(share: Sequence[float] | Floats, metric: str = "http_requests_error_ratio", unit: str = "ratio") -> Series:
    return row(metric, share, unit)


def noisy(level: float, count: int, seed: int = 1, spread: float = 0.05) -> Floats:
    return level * (1 + spread * np.random.default_rng(seed).standard_normal(count))


def decided(series: Sequence[Series], policy: Policy = POLICY) -> list[Decision]:
    return list(replay(board(series, least_step_s=60), policy).decisions)


def opened(series: Sequence[Series], policy: Policy = POLICY) -> list[tuple[str, int]]:
    """The rules of what opened, each with the minute."""
    found = [one for one in decided(series, policy) if one.action == "opened"]
    return [(one.candidate.rule, round((one.candidate.at - START) / 60)) for one in found]


@pytest.mark.promise("outage-needs-no-normal")
def test_a_service_that_fails_since_it_is_known_opens_an_incident_within_minutes() -> None:
    young = [calls(noisy(8, 12)), failures(noisy(0.4, 12))]

    (first, *rest) = decided(young)

    assert (first.action, first.candidate.rule, first.policy) == ("opened", "absolute", SHIPPED)
    assert round((first.candidate.at - START) / 60) == 1
    assert {one.reason for one in rest} == {"same_incident"}
    assert severity(first.candidate) == "high"
    assert title(first.candidate).endswith("limit 10 %")
    assert rationale(first).startswith("More fails than any service may, whatever is usual here: errors (")
    assert "the limit is 10 %" in rationale(first)
    assert opened(young, UNLIMITED) == []


def test_a_whole_day_of_failures_is_no_normal_state_either() -> None:
    assert opened([calls(noisy(8, 1440)), failures(noisy(0.4, 1440))])[0] == ("absolute", 1)


@pytest.mark.parametrize(
    ("metric", "unit", "share"),
    [
        ("http_requests_4xx_ratio", "ratio", 0.4),
        ("http_404_error_ratio", "ratio", 0.4),
        ("http_success_ratio", "ratio", 0.9),
        ("http_errors_per_second", "1/s", 3.0),
        ("http_requests_error_ratio", "ratio", 0.09),
        ("http_requests_error_percent", "percent", 9.0),
    ],
)
def test_what_clients_get_wrong_what_succeeds_and_a_few_failures_are_no_outage(
    metric: str, unit: str, share: float
) -> None:
    assert opened([calls(noisy(8, 200)), failures(noisy(share, 200, spread=0.01), metric, unit)]) == []


def test_percent_is_read_as_a_share() -> None:
    young = [calls(noisy(8, 12)), failures(noisy(40, 12), "http_requests_error_percent", "percent")]

    assert opened(young) == [("absolute", 1)]


def test_a_few_failing_requests_are_no_outage_however_large_their_share() -> None:
    few = [calls(np.full(60, 4 / 60)), failures(np.full(60, 0.5))]

    assert opened(few) == []


def test_failures_of_which_no_traffic_is_known_are_not_judged_by_their_share() -> None:
    assert opened([failures(noisy(0.4, 60))]) == []


def test_one_wild_minute_beyond_the_limit_is_none() -> None:
    share = np.full(40, 0.0)
    share[20] = 0.9

    assert opened([calls(noisy(8, 40)), failures(share)]) == []


def test_a_service_that_recovers_ends_its_incident_and_is_not_learned_as_failing() -> None:
    share = np.r_[noisy(0.4, 60), np.zeros(200)]
    series = [calls(noisy(8, 260)), failures(share)]

    done = replay(board(series, least_step_s=60), POLICY)

    assert {round((one.candidate.at - START) / 60) for one in done.decisions} <= set(range(1, 62))
    assert done.remembered.quiet > 190


def test_where_the_usual_rules_speak_they_do() -> None:
    share = np.r_[noisy(0.004, 300), noisy(0.4, 5)]

    assert opened([calls(noisy(8, 305)), failures(share)]) == [("user_facing", 301)]


@pytest.mark.promise("silence-of-traffic-is-noticed")
def test_traffic_that_stops_opens_an_incident_and_is_not_over_while_it_stays_away() -> None:
    rate = np.r_[noisy(8, 300), np.zeros(150)]
    days = [calls(rate)]

    done = replay(board(days, least_step_s=60), POLICY)

    (first, *_) = done.decisions
    assert (first.candidate.rule, first.action) == ("stopped", "opened")
    assert 301 <= round((first.candidate.at - START) / 60) <= 303
    assert rationale(first).startswith(
        "Traffic stopped: rate (http_requests_per_second, 5m) is 0 a second where it was 7."
    )
    assert severity(first.candidate) == "high"
    assert done.remembered.quiet == 0
    assert opened(days, UNLIMITED) == []


@pytest.mark.parametrize(
    "rate",
    [
        np.r_[noisy(8, 300), noisy(1.5, 60)],
        np.r_[noisy(0.2, 300), np.zeros(60)],
        np.tile(np.r_[noisy(8, 20), np.zeros(10)], 15),
        8 * np.exp(-np.arange(600) / 80),
        np.r_[noisy(8, 30), np.zeros(30)],
        np.r_[noisy(8, 300), 0.0, noisy(8, 30)],
    ],
    ids=["less than before", "a few requests", "on and off", "every evening", "hardly known", "one minute"],
)
def test_less_traffic_rare_traffic_and_traffic_that_comes_and_goes_are_no_outage(rate: Floats) -> None:
    assert [rule for rule, _ in opened([calls(rate)]) if rule == "stopped"] == []


def test_a_service_none_of_whose_targets_can_be_scraped_is_gone() -> None:
    gone = np.full(20, np.nan)
    up = row("up", np.r_[np.ones(300), np.zeros(20)], "")
    others = calls(noisy(8, 320), service="mail")
    series = [calls(np.r_[noisy(8, 300), gone]), up, others]

    found = [one for one in decided(series) if one.action == "opened"]

    assert [(one.candidate.service, one.candidate.rule) for one in found] == [("web", "stopped")]
    assert title(found[0].candidate) == "web: none of its targets can be scraped"
    assert "up is 0" in rationale(found[0])


def test_a_service_that_was_taken_away_with_its_targets_is_not_missed() -> None:
    up = row("up", np.ones(300), "")
    series = [calls(noisy(8, 300)), up, calls(noisy(8, 320), service="mail")]

    assert opened(series) == []


def test_a_replica_that_cannot_be_scraped_while_others_serve_is_no_outage() -> None:
    series = [calls(noisy(8, 320)), row("up", np.r_[np.ones(300), np.zeros(20)], "")]

    assert [rule for rule, _ in opened(series) if rule == "stopped"] == []


def test_a_new_service_that_is_well_opens_nothing() -> None:
    series = [calls(noisy(8, 400), service="mail"), calls(noisy(8, 30), first=370), failures(noisy(0.004, 30))]

    assert opened(series) == []


def test_how_often_a_duration_was_measured_is_traffic_and_how_long_it_took_is_not() -> None:
    surge = np.r_[noisy(8, 300), noisy(80, 20)]

    found = opened([row("http_request_duration_seconds_per_second", surge, "1/s")])

    assert found == []
    assert traffic_at(board([row("http_request_duration_seconds_per_second", surge, "1/s")]), 310)["web"] > 70


def test_a_policy_without_limits_looks_at_none() -> None:
    plain = POLICY.model_copy(update={"absolute": None, "stopped": None})
    whole = board([calls(np.r_[noisy(8, 200), np.zeros(20)]), failures(noisy(0.4, 220))], least_step_s=60)
    limits = Limits(board=whole, policy=plain)

    assert limits.at(219) == []
    assert not limits.worth_a_look().any()


def test_every_slot_beyond_a_limit_is_worth_a_look() -> None:
    rate, share = np.r_[noisy(8, 200), np.zeros(30)], np.r_[np.zeros(100), noisy(0.5, 20), np.zeros(110)]
    whole = board([calls(rate), failures(share)], least_step_s=60)
    limits = Limits(board=whole, policy=POLICY)

    beyond = [slot for slot in range(230) if limits.at(slot)]

    assert beyond
    assert limits.worth_a_look()[beyond].all()


def peak(yesterday: float, today: float, metric: str = "http_latency_p99", unit: str = "s") -> list[Series]:
    """A day and a little more, with a peak of 20 minutes an hour after its beginning and another one a day later."""
    values = noisy(0.1, 1520)
    values[60:80] = yesterday
    values[1500:1520] = today
    return [row(metric, values, unit)]


def marked(series: Sequence[Series], minute: int, **fields: object) -> bool:
    """Whether a feature of the last slot is daily, where the board ends with a minute."""
    cut = [replace(one, times=one.times[: minute + 1], values=one.values[: minute + 1]) for one in series]
    whole = board(cut, least_step_s=60)
    first = cut[0]
    observed = float(first.values[-1])
    plain = {"window": "5m", "signal": Signal(view="duration"), "expected": 0.1}
    told = {**plain, **fields}
    one = Feature(
        at=float(whole.times[-1]),
        service="web",
        metric=first.metric,
        unit=first.unit,
        observed=observed,
        deviation=observed - float(str(told["expected"])),
        score=9.0,
        kind="spike",
        **told,  # type: ignore[arg-type]
    )
    (found,) = as_the_day_before(whole, [one], POLICY)
    return found.is_daily


@pytest.mark.promise("nightly-peaks-page-nobody")
def test_what_the_day_before_had_as_much_of_at_this_hour_opens_nothing_and_is_kept_with_that_reason() -> None:
    assert marked(peak(0.5, 0.5), 1502)
    feature = _feature()

    (decision,), after = decide(START, [feature], Ongoing(), POLICY)

    assert (decision.action, decision.reason) == ("suppressed", "daily")
    assert "the day before had as much at this hour" in rationale(decision)
    assert after.opened_at is None


def _feature(**fields: object) -> Feature:
    plain = Feature(
        at=START,
        service="web",
        signal=Signal(view="duration"),
        window="5m",
        metric="http_latency_p99",
        unit="s",
        expected=0.1,
        observed=0.5,
        deviation=0.4,
        score=9.0,
        kind="spike",
        is_daily=True,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def test_a_peak_that_is_higher_than_the_day_before_or_was_not_there_then_is_news() -> None:
    assert not marked(peak(0.3, 0.5), 1502)
    assert not marked(peak(0.1, 0.5), 1502)


def test_a_peak_that_was_there_for_a_moment_yesterday_excuses_no_long_one() -> None:
    short = peak(0.1, 0.5)
    values = short[0].values.copy()
    values[60] = 0.5

    assert not marked([replace(short[0], values=values)], 1502)
    assert marked(peak(0.5, 0.5), 1512, window="30m")
    assert not marked(peak(0.5, 0.5), 1512, window="6h")


def test_failures_are_never_usual_however_regular() -> None:
    daily = peak(0.5, 0.5, "http_requests_error_ratio", "ratio")

    assert not marked(daily, 1502, signal=Signal(view="errors"))


def test_one_signal_that_is_news_beside_one_that_is_not_opens_an_incident() -> None:
    news = _feature(metric="http_latency_p50", is_daily=False)

    (decision,), _ = decide(START, [_feature(), news], Ongoing(), POLICY)

    assert decision.action == "opened"


def test_amounts_are_written_as_people_say_them() -> None:
    share = Decision(
        candidate=Candidate(
            at=START,
            service="web",
            rule="user_facing",
            features=(_feature(signal=Signal(view="errors"), unit="ratio", observed=0.155, expected=0.004, score=7.3),),
        ),
        action="opened",
        reason="",
        policy=SHIPPED,
    )

    assert rationale(share).startswith(
        "Users feel it: errors (http_latency_p99, 5m) is 15.5 % where 0.4 % is expected, 7.3 spreads above."
    )
    assert title(share.candidate) == "web: errors 15.5 %, expected 0.4 %"


def waiting(values: Sequence[float] | Floats, metric: str = "rabbitmq_queued_messages", unit: str = "") -> Series:
    return row(metric, values, unit, service="broker")


CALM = np.abs(noisy(2, 60, spread=0.5))
GROWING = np.r_[CALM, 120.0 * np.arange(1, 21)]


@pytest.mark.promise("piles-of-work-are-noticed")
def test_a_queue_that_nobody_empties_opens_an_incident_within_its_first_minutes() -> None:
    (first, *rest) = decided([waiting(GROWING)])

    assert (first.action, first.candidate.rule, severity(first.candidate)) == ("opened", "piling", "medium")
    assert 61 <= round((first.candidate.at - START) / 60) <= 62
    assert rationale(first).startswith("More and more waits and is not taken: saturation of queue (rabbitmq_queued_mes")
    assert title(first.candidate).startswith("broker: saturation of queue 240, before ")
    assert {one.reason for one in rest} == {"same_incident"}
    assert opened([waiting(GROWING)], shipped_policy("2026-11-4")) == []


def test_it_goes_on_while_the_work_still_waits_and_is_over_when_it_was_taken() -> None:
    stays = np.r_[GROWING, np.full(30, 2400.0)]
    taken = np.r_[stays, np.full(10, 2.0)]

    assert replay(board([waiting(stays)], least_step_s=60), POLICY).remembered.quiet == 0
    assert replay(board([waiting(taken)], least_step_s=60), POLICY).remembered.quiet > 7


@pytest.mark.parametrize(
    "calm",
    [
        waiting(np.r_[CALM, np.arange(1, 10), np.full(20, 9)]),
        waiting(np.r_[np.full(5, 1.0), GROWING[60:]]),
        waiting(np.r_[CALM, np.full(20, 500.0)]),
        waiting(np.r_[CALM, 500.0, CALM]),
        waiting(np.r_[40 + CALM, 40 + np.arange(20) * 5.0]),
        waiting(GROWING, "queue_free_slots_available"),
        waiting(GROWING, "orders_stored"),
        waiting(GROWING, "node_pending_bytes", "bytes"),
        waiting(GROWING / 100, "kafka_lag_seconds", "s"),
    ],
    ids=[
        *("a few", "hardly known", "at once and no more", "one minute", "not much more than usual"),
        *("room", "no queue", "bytes", "seconds"),
    ],
)
def test_what_comes_and_goes_is_little_or_is_no_queue_does_not_pile_up(calm: Series) -> None:
    assert [rule for rule, _ in opened([calm]) if rule == "piling"] == []


def test_a_batch_of_each_night_piles_up_in_the_first_one_alone() -> None:
    night = np.r_[np.full(600, 2.0), 50.0 * np.arange(1, 31), np.full(800, 2.0)]

    minutes = [minute for rule, minute in opened([waiting(np.tile(night, 2))]) if rule == "piling"]

    assert len(minutes) == 1
    assert minutes[0] < 700


def test_seconds_that_the_oldest_waits_pile_up_as_well() -> None:
    assert opened([waiting(GROWING, "kafka_lag_seconds", "s")]) == [("piling", 61)]


def test_what_piles_up_every_half_hour_is_news_once() -> None:
    batches = np.tile(np.r_[np.full(20, 2.0), 150.0 * np.arange(1, 11)], 4)

    assert [rule for rule, minute in opened([waiting(batches)]) if minute > 30] == []


def test_a_minute_without_a_sample_ends_no_pile() -> None:
    gap = GROWING.copy()
    gap[70] = np.nan

    assert replay(board([waiting(gap), calls(noisy(8, gap.size))], least_step_s=60), POLICY).remembered.quiet == 0


def test_a_queue_of_which_nothing_is_known_now_does_not_pile_up() -> None:
    away = np.r_[GROWING, np.full(10, np.nan)]

    assert replay(board([waiting(away), calls(noisy(8, away.size))], least_step_s=60), POLICY).remembered.quiet > 7


def test_of_several_metrics_beyond_a_limit_one_of_each_signal_is_stored() -> None:
    queues = [waiting(GROWING), waiting(GROWING / 2, "rabbitmq_unacknowledged_messages_pending")]
    failing = [calls(noisy(8, 80)), failures(np.r_[noisy(0.004, 60), noisy(0.4, 20)])]
    whole = board([*queues, *failing], least_step_s=60)
    features = Limits(board=whole, policy=POLICY).at(79)
    measured = replace(features[0], limit="", score=1.0)

    stored = stored_of([measured, *features])

    assert [(one.service, one.signal, one.window) for one in stored] == [
        *(("broker", "saturation of queue", "5m"), ("web", "errors", "5m")),
    ]
    assert [one.score for one in stored] == [
        max(one.score for one in features if one.service == service) for service in ("broker", "web")
    ]
    assert stored_of([features[0], features[0]]) == stored_of(features[:1])
