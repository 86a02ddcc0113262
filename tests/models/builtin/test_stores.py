"""Stores, brokers and those that lean on them, as their exporters tell of them where no call is known."""

from datetime import timedelta

import pytest
from tests.models.builtin.test_seen import seen
from tests.models.builtin.test_user_words import HOUR, START

from rootline.domain.fact import AlertFact, EdgeFact, SeriesFact
from rootline.domain.points import Points
from rootline.domain.session import Question
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.claims import movements, started
from rootline.models.builtin.from_services import from_services, weighed_services
from rootline.models.builtin.observed import observed
from rootline.models.builtin.symptoms import is_felt
from rootline.models.builtin.wellness import is_well

MINUTES = 60
BROKEN = 40


def moved(
    service: str,
    metric: str,
    before: float,
    now: float,
    *,
    unit: str = "",
    score: float = 0.8,
    ended: int | None = None,
) -> SeriesFact:
    """A number that changed in the fortieth minute of an hour, and changed back where it `ended`."""
    broken = range(BROKEN, ended or MINUTES)
    points = [(START.timestamp() + 60 * at, now if at in broken else before) for at in range(MINUTES)]
    return SeriesFact(
        subject=f"{service} {metric}",
        service=service,
        metric=metric,
        unit=unit,
        direction="up" if now > before else "down",
        anomaly="spike" if now > before else "drop",
        baseline=before,
        current=now,
        peak=now,
        onset=START + timedelta(minutes=BROKEN),
        ended=None if ended is None else START + timedelta(minutes=ended),
        effect=30.0 if now > before else -30.0,
        score=score,
        points=Points.listed(points),
    )


def steady(service: str, metric: str, level: float, unit: str = "s") -> SeriesFact:
    points = Points.listed([(START.timestamp() + 60 * at, level) for at in range(MINUTES)])
    return SeriesFact(
        subject=f"{service} {metric}", service=service, metric=metric, unit=unit, direction="flat", anomaly="none",
        baseline=level, current=level, peak=level, onset=None, ended=None, effect=0.0, score=0.0, points=points,
    )  # fmt: skip


SLOW = moved("orders", "http_request_duration_seconds_mean", 0.005, 0.076, unit="s")
READS = moved("books", "mysql_disk_reads_per_second", 25, 4560, unit="1/s")


def ranked(*facts: SeriesFact | EdgeFact | AlertFact) -> list[Candidate]:
    everything = seen(*facts)
    return weighed_services(everything, everything.names)


def parts(one: Candidate) -> dict[str, float]:
    return {part.name: part.contribution for part in one.parts}


def test_a_store_that_changed_is_blamed_before_the_service_that_suffers_since_then() -> None:
    first, second = ranked(SLOW, READS)

    assert (first.subject, second.subject) == ("books", "orders")
    assert parts(first)["leaned on"] > 0 > parts(second)["leans"]


def test_where_calls_are_known_they_tell_who_leans_on_whom() -> None:
    edge = EdgeFact(subject="orders", callee="mail", found_in="traces")

    assert "leans" not in parts(next(one for one in ranked(SLOW, READS, edge) if one.subject == "orders"))


def test_a_service_whose_own_means_gave_out_leans_on_nobody() -> None:
    memory = moved("orders", "container_memory_utilisation", 0.4, 0.99, unit="ratio")

    assert "leans" not in parts(next(one for one in ranked(SLOW, READS, memory) if one.subject == "orders"))


def test_what_changed_in_a_store_after_a_service_suffered_is_not_leaned_on() -> None:
    late = READS.model_copy(update={"onset": START + timedelta(minutes=BROKEN + 5)})

    assert not {"leaned on", "leans"} & {name for one in ranked(SLOW, late) for name in parts(one)}


@pytest.mark.parametrize(
    "metric",
    ["etcd_database_utilisation", "nats_connections_utilisation", "zookeeper_descriptors_utilisation"],
)
def test_coordinators_and_brokers_are_leaned_on_as_stores_are(metric: str) -> None:
    full = moved("keys", metric, 0.2, 0.99, unit="ratio", score=0.9)

    assert [one.subject for one in ranked(SLOW, full)] == ["keys", "orders"]


