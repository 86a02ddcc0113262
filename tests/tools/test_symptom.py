"""What a change would have to explain keeps the names that point into code, and nothing that users wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.fakes.scene import scene_of

from rootline.changes.outside.demand import SURGE_RATIO, SWELL_RATIO
from rootline.changes.symptom import Symptom
from rootline.domain.signal import Alert, Edge, LogLine, Series, Span, SpanStatus
from rootline.domain.window import Window
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.logs.source import RecordedLogs
from rootline.sources.metrics.source import RecordedMetrics
from rootline.sources.topology import RecordedTopology
from rootline.sources.traces.source import RecordedTraces
from rootline.tools.symptom import symptom_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))
ALERT = Alert(name="errors", service="billing", severity="high", fired_at=NOON)
TRACE = (
    "Traceback (most recent call last):",
    '  File "/srv/billing/charge.py", line 12, in add',
    "    price = prices[sku]",
    "KeyError: 'sku-991'",
)


def line(text: str, at_s: float = 60) -> LogLine:
    return LogLine(at=NOON + timedelta(seconds=at_s), service="billing", text=text, severity="ERROR")


async def read_from(sources: Sources) -> Symptom:
    scene = scene_of(sources, HOUR)
    return await symptom_of(scene, HOUR, "billing")


async def symptom(*lines: LogLine) -> Symptom:
    return await read_from(Sources(logs=RecordedLogs(lines, ()), alerts=RecordedAlerts([ALERT])))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ImportError: cannot import name 'Pool' from 'httpcore'", "httpcore"),
        ("Error: Cannot find module '@shop/rates'", "@shop/rates"),
        ("AttributeError: 'Order' object has no attribute 'grand_total'", "grand_total"),
        ('ERROR: column "region" of relation "invoices" does not exist', "region"),
    ],
)
async def test_the_name_of_code_that_is_missing_is_kept(text: str, name: str) -> None:
    found = await symptom(line(text))

    assert any(name in said.split() for said in found.texts)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "text",
    [
        "coupon 'raise_batch_limit' is not valid",
        "KeyError: 'raise_batch_limit'",
        '10.0.0.1 - - "GET /x HTTP/1.1" 500 12 "-" "import raise_batch_limit module" \'raise_batch_limit\'',
    ],
)
async def test_what_may_be_data_or_was_written_by_users_is_not(text: str) -> None:
    found = await symptom(line(text))

    assert not any("raise_batch_limit" in said for said in found.texts)


@pytest.mark.anyio
async def test_a_trace_that_comes_line_by_line_still_names_its_place() -> None:
    found = await symptom(*(line(row, 60 + at / 1000) for at, row in enumerate(TRACE)))

    assert any("srv/billing/charge.py:12" in said for said in found.texts)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "text",
    [
        "failed GET /search?q=raise_batch_limit from billing",
        "request failed user_agent=raise_batch_limit/1.0 (certificate expired)",
        "call to https://api.example.org/raise_batch_limit?x=1 failed: certificate",
        '10.0.0.1 - - "POST /raise_batch_limit HTTP/1.1" 500 7 "https://certificate.expired/" "certificate expired"',
        "payload: {certificate expired raise_batch_limit} was refused",
        'rejected comment "certificate expired in raise_batch_limit"',
        "could not save 'certificate expired in raise_batch_limit'",
    ],
)
async def test_a_client_cannot_write_a_symptom(text: str) -> None:
    found = await symptom(line(text))

    assert not any("raise_batch_limit" in said or "certificate expired" in said for said in found.texts)


@pytest.mark.anyio
async def test_what_a_program_says_around_a_quotation_is_kept() -> None:
    found = await symptom(line("cannot reach the ledger for GET /search?q=anything"))

    assert "cannot reach the ledger for" in found.texts


@pytest.mark.anyio
@pytest.mark.parametrize(
    "text",
    [
        'cannot connect: "certificate has expired"',
        'cannot connect err: "certificate has expired" to bank',
        "it can't be",
    ],
)
async def test_an_error_in_quotes_behind_its_name_is_the_programs_own(text: str) -> None:
    found = await symptom(line(text))

    assert any("certificate has expired" in said or "can't be" in said for said in found.texts)


@pytest.mark.anyio
async def test_a_place_in_a_message_counts_less_than_the_frames_of_its_trace() -> None:
    rows = ("ValueError: no such sku shop/ledger.py:7", "    at Object.add (/srv/billing/cart.js:12:3)")

    found = await symptom(*(line(row, 60 + at / 1000) for at, row in enumerate(rows)))

    assert any("srv/billing/cart.js:12" in said for said in found.texts)
    assert not any("shop/ledger.py:7" in said for said in found.texts)


@pytest.mark.anyio
async def test_a_new_error_dates_the_failure_to_the_second() -> None:
    lines = [line("charge refused by ledger", at) for at in (40, 41, 42)]

    assert (await symptom(*lines)).failing_at == NOON + timedelta(seconds=40)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "times", [(40,), (-1500, 40, 41, 42), (900, 901, 902)], ids=["once", "also long before", "long after"]
)
async def test_errors_that_are_single_old_or_late_date_nothing(times: tuple[float, ...]) -> None:
    assert (await symptom(*(line("charge refused by ledger", at) for at in times))).failing_at is None


def stepped(metric: str, service: str = "billing", *, slowly: bool = False) -> Series:
    """A number that is fivefold from noon on, or grows to that all through the hour."""
    times = HOUR.start.timestamp() + 60.0 * np.arange(60, dtype=np.float64)
    noise = np.random.default_rng(1).normal(1.0, 0.01, 60)
    level = np.linspace(1, 5, 60) if slowly else np.where(np.arange(60) < 30, 1.0, 5.0)
    return Series(service=service, metric=metric, times=times, values=100 * level * noise)


async def traffic(*series: Series) -> float | None:
    sources = Sources(metrics=RecordedMetrics(series), alerts=RecordedAlerts([ALERT]))
    return (await read_from(sources)).traffic_ratio


@pytest.mark.anyio
async def test_requests_that_jump_are_traffic() -> None:
    assert (await traffic(stepped("requests_per_sec")) or 0) > 4


@pytest.mark.anyio
@pytest.mark.parametrize(
    "metric",
    ["servfail_per_min", "http_401_per_min", "event_listeners_per_min", "db_queries_per_sec", "reconnects_per_min"],
)
async def test_what_fails_is_kept_or_goes_out_is_no_traffic(metric: str) -> None:
    assert await traffic(stepped(metric)) is None


@pytest.mark.anyio
async def test_what_grows_little_by_little_is_no_surge() -> None:
    found = await traffic(stepped("requests_per_sec", slowly=True))

    assert found is None or found < SWELL_RATIO


def leaning(lasts: int) -> Series:
    """Requests each second that rise evenly to the sixfold in the last seconds of the hour, as a rate shows a step."""
    times = HOUR.start.timestamp() + 1.0 * np.arange(3600, dtype=np.float64)
    noise = np.random.default_rng(2).normal(1.0, 0.01, 3600)
    level = np.concatenate([np.ones(3600 - lasts), np.linspace(1, 6, lasts)])
    return Series(service="billing", metric="requests_per_sec", times=times, values=100 * level * noise)


@pytest.mark.anyio
@pytest.mark.parametrize("lasts", [15, 60, 200])
async def test_a_surge_that_has_just_begun_is_one_though_a_rate_makes_a_slope_of_it(lasts: int) -> None:
    assert (await traffic(leaning(lasts)) or 0) >= SURGE_RATIO


@pytest.mark.anyio
async def test_a_slope_that_goes_on_for_twenty_minutes_is_none() -> None:
    found = await traffic(leaning(1200))

    assert found is None or found < SWELL_RATIO


async def dated(threshold: float, observed: float, *lines: LogLine) -> datetime | None:
    """When trouble began, by an alert on requests that fires four minutes after their rate has grown fivefold."""
    alert = replace(
        ALERT,
        fired_at=NOON + timedelta(minutes=4),
        metric="requests_total",
        threshold=threshold,
        observed=observed,
    )
    sources = Sources(
        metrics=RecordedMetrics([stepped("requests_per_second")]),
        logs=RecordedLogs(lines, ()),
        alerts=RecordedAlerts([alert]),
    )
    return (await read_from(sources)).onset


@pytest.mark.anyio
async def test_an_alert_on_the_rate_of_requests_is_dated_by_it() -> None:
    assert await dated(300, 500) == NOON


@pytest.mark.anyio
async def test_an_alert_on_a_share_of_the_requests_is_dated_by_the_first_of_the_new_errors() -> None:
    errors = [line("charge refused by ledger", 150 + second) for second in range(4)]

    assert await dated(0.2, 1, *errors) == NOON + timedelta(seconds=150)


@pytest.mark.anyio
@pytest.mark.parametrize("at_s", [-1500, 300], ids=["an old error", "an error after the alert"])
async def test_an_alert_on_a_share_without_new_errors_before_it_is_dated_by_itself(at_s: float) -> None:
    errors = [line("charge refused by ledger", at_s + second) for second in range(4)]

    assert await dated(0.2, 1, *errors) == NOON + timedelta(minutes=4)


@pytest.mark.anyio
async def test_what_stands_for_a_secret_is_no_word_of_the_symptom() -> None:
    found = await symptom(*(line(f"no connection after 5s with «redacted:jwt:0a1b2c{at}d»", at) for at in range(9)))

    assert any(text.startswith("no connection after") for text in found.texts)
    assert not any("redacted" in text for text in found.texts)


def said(service: str, text: str, at_s: float) -> LogLine:
    return LogLine(at=NOON + timedelta(seconds=at_s), service=service, text=text, severity="ERROR")


CHATTER = tuple(
    LogLine(at=NOON + timedelta(seconds=at), service="desk", text="sold", severity="INFO") for at in range(-90, 90, 2)
)
LATER = replace(ALERT, service="desk", fired_at=NOON + timedelta(seconds=4))


@pytest.mark.anyio
async def test_where_the_alerted_service_says_nothing_those_that_alert_with_it_date_the_trouble() -> None:
    errors = [said("desk", "no such route", -20 + second) for second in range(9)]
    sources = Sources(logs=RecordedLogs((*CHATTER, *errors), ()), alerts=RecordedAlerts([ALERT, LATER]))

    assert (await read_from(sources)).onset == NOON - timedelta(seconds=20)


@pytest.mark.anyio
async def test_an_error_of_others_that_may_have_been_there_all_along_dates_nothing() -> None:
    errors = [said("desk", "no such route", -88 + 30 * second) for second in range(4)]
    sources = Sources(logs=RecordedLogs((*CHATTER, *errors), ()), alerts=RecordedAlerts([ALERT, LATER]))

    assert (await read_from(sources)).onset == NOON


@pytest.mark.anyio
async def test_an_error_of_the_service_itself_goes_before_those_of_others() -> None:
    own = [said("billing", "cannot charge", -10 + second) for second in range(5)]
    others = [said("desk", "no such route", -40 + second) for second in range(9)]
    sources = Sources(logs=RecordedLogs((*CHATTER, *own, *others), ()), alerts=RecordedAlerts([ALERT, LATER]))

    assert (await read_from(sources)).onset == NOON - timedelta(seconds=10)


async def moved(metric: str, before: float, after: float, noise: float) -> Symptom:
    """A number with now and then a burst, which is another one in the last quarter of an hour."""
    times = HOUR.start.timestamp() + 60.0 * np.arange(60, dtype=np.float64)
    level = np.where(np.arange(60) < 45, before, after)
    burst = np.where(np.arange(60) % 9 == 3, noise, 0.0) * (np.arange(60) < 45)
    one = Series(service="billing", metric=metric, times=times, values=level + burst)
    return await read_from(Sources(metrics=RecordedMetrics([one]), alerts=RecordedAlerts([ALERT])))


@pytest.mark.anyio
async def test_room_that_is_all_but_gone_is_told_however_it_went_before() -> None:
    metric = "volume_available_bytes"

    assert f"{metric} of billing" in (await moved(metric, 6e7, 0.0, -3e7)).falling


async def traced(*spans: Span) -> Symptom:
    return await read_from(Sources(traces=RecordedTraces(spans), alerts=RecordedAlerts([ALERT])))


def call(trace: str, service: str, at_s: float, *, error: str = "", peer: str = "") -> Span:
    status: SpanStatus = "error" if error else "ok"
    start = NOON + timedelta(seconds=at_s)
    told = {"peer.service": peer} if peer else {}
    return Span(
        trace_id=trace,
        span_id=trace + service,
        parent_id=None,
        service=service,
        operation="POST /x",
        start=start,
        duration_s=0.1,
        status=status,
        error=error,
        attributes=told,
    )


@pytest.mark.anyio
async def test_how_what_fails_now_was_served_before_is_told_by_traces() -> None:
    good = [call(f"g{at}", "billing", at) for at in range(-30, 0)]
    bad = [call(f"b{at}", "billing", at, error="boom") for at in range(1, 6)]

    served = (await traced(*good, *bad)).served

    assert served is not None
    assert (served.operation, served.share, len(served.well)) == ("POST /x", 1.0, 30)


@pytest.mark.anyio
async def test_a_single_failure_tells_nothing_of_what_was_served() -> None:
    good = [call(f"g{at}", "billing", at) for at in range(-30, 9)]

    assert (await traced(*good, call("b", "billing", 10, error="boom"))).served is None


@pytest.mark.anyio
async def test_who_hangs_up_on_the_failing_service_is_one_by_way_of_whom_it_fails() -> None:
    cut = "connection to ledger closed before an answer"
    bad = [call(f"b{at}", "billing", at, error=cut, peer="ledger") for at in range(1, 6)]
    others = [call(f"l{at}", "ledger", at) for at in range(1, 6)]

    assert (await traced(*bad, *others)).by_way_of == ("ledger",)
    assert (await traced(*[replace(one, error="boom") for one in bad], *others)).by_way_of == ()


def versioned(trace: str, at_s: float, version: str, *, error: str = "") -> tuple[Span, Span]:
    """A call of billing that asked for a price before, by a version of whoever gave it."""
    asked = replace(call(trace, "price", at_s), duration_s=0.01, attributes={"service.version": version})
    return asked, replace(call(trace, "billing", at_s, error=error), attributes={"service.version": "v1"})


def linked(pairs: list[tuple[Span, Span]]) -> list[Span]:
    return [one for asked, of in pairs for one in (replace(asked, parent_id=of.span_id), of)]


@pytest.mark.anyio
async def test_the_new_version_through_which_calls_fail_is_told_with_figures() -> None:
    good = [versioned(f"g{at}", at, "v1") for at in range(-30, 0)]
    bad = [versioned(f"b{at}", at, "v2", error="boom") for at in range(1, 6)]

    found = await traced(*linked([*good, *bad]))

    (one,) = found.parted
    assert (one.service, one.version, one.since) == ("price", "v2", NOON + timedelta(seconds=1))
    assert one.told.startswith("5 of 5 calls of POST /x that went through price v2 went wrong, and 0 of 30")
    assert found.preceded == ()


@pytest.mark.anyio
async def test_a_version_that_came_after_the_first_failure_is_told_to_be_too_late() -> None:
    good = [versioned(f"g{at}", at, "v1") for at in range(-30, 0)]
    first = [versioned(f"f{at}", at, "v1", error="boom") for at in range(1, 3)]
    bad = [versioned(f"b{at}", at, "v2", error="boom") for at in range(3, 12)]

    found = await traced(*linked([*good, *first, *bad]))

    assert found.parted == ()
    (late,) = found.preceded
    assert (late.service, late.version) == ("price", "v2")
    assert late.earlier > 2
    assert late.told.startswith("2 of 32 calls of POST /x went wrong in the same way before price v2")


@pytest.mark.anyio
async def test_what_became_better_before_an_alert_is_not_when_trouble_began() -> None:
    alert = replace(ALERT, fired_at=NOON + timedelta(minutes=4), metric="refused_total")
    times = np.arange(HOUR.start.timestamp(), HOUR.end.timestamp(), 10.0)
    noise = np.where(np.arange(times.size) % 2, 0.001, -0.001)
    quicker = np.where(times < NOON.timestamp(), 0.4, 0.02) + noise
    series = Series(
        service="billing", metric="request_duration_seconds", unit="s", labels={}, times=times, values=quicker
    )

    found = await read_from(Sources(metrics=RecordedMetrics([series]), alerts=RecordedAlerts([alert])))

    assert found.onset == alert.fired_at


@pytest.mark.anyio
async def test_a_service_that_cannot_be_reached_any_more_is_told_to_have_fallen() -> None:
    times = np.arange(HOUR.start.timestamp(), HOUR.end.timestamp(), 10.0)
    series = Series(
        service="billing",
        metric="up",
        unit="",
        labels={},
        times=times,
        values=np.where(times < (HOUR.end - timedelta(seconds=25)).timestamp(), 1.0, 0.0),
    )

    found = await read_from(Sources(metrics=RecordedMetrics([series]), alerts=RecordedAlerts([ALERT])))

    assert "up of billing" in found.falling


def sampled(service: str, metric: str, level: float, then: float, step_s: float = 5.0) -> Series:
    """A number that goes to another level at noon."""
    times = np.arange(HOUR.start.timestamp(), HOUR.end.timestamp(), step_s)
    noise = np.random.default_rng(7).normal(0, 0.005 * abs(level), times.size)
    values = np.where(times >= NOON.timestamp(), then, level) + noise
    return Series(service=service, metric=metric, times=times, values=values)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("metric", "step_s", "told"),
    [("volume_available_bytes", 5.0, True), ("volume_available_bytes", 60.0, False), ("open_sockets", 5.0, False)],
)
async def test_when_a_volume_ran_full_is_told_where_it_is_read_every_few_seconds(
    metric: str, step_s: float, *, told: bool
) -> None:
    read = RecordedMetrics([sampled("billing", metric, 1e9, 0.0, step_s)])

    found = await read_from(Sources(metrics=read, alerts=RecordedAlerts([ALERT])))

    assert (found.measured_at is not None) == told
    assert found.measured_at is None or abs(found.measured_at - NOON) <= timedelta(seconds=step_s)


@pytest.mark.anyio
async def test_a_number_that_was_as_usual_again_before_the_trouble_began_shows_none_of_it() -> None:
    latency = sampled("billing", "latency_seconds", 0.1, 0.9)
    before = sampled("billing", "queue_length", 10.0, 10.0)
    at = NOON.timestamp()
    burst = np.where((before.times >= at - 600) & (before.times < at - 300), 400.0, before.values)
    sources = Sources(metrics=RecordedMetrics([latency, replace(before, values=burst)]), alerts=RecordedAlerts([ALERT]))

    found = await read_from(sources)

    assert "latency_seconds of billing" in found.rising
    assert "queue_length of billing" not in found.rising


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "askers"), [("RequestsGone", ("web", "shop")), ("ErrorsHigh", ())])
async def test_those_who_called_it_are_told_where_the_alert_is_that_nobody_does(
    name: str, askers: tuple[str, ...]
) -> None:
    edges = [Edge(caller=one, callee=other, found_in="traces") for one, other in (("shop", "web"), ("web", "billing"))]
    sources = Sources(alerts=RecordedAlerts([replace(ALERT, name=name)]), topology=RecordedTopology(edges))

    assert (await read_from(sources)).askers == askers


@pytest.mark.anyio
async def test_since_when_nothing_was_made_anew_is_read_from_the_ages_that_errors_tell() -> None:
    found = await symptom(*(line(f"the lease has expired: it was renewed {at} s ago", at) for at in range(30, 60, 3)))

    assert found.dates_from == NOON
