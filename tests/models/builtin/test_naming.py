"""What a cause is called that only numbers show."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.analysis.metrics.test_services import finding

from rootline.analysis.metrics.services import rank_services
from rootline.models.builtin.naming import named

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metric", "baseline", "current", "cause"),
    [
        ("redis_up", 1, 0, "it_cannot_be_reached"),
        ("up", 1, 0.5, "partly_unreachable"),
        ("probe_success", 1, 0, "its_probe_fails"),
        ("pg_exclusive_lock_contention", 0, 9, "lock_contention"),
        ("pg_longest_transaction_queue", 0, 9, "lock_contention"),
        ("pg_rows_read_per_second", 10, 900, "reads_grew"),
        ("redis_errors_per_second", 0, 30, "its_requests_fail"),
        ("block_device_queue", 0, 9, "backlog_growth"),
        ("memcached_evicted_items_per_second", 0, 90, "cache_too_small"),
        ("pods_evicted_errors", 0, 90, "its_requests_fail"),
        ("mysql_statements_inflight", 1, 30, "work_piles_up"),
        ("rabbitmq_unacknowledged_messages_pending", 0, 99, "work_is_not_acknowledged"),
        ("rabbitmq_publishers_blocked_by_memory_alarm", 0, 1, "publishers_blocked"),
        ("memcached_connections_utilisation", 0.2, 1.0, "connections_exhausted"),
        ("redis_memory_utilisation", 0.2, 1.0, "memory_exhaustion"),
        ("bind_failed_lookups_of_unknown_names_ratio", 0.0, 1.0, "name_resolution_failure"),
        ("dns_lookup_failures_per_second", 0.0, 9.0, "name_resolution_failure"),
        ("varnish_hits_ratio", 0.95, 0.0, "cache_is_missed"),
        ("varnish_hits_ratio", 0.2, 0.9, "it_changed_first"),
        ("machine_tcp_retransmits_ratio", 0.0, 0.3, "network_trouble"),
        ("zookeeper_open_connections", 1, 40, "connections_grew"),
        ("db_connections_refused", 0, 40, "connections_exhausted"),
        ("etcd_database_utilisation", 0.1, 1.0, "room_used_up"),
        ("machine_filesystem_utilisation", 0.1, 1.0, "room_used_up"),
        ("machine_disk_utilisation", 0.1, 1.0, "disk_saturation"),
        ("machine_oom_kills_per_second", 0.0, 2.0, "memory_exhaustion"),
    ],
)
def test_a_cause_is_called_by_the_most_telling_number(metric: str, baseline: float, current: float, cause: str) -> None:
    (score,) = rank_services([finding("store", metric, baseline, current)])

    assert named(score, (), has_errors=False)[1] == cause


@pytest.mark.parametrize(("unit", "cause"), [("bytes", "memory_growth"), ("ratio", "memory_exhaustion")])
def test_an_amount_of_memory_of_an_unknown_whole_grows_and_is_not_called_used_up(unit: str, cause: str) -> None:
    (score,) = rank_services([replace(finding("store", "process_resident_memory", 0.1, 0.9), unit=unit)])

    assert named(score, (), has_errors=False)[1] == cause


def test_what_came_back_is_not_called_unreachable() -> None:
    back = replace(finding("store", "redis_up", 1, 0), ended=NOON)
    (score,) = rank_services([back])

    assert named(score, (), has_errors=False)[1] != "it_cannot_be_reached"