def test_a_name_server_that_knows_a_name_no_more_is_blamed_before_who_asks_for_it() -> None:
    failing = moved("web", "http_requests_error_ratio", 0, 1, unit="ratio")
    unknown = moved("names", "bind_failed_lookups_of_unknown_names_ratio", 0, 1, unit="ratio")

    first, second = ranked(failing, unknown)

    assert (first.subject, first.cause, second.subject) == ("names", "name_resolution_failure", "web")


def test_a_cache_that_is_missed_is_blamed_before_who_waits_for_what_stands_behind_it() -> None:
    missed = moved("edge", "varnish_hits_ratio", 0.95, 0.0, unit="ratio")
    behind = moved("pages", "http_request_duration_seconds_per_second", 0.4, 4, unit="1/s")

    first = ranked(SLOW, missed, behind)[0]

    assert (first.subject, first.cause) == ("edge", "cache_is_missed")


@pytest.mark.parametrize(
    ("metric", "now", "unit", "cause"),
    [
        ("bank_call_duration_seconds_mean", 0.075, "s", "its_calls_are_slow"),
        ("http_client_request_duration_milliseconds_mean", 75.0, "ms", "its_calls_are_slow"),
        ("bank_call_duration_seconds_mean", 0.02, "s", "it_became_slow"),
        ("bank_call_duration_seconds_p99", 0.075, "s", "it_became_slow"),
        ("template_duration_seconds_mean", 0.075, "s", "it_became_slow"),
        ("bank_calls_per_second", 75.0, "1/s", "it_became_slow"),
    ],
    ids=["all of it", "in milliseconds", "little of it", "a quantile", "its own work", "how many"],
)
def test_a_service_whose_calls_account_for_what_it_takes_longer_is_slow_because_of_them(
    metric: str, now: float, unit: str, cause: str
) -> None:
    calls = moved("orders", metric, now / 20, now, unit=unit, score=0.6)

    assert [one.cause for one in ranked(SLOW, calls) if one.subject == "orders"] == [cause]


def test_calls_that_are_quick_again_explain_nothing() -> None:
    calls = moved("orders", "bank_call_duration_seconds_mean", 0.005, 0.08, unit="s", ended=45)

    assert [one.cause for one in ranked(SLOW, calls)] == ["it_became_slow"]


def test_the_store_since_which_the_alerted_service_suffers_explains_the_alert() -> None:
    def fired(subject: str) -> AlertFact:
        return AlertFact(subject=subject, name="Slow", severity="high", fired_at=START + timedelta(minutes=BROKEN))

    about = {name: parts(ranked(SLOW, READS, fired(name))[0]).get("explains the alert") for name in ("orders", "mail")}

    assert about == {"orders": pytest.approx(1.2), "mail": None}


def test_what_moved_a_little_before_does_not_hide_that_a_store_changed_first() -> None:
    early = moved("orders", "http_request_duration_seconds_p99", 0.2, 0.21, unit="s", score=0.1)
    early = early.model_copy(update={"onset": START + timedelta(minutes=BROKEN - 10)})

    told = {one.subject: parts(one) for one in ranked(SLOW, early, READS)}

    assert told["books"]["leaned on"] > 0 > told["orders"]["leans"]


def test_a_service_that_is_no_store_is_not_leaned_on() -> None:
    other = moved("mail", "smtp_disk_reads_per_second", 25, 4560, unit="1/s")

    assert not {"leaned on", "leans"} & {name for one in ranked(SLOW, other) for name in parts(one)}


