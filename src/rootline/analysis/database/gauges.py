"""What a metric of a database measures, by the words in its name."""

import re
from typing import Literal

Gauge = Literal[
    "replica_lag",
    "slot_lag",
    "connections",
    "cpu",
    "credits",
    "burst",
    "storage",
    "memory",
    "swap",
    "read_latency",
    "write_latency",
    "commit_latency",
    "queue",
    "read_iops",
    "write_iops",
    "wal",
    "wal_disk",
    "deadlocks",
    "load",
    "transaction_ids",
    "blocked",
    "idle_in_transaction",
    "rows_read",
]
# The first row whose pattern the name bears decides. Source: docs.aws.amazon.com, "Amazon CloudWatch metrics for
# Amazon RDS"; postgres and mysqld exporters for Prometheus.
_GAUGES: tuple[tuple[Gauge, str], ...] = (
    ("slot_lag", r"replication_?slot"),
    ("replica_lag", r"replica(?:tion)?_?lag|seconds_behind"),
    (
        "connections",
        r"database_?connections|db_?connections|numbackends|threads_?connected|connections_?(?:used|utilisation)",
    ),
    ("credits", r"cpu_?credit_?balance"),
    ("burst", r"burst_?balance|ebs(?:io|byte)_?balance"),
    ("cpu", r"cpu_?utili[sz]ation"),
    ("storage", r"free_?(?:local_?)?storage"),
    ("memory", r"freeable_?memory"),
    ("swap", r"swap_?usage"),
    ("read_latency", r"read_?latency"),
    ("write_latency", r"write_?latency"),
    ("commit_latency", r"commit_?latency"),
    ("queue", r"disk_?queue"),
    ("read_iops", r"read_?iops"),
    ("write_iops", r"write_?iops"),
    ("wal", r"transaction_?logs?_?generation|wal_?(?:bytes|generation|rate)"),
    ("wal_disk", r"(?:transaction_?logs?|bin_?log)_?disk_?usage"),
    ("deadlocks", r"deadlock"),
    ("load", r"(?:database|db)_?load\b"),
    ("transaction_ids", r"maximum_?used_?transaction_?ids?|transaction_?id_?age|datfrozenxid"),
    ("blocked", r"blocked_(?:transactions|sessions)|lock_waits?\b|row_lock_(?:current_waits|queue)"),
    ("idle_in_transaction", r"idle_in_transaction_(?:max|longest)\w*|max_idle_in_transaction\w*"),
    ("rows_read", r"tup_returned|rows_(?:read|examined)|handler_read_rnd_next"),
)
_OF_A_DATABASE: frozenset[Gauge] = frozenset(
    {
        "slot_lag",
        "replica_lag",
        "connections",
        "storage",
        "wal",
        "wal_disk",
        "read_latency",
        "write_latency",
        "commit_latency",
        "read_iops",
        "write_iops",
        "transaction_ids",
        "deadlocks",
    }
)
_LONGEST = 200
_ENOUGH = 2


def gauge_of(metric: str) -> Gauge | None:
    """Return what a metric measures; None where no database metric is called so."""
    name = metric[:_LONGEST]
    return next((gauge for gauge, words in _GAUGES if re.search(words, name, re.IGNORECASE)), None)


def is_database(gauges: frozenset[Gauge]) -> bool:
    """Whether something that has these gauges is a database: two that only databases have, or a replica's lag."""
    return "replica_lag" in gauges or len(gauges & _OF_A_DATABASE) >= _ENOUGH
