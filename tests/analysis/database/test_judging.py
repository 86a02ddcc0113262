import pytest

from rootline.analysis.database.gauges import gauge_of, is_database
from rootline.analysis.database.judging import faults
from rootline.analysis.database.state import State
from rootline.analysis.database.strain import Reading, is_strained, surges, was_strained

GIB = 2.0**30


@pytest.mark.parametrize(
    ("metric", "gauge"),
    [
        ("DatabaseConnections", "connections"),
        ("pg_stat_database_numbackends", "connections"),
        ("CPUUtilization", "cpu"),
        ("FreeStorageSpace", "storage"),
        ("FreeLocalStorage", "storage"),
        ("AuroraReplicaLag", "replica_lag"),
        ("mysql_slave_status_seconds_behind_master", "replica_lag"),
        ("OldestReplicationSlotLag", "slot_lag"),
        ("EBSIOBalance%", "burst"),
        ("pg_connections_utilisation", "connections"),
        ("pg_deadlock_errors_per_second", "deadlocks"),
        ("request_duration_seconds", None),
        ("connection_errors", None),
    ],
)
def test_a_gauge_is_known_by_the_words_of_its_metric(metric: str, gauge: str | None) -> None:
    assert gauge_of(metric) == gauge


def test_one_gauge_of_a_machine_makes_no_database() -> None:
    assert not is_database(frozenset({"cpu", "memory"}))
    assert not is_database(frozenset({"connections", "cpu"}))
    assert is_database(frozenset({"connections", "read_latency"}))
    assert is_database(frozenset({"replica_lag"}))


def reading(gauge: str, *values: float, normal: float | None = None, unit: str = "") -> Reading:
    return Reading(gauge=gauge, values=values, normal=normal, unit=unit, width=max(len(values) // 4, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "limit", "strained"),
    [
        (reading("cpu", 20, 95, 96, 97, unit="percent"), None, True),
        (reading("cpu", 0.2, 0.95, 0.96, 0.97), None, True),
        (reading("cpu", 20, 60, 72, 71, unit="percent"), None, False),
        (reading("cpu", 20, 95, 96, 97, 30, 20, 21, 20, unit="percent"), None, False),
        (reading("connections", 300, 400, 480), 500, True),
        (reading("connections", 300, 400, 480), None, False),
        (reading("connections", 280, 310, 300), 500, False),
        (reading("storage", 90 * GIB, 40 * GIB, 1 * GIB, normal=180 * GIB), None, True),
        (reading("storage", 90 * GIB, 89 * GIB, 88 * GIB, normal=180 * GIB), None, False),
        (reading("storage", 1 * GIB, 1 * GIB, 1 * GIB), None, False),
        (reading("replica_lag", 1, 200, 900, normal=1.2), None, True),
        (reading("replica_lag", 1, 4, 5, normal=1.2), None, False),
        (reading("replica_lag", 60, 61, 62, normal=60), None, False),
        (reading("read_latency", 0.004, 0.03, 0.04, normal=0.004), None, True),
        (reading("read_latency", 0.03, 0.03, 0.04, normal=0.03), None, False),
        (reading("queue", 0.1, 0.05, 0.02, normal=0.1), None, False),
        (reading("transaction_ids", 1.6e9, 1.6e9, 1.6e9), None, True),
        (reading("cpu", 99, 99, unit="percent"), None, False),
    ],
)
def test_a_gauge_is_strained_by_its_level_not_by_its_movement(
    given: Reading, limit: float | None, strained: bool
) -> None:
    assert is_strained(given, limit) is strained


def test_what_stood_at_its_limit_for_long_was_strained_and_a_single_point_was_not() -> None:
    long = reading("cpu", 20, 95, 96, 97, 95, 30, 20, 21, unit="percent")
    point = reading("cpu", 20, 21, 99, 20, 21, 22, 20, 21, unit="percent")

    assert (is_strained(long), was_strained(long)) == (False, True)
    assert not was_strained(point)


def test_a_rate_surges_when_it_stands_far_above_its_level_before() -> None:
    assert surges(reading("write_iops", 950, 9000, 9100, normal=950))
    assert not surges(reading("write_iops", 950, 1900, 2000, normal=950))


def causes(state: State) -> list[str]:
    return [fault.cause for fault in faults(state)]


def test_nothing_at_a_limit_and_nothing_told_is_no_fault() -> None:
    assert causes(State(strained=frozenset(), surging=frozenset({"write_iops", "connections"}))) == []
    assert causes(State(strained=frozenset(), alerted=frozenset({"storage_full"}))) == []


def test_a_busy_processor_behind_idle_sessions_is_the_consequence() -> None:
    state = State(
        strained=frozenset({"connections", "cpu"}),
        waits=("Client:ClientRead", "CPU"),
        told=frozenset({"connections_exhausted"}),
    )

    assert causes(state)[0] == "connection_exhaustion_from_idle_client_sessions"


def test_connections_that_pile_up_behind_locks_are_the_consequence() -> None:
    state = State(
        strained=frozenset({"connections", "load"}), waits=("Lock:relation",), told=frozenset({"connections_exhausted"})
    )

    assert causes(state)[:2] == ["lock_contention", "connection_exhaustion"]


def test_what_only_a_line_tells_weighs_less_than_what_a_gauge_shows() -> None:
    told = faults(State(strained=frozenset(), told=frozenset({"storage_full"})))
    shown = faults(State(strained=frozenset({"storage"})))

    assert [one.cause for one in (*told, *shown)] == ["storage_exhaustion"] * 2
    assert told[0].weight < shown[0].weight


def test_two_faults_at_once_are_both_named() -> None:
    state = State(
        strained=frozenset({"storage", "connections"}), told=frozenset({"connections_exhausted", "storage_full"})
    )

    assert set(causes(state)) == {"storage_exhaustion", "connection_exhaustion"}


def test_storage_that_was_short_and_has_grown_is_no_trouble_any_more() -> None:
    short = State(strained=frozenset(), recovered=frozenset({"storage"}), told=frozenset({"storage_full"}))
    grown = State(
        strained=frozenset(), recovered=frozenset({"storage"}), told=frozenset({"storage_full", "storage_grown"})
    )
    still = State(strained=frozenset({"storage"}), told=frozenset({"storage_full", "storage_grown"}))

    assert causes(short) == causes(still) == ["storage_exhaustion"]
    assert causes(grown) == []


@pytest.mark.parametrize(("share", "strained"), [(0.95, True), (0.9, True), (0.6, False)])
def test_a_share_of_the_connections_needs_no_limit_to_be_told(share: float, strained: bool) -> None:
    assert is_strained(reading("connections", 0.2, 0.2, share, unit="ratio")) is strained
    assert not is_strained(reading("connections", 0.2, 0.2, share))