@pytest.mark.parametrize(
    ("fact", "felt"),
    [
        (moved("books", "mysql_up", 1, 0, score=0.3), True),
        (moved("books", "mysql_up", 1, 0, score=0.3, ended=45), False),
        (moved("bus", "rabbitmq_publishers_blocked_by_disk_alarm", 0, 1, score=0.3), True),
        (moved("bus", "rabbitmq_queued_messages", 0, 249), True),
        (moved("bus", "rabbitmq_queued_messages", 200, 249), False),
        (moved("bus", "rabbitmq_queued_messages", 0, 3), False),
        (moved("bus", "rabbitmq_queued_messages", 0, 249, ended=45), False),
        (moved("bus", "kafka_lag_seconds", 0, 90, unit="s"), True),
        (moved("bus", "kafka_lag_seconds", 0, 9, unit="s"), False),
        (moved("books", "mysql_slow_queries_per_second", 0, 0.5, unit="1/s"), True),
        (moved("books", "mysql_slow_queries_per_second", 0, 0.01, unit="1/s"), False),
        (moved("books", "mysql_row_locks_bytes_queue", 0, 900, unit="bytes"), False),
    ],
    ids=lambda one: f"{one.metric} {one.baseline}-{one.current} {one.ended}" if isinstance(one, SeriesFact) else None,
)
def test_what_nobody_takes_answers_or_can_reach_is_felt(fact: SeriesFact, felt: bool) -> None:
    assert is_felt(fact) is felt


def test_a_queue_that_nobody_empties_is_explained_though_no_request_suffers() -> None:
    calm = steady("orders", "http_request_duration_seconds_mean", 0.005)

    (first,) = from_services(seen(moved("bus", "rabbitmq_queued_messages", 0, 249), calm))

    assert (first.subject, first.cause) == ("bus", "backlog_growth")
    assert "unfelt" not in parts(first)


def test_a_database_that_reads_far_more_is_not_well_though_no_gauge_is_at_its_limit() -> None:
    slow = moved("books", "mysql_slow_queries_per_second", 0, 0.5, unit="1/s")
    gauges = (steady("books", "mysql_connections_utilisation", 0.2, "ratio"), steady("books", "mysql_deadlocks", 0, ""))

    assert is_well(seen(*gauges))
    assert not is_well(seen(*gauges, READS, slow))


def test_a_server_whose_connections_were_taken_before_it_was_gone_lets_nobody_in() -> None:
    gone = moved("books", "mysql_up", 1, 0)
    taken = moved("books", "mysql_connections_utilisation", 0.2, 0.7, unit="ratio")
    files = moved("books", "namedprocess_descriptors_utilisation", 0.1, 0.8, unit="ratio")
    few = moved("books", "mysql_connections_utilisation", 0.2, 0.25, unit="ratio")

    assert [one.cause for one in ranked(gone, taken)] == ["it_lets_nobody_in"]
    assert [one.cause for one in ranked(gone, files)] == ["it_lets_nobody_in"]
    assert [one.cause for one in ranked(gone, few)] == ["it_cannot_be_reached"]
    assert [one.cause for one in ranked(gone)] == ["it_cannot_be_reached"]


def test_an_alarm_is_told_first_and_a_share_with_room_left_only_where_nothing_else_is() -> None:
    alarm = moved("bus", "rabbitmq_publishers_blocked_by_memory_alarm", 0, 1, score=0.3)
    files = moved("bus", "rabbitmq_descriptors_utilisation", 0.04, 0.06, unit="ratio", score=0.9)
    waiting = moved("bus", "rabbitmq_queued_messages", 0, 249)

    def told(*facts: SeriesFact) -> list[int | None]:
        return [claim.fact for claim in movements(seen(*facts), "bus")]

    assert told(files, waiting, alarm) == [2, 1]
    assert told(files) == [0]
    assert [claim.fact for claim in started(seen(files, waiting, alarm), "bus")] == [2]


def test_what_nobody_asks_for_any_more_is_observed_where_nothing_explains_it() -> None:
    facts = (
        moved("bus", "rabbitmq_published_messages_per_second", 6, 0, unit="1/s", score=0.4),
        moved("books", "mysql_queries_per_second", 42, 3, unit="1/s", score=0.2),
        moved("books", "mysql_disk_reads_per_second", 42, 40, unit="1/s", score=0.2),
        moved("web", "nginx_requests_per_second", 30, 0, unit="1/s", score=0.4, ended=45),
    )
    fired = AlertFact(subject="probe", name="Failing", severity="critical", fired_at=START + timedelta(minutes=BROKEN))
    everything = seen(*facts, fired).shelf.evidence

    told = observed(everything, Question(text="the site gives errors", window=HOUR))

    assert [claim.fact for claim in told if claim.predicate == "fell"][:2] == [0, 1]
    assert not {2, 3} & {claim.fact for claim in told if claim.predicate == "fell"}
