"""Made-up incidents in the layout of the suite `opensre`: databases and a workload, ill in many ways or well."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MINUTES = 16
GIB = 2.0**30


def stamp(minute: float) -> str:
    return (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Rds:
    """One database incident. Levels are (unit, normal, at the end); what is not named stays normal."""

    name: str
    alert: str
    summary: str
    severity: str = "critical"
    moved: Mapping[str, float] = field(default_factory=dict)
    waits: Sequence[tuple[str, float]] = (("CPU", 0.6), ("IO:DataFileRead", 0.3))
    sql: str = "SELECT id FROM ledger WHERE id = $1"
    events: Sequence[tuple[float, str, str]] = ()
    noise: float = 0.03
    spike: str = ""
    without: Sequence[str] = ()
    back: int = MINUTES
    cause: str = ""
    keywords: Sequence[str] = ()
    extra: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    users: Sequence[tuple[str, float]] = ()


_LEVELS: Mapping[str, tuple[str, float]] = {
    "CPUUtilization": ("Percent", 22.0),
    "DatabaseConnections": ("Count", 140.0),
    "FreeStorageSpace": ("Bytes", 180 * GIB),
    "FreeableMemory": ("Bytes", 20 * GIB),
    "SwapUsage": ("Bytes", 60e6),
    "ReadLatency": ("Milliseconds", 1.1),
    "WriteLatency": ("Milliseconds", 1.2),
    "CommitLatency": ("Milliseconds", 1.9),
    "DiskQueueDepth": ("Count", 0.1),
    "ReadIOPS": ("Count/Second", 1800.0),
    "WriteIOPS": ("Count/Second", 950.0),
    "TransactionLogsGeneration": ("Bytes/Second", 4.1e6),
    "NetworkTransmitThroughput": ("Bytes/Second", 8.4e6),
    "ReplicaLag": ("Seconds", 1.2),
}


def write_rds(folder: Path, case: Rds, seed: int) -> None:
    """Write a database incident, with the normal time beside it."""
    rng = Random(f"{case.name}-{seed}")  # noqa: S311 made up from a seed
    database = rng.choice(["ledger-prod", "billing-db", "accounts-main"])
    folder.mkdir(parents=True)
    levels = {name: level for name, level in {**_LEVELS, **case.extra}.items() if name not in case.without}
    normal = [
        _metric(name, unit, database, [_near(rng, level, 0.05) for _ in range(15)], -30)
        for name, (unit, level) in levels.items()
    ]
    write_json(folder.parent / "shared", "baseline_metrics", {"metric_data_results": normal})
    series = []
    for name, (unit, level) in levels.items():
        goal = case.moved.get(name, level)
        noise = case.noise if name not in {"FreeStorageSpace", "FreeableMemory"} else 0.01
        ramp = [level + (goal - level) * min(1.0, minute / 4) * (minute < case.back) for minute in range(MINUTES)]
        values = [max(_near(rng, value, noise), 0.0) for value in ramp]
        if name == case.spike:
            values[MINUTES // 2] *= 20
        series.append(_metric(name, unit, database, values, 0))
    write_json(folder, "aws_cloudwatch_metrics", {"metric_data_results": series})
    top = [
        {
            "statement": case.sql,
            "db_load_avg": case.waits[0][1],
            "wait_events": [{"name": n, "db_load_avg": v} for n, v in case.waits],
        }
    ]
    top.append(
        {
            "statement": "UPDATE sessions SET seen = $1",
            "db_load_avg": 0.2,
            "wait_events": [{"name": "IO:WALWrite", "db_load_avg": 0.1}],
        }
    )
    write_json(
        folder,
        "aws_performance_insights",
        {
            "db_instance_identifier": database,
            "end_time": stamp(MINUTES),
            "db_load": {
                "timestamps": [stamp(m) for m in range(MINUTES)],
                "values": [sum(v for _, v in case.waits)] * MINUTES,
            },
            "top_sql": top,
            "top_wait_events": [{"name": n, "db_load_avg": v} for n, v in case.waits],
            "top_users": [{"name": n, "db_load_avg": v} for n, v in case.users],
        },
    )
    events = [
        {
            "date": stamp(minute),
            "message": text.format(db=database),
            "source_identifier": database,
            "event_categories": [kind],
        }
        for minute, kind, text in (*case.events, (1, "backup", "Automatic backup of {db} completed."))
    ]
    write_json(folder, "aws_rds_events", {"events": events})
    labels = {"alertname": case.alert, "severity": case.severity, "service": "rds"}
    write_json(
        folder,
        "alert",
        {
            "commonLabels": labels,
            "commonAnnotations": {"summary": case.summary.format(db=database), "db_instance": database},
        },
    )
    truth = {
        "root_cause_category": "resource_exhaustion" if case.cause else "healthy",
        "required_keywords": list(case.keywords),
    }
    (folder / "answer.yml").write_text(yaml.safe_dump(truth))


def _near(rng: Random, level: float, noise: float) -> float:
    return level * (1 + rng.uniform(-noise, noise))


def _metric(name: str, unit: str, database: str, values: Sequence[float], start: int) -> dict[str, Any]:
    owner = f"{database}-replica-1" if name == "ReplicaLag" else database
    return {
        "metric_name": name,
        "unit": unit,
        "stat": "Average",
        "dimensions": [{"Name": "DBInstanceIdentifier", "Value": owner}],
        "timestamps": [stamp(start + at) for at in range(len(values))],
        "values": list(values),
    }


def write_json(folder: Path, name: str, value: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(value))


WAL = (("IO:WALWrite", 9.0), ("CPU", 2.0))
DATABASES = (
    Rds(
        "storage-full",
        "RDSFreeStorageLow",
        "FreeStorageSpace on {db} is below the threshold and writes fail.",
        moved={"FreeStorageSpace": 0.3 * GIB},
        waits=(("IO:DataFileExtend", 5.0), ("CPU", 1.0)),
        events=(
            (
                14,
                "low storage",
                "The free storage capacity for DB instance {db} is low at 1% of the provisioned storage.",
            ),
        ),
        cause="storage_exhaustion",
        keywords=("FreeStorageSpace", "storage"),
    ),
    Rds(
        "storage-full-by-writes",
        "RDSFreeStorageLow",
        "FreeStorageSpace on {db} fell to almost nothing.",
        moved={"FreeStorageSpace": 0.2 * GIB, "WriteIOPS": 9000, "TransactionLogsGeneration": 2e8},
        waits=WAL,
        sql="INSERT INTO audit_log SELECT * FROM staging",
        cause="storage_exhaustion_from_write_heavy_workload",
        keywords=("FreeStorageSpace", "write-heavy", "WriteIOPS"),
    ),
    Rds(
        "cpu-by-query",
        "RDSCPUHigh",
        "CPUUtilization on {db} stands at 97 percent.",
        moved={"CPUUtilization": 97, "ReadLatency": 4},
        waits=(("CPU", 14.0), ("IO:DataFileRead", 2.0)),
        sql="SELECT * FROM orders o JOIN items i ON lower(i.sku) = lower(o.sku)",
        cause="cpu_saturation_from_expensive_query",
        keywords=("CPUUtilization", "query", "JOIN items"),
    ),
    Rds(
        "cpu-then-connections",
        "RDSDatabaseConnectionsHigh",
        "DatabaseConnections on {db} rose to 95% of max_connections.",
        moved={"CPUUtilization": 98, "DatabaseConnections": 480},
        waits=(("CPU", 20.0), ("IO:DataFileRead", 2.0)),
        events=((12, "notification", "{db} is approaching max_connections. Current connections: 478 of 500."),),
        sql="SELECT count(*) FROM events WHERE payload LIKE $1",
        cause="cpu_saturation_from_expensive_query",
        keywords=("CPU", "connections", "query"),
    ),
    Rds(
        "missing-index",
        "RDSReadLatencyHigh",
        "Read latency of {db} is high.",
        moved={"ReadIOPS": 16000, "ReadLatency": 45, "DiskQueueDepth": 60, "CPUUtilization": 55},
        waits=(("IO:DataFileRead", 18.0), ("CPU", 3.0)),
        sql="SELECT * FROM shipments WHERE reference = $1",
        cause="disk_io_saturation_from_expensive_query",
        keywords=("ReadLatency", "IOPS", "missing index", "shipments"),
    ),
    Rds(
        "connections",
        "RDSDatabaseConnectionsHigh",
        "{db}: connections at 98% of max_connections, clients are refused.",
        moved={"DatabaseConnections": 493, "CPUUtilization": 47},
        waits=(("Client:ClientRead", 5.0), ("CPU", 0.6)),
        events=((10, "notification", "{db} is approaching max_connections. Current connections: 488 of 500."),),
        cause="connection_exhaustion_from_idle_client_sessions",
        keywords=("max_connections", "idle", "DatabaseConnections"),
    ),
    Rds(
        "lag",
        "RDSReplicationLagHigh",
        "The read replica of {db} is 900 seconds behind.",
        moved={
            "ReplicaLag": 1100,
            "WriteIOPS": 18000,
            "TransactionLogsGeneration": 2.4e8,
            "CPUUtilization": 58,
            "NetworkTransmitThroughput": 2e8,
        },
        waits=WAL,
        sql="UPDATE invoices SET state = $1 WHERE batch = $2",
        cause="replication_lag_from_write_heavy_workload",
        keywords=("replication lag", "ReplicaLag", "WAL", "write-heavy workload"),
    ),
    Rds(
        "lag-by-slow-replay",
        "RDSReplicationLagHigh",
        "The read replica of {db} is behind.",
        moved={"ReplicaLag": 700},
        cause="replication_lag",
        keywords=("replication lag", "replica"),
    ),
    Rds(
        "failover",
        "RDSAvailability",
        "Connections to {db} dropped.",
        moved={"DatabaseConnections": 40},
        events=(
            (4, "failover", "Multi-AZ instance failover started for {db}."),
            (5, "availability", "DB instance {db} restarted."),
            (6, "failover", "Multi-AZ instance failover completed."),
        ),
        cause="failover",
        keywords=("failover", "Multi-AZ"),
    ),
    Rds(
        "storage-full-without-metric",
        "RDSWriteFailures",
        "Writes to {db} fail.",
        events=((9, "low storage", "DB instance {db} has consumed 99% of its allocated storage; storage-full state."),),
        without=("FreeStorageSpace",),
        cause="storage_exhaustion",
        keywords=("storage",),
    ),
    Rds(
        "storage-that-was-added",
        "RDSFreeStorageLow",
        "FreeStorageSpace of {db} was nearly zero.",
        moved={"FreeStorageSpace": 0.4 * GIB},
        back=11,
        events=(
            (6, "low storage", "{db}: low storage, 1% of the allocated storage is left."),
            (11, "notification", "Storage of {db} was scaled."),
        ),
        cause="storage_exhaustion",
        keywords=("FreeStorageSpace", "storage"),
    ),
    Rds(
        "lag-without-metric",
        "RDSStaleReads",
        "Reads from the replica of {db} are stale.",
        moved={"WriteIOPS": 15000, "TransactionLogsGeneration": 2e8},
        without=("ReplicaLag",),
        waits=WAL,
        events=((9, "read replica", "Replica replay is behind the source {db}: replication lag above 600 seconds."),),
        cause="replication_lag_from_write_heavy_workload",
        keywords=("replication lag", "WriteIOPS"),
    ),
    Rds(
        "checkpoints",
        "RDSCPUHigh",
        "CPUUtilization of {db} stands at 93 percent.",
        moved={"CPUUtilization": 93, "WriteLatency": 70, "DiskQueueDepth": 80, "WriteIOPS": 12000},
        waits=(("IO:WALWrite", 12.0), ("IO:DataFileWrite", 6.0), ("CPU", 4.0)),
        events=((8, "notification", "LOG: checkpoints are occurring too frequently on {db}"),),
        cause="disk_io_saturation_from_write_heavy_workload",
        keywords=("checkpoint", "WAL", "WriteLatency", "CPU"),
    ),
    Rds(
        "deadlocks",
        "RDSDeadlocks",
        "Transactions of {db} are rolled back.",
        moved={"Deadlocks": 9.0},
        extra={"Deadlocks": ("Count/Second", 0.0)},
        waits=(("Lock:transactionid", 6.0), ("CPU", 0.5)),
        events=((9, "failure", "ERROR: deadlock detected on {db}"),),
        cause="deadlocks",
        keywords=("deadlock", "lock"),
    ),
    Rds(
        "locks",
        "RDSDatabaseConnectionsHigh",
        "Sessions pile up on {db}.",
        moved={"DatabaseConnections": 470},
        waits=(("Lock:relation", 30.0), ("CPU", 0.5)),
        events=((12, "notification", "{db} is approaching max_connections. Current connections: 471 of 500."),),
        sql="ALTER TABLE payments ADD COLUMN note text",
        cause="lock_contention_from_schema_change",
        keywords=("lock", "ALTER TABLE payments", "schema change"),
    ),
    Rds(
        "burst",
        "RDSWriteLatencyHigh",
        "{db} is slow.",
        moved={"BurstBalance": 0.5, "WriteLatency": 60, "ReadLatency": 40, "DiskQueueDepth": 45},
        extra={"BurstBalance": ("Percent", 99.0)},
        waits=(("IO:DataFileRead", 8.0), ("IO:WALWrite", 5.0)),
        cause="disk_io_saturation_after_burst_credits_ran_out",
        keywords=("BurstBalance", "burst", "latency"),
    ),
    Rds(
        "slot",
        "RDSWritesFail",
        "Writes of {db} fail.",
        moved={"FreeStorageSpace": 0.1 * GIB},
        events=(
            (3, "notification", "Logical replication slot export_feed of {db} is inactive since its client left."),
            (14, "failure", "Allocated storage has been exhausted for DB instance {db}: storage-full."),
        ),
        cause="storage_exhaustion_from_retained_wal",
        keywords=("replication slot", "WAL", "export_feed", "storage full"),
    ),
    Rds(
        "temporary-files",
        "RDSFreeStorageLow",
        "FreeStorageSpace on {db} is nearly zero.",
        moved={"FreeStorageSpace": 0.2 * GIB},
        waits=(("IO:BufFileWrite", 6.0), ("CPU", 2.0)),
        sql="SELECT region, sum(amount) FROM sales_lines GROUP BY 1",
        events=((12, "low storage", "Low storage on {db}: 1% of the allocated storage is left."),),
        cause="storage_exhaustion_from_temporary_files",
        keywords=("temporary files", "work_mem", "sales_lines"),
    ),
    Rds(
        "dropped-index",
        "RDSCPUHigh",
        "CPUUtilization on {db} stands at 96 percent.",
        moved={"CPUUtilization": 96},
        waits=(("CPU", 18.0),),
        events=((3, "notification", "Statement: DROP INDEX ix_visits_person ON {db}"),),
        sql="SELECT * FROM visits WHERE person = $1",
        cause="cpu_saturation_from_missing_index",
        keywords=("missing", "index", "sequential scan", "ix_visits_person", "visits"),
    ),
    Rds(
        "idle-transaction",
        "RDSTimeouts",
        "Updates of {db} time out.",
        moved={"DatabaseConnections": 420},
        waits=(("Lock:transactionid", 30.0), ("CPU", 0.5)),
        sql="UPDATE seats SET taken = $1",
        events=((8, "notification", "Session of user closing_job on {db} is idle in transaction and blocks others."),),
        cause="lock_contention_from_idle_transaction",
        keywords=("lock", "idle in transaction", "closing_job", "seats"),
    ),
    Rds(
        "parameter",
        "RDSConnections",
        "Clients of {db} are refused.",
        moved={"DatabaseConnections": 99},
        events=(
            (2, "configuration change", "Updated parameter max_connections to 100 in the parameter group of {db}."),
            (8, "notification", "{db}: 99 of max_connections 100 are used."),
        ),
        extra={"DatabaseConnections": ("Count", 20.0)},
        cause="database_parameter_changed",
        keywords=("max_connections", "parameter"),
    ),
    Rds(
        "bloat",
        "RDSCPUHigh",
        "Queries of {db} are slow.",
        moved={"ReadLatency": 40, "DiskQueueDepth": 30},
        waits=(("IO:DataFileRead", 9.0),),
        events=((9, "notification", "Table carts has 30000000 dead tuples, autovacuum was cancelled on {db}."),),
        cause="disk_io_saturation",
        keywords=("latency", "IOPS"),
    ),
    Rds(
        "memory",
        "RDSFreeableMemoryLow",
        "FreeableMemory of {db} is nearly gone.",
        moved={"FreeableMemory": 0.1 * GIB, "SwapUsage": 4 * GIB},
        cause="memory_exhaustion",
        keywords=("FreeableMemory", "memory", "freeable memory", "swap usage"),
    ),
    Rds(
        "rotated-password",
        "AppDatabaseErrors",
        "Every query of the application on {db} fails.",
        moved={"DatabaseConnections": 3, "ReadIOPS": 20, "WriteIOPS": 30},
        events=(
            (3, "configuration change", "The master user password of {db} was reset."),
            (4, "failure", 'FATAL: password authentication failed for user "seats_app"'),
        ),
        cause="credentials_refused",
        keywords=("password", "authentication", "seats_app", "database connections"),
    ),
    Rds(
        "rules-of-traffic",
        "AppDatabaseTimeouts",
        "The application times out while it connects to {db}.",
        moved={"DatabaseConnections": 0, "ReadIOPS": 2, "WriteIOPS": 3},
        events=((3, "configuration change", "Applied change to VPC security group of {db}: sg-1 replaced by sg-2."),),
        cause="traffic_blocked_by_policy",
        keywords=("security group", "sg-2", "DatabaseConnections"),
    ),
    Rds(
        "key-disabled",
        "RDSAvailability",
        "{db} is not available.",
        moved={"DatabaseConnections": 0},
        events=((3, "failure", "{db}: the KMS key is disabled: inaccessible-encryption-credentials."),),
        cause="encryption_key_unavailable",
        keywords=("KMS", "encryption"),
    ),
    Rds(
        "new-authority",
        "AppDatabaseErrors",
        "Clients cannot connect to {db}.",
        moved={"DatabaseConnections": 1},
        events=(
            (2, "configuration change", "Updated CA certificate of {db}."),
            (3, "failure", "SSL error: certificate verify failed for clients of {db}"),
        ),
        cause="certificate_trouble",
        keywords=("certificate", "TLS"),
    ),
    Rds(
        "hot-row",
        "CheckoutTimeouts",
        "Checkouts time out on {db}.",
        moved={"CPUUtilization": 12},
        waits=(("Lock:tuple", 22.0), ("Lock:transactionid", 9.0)),
        sql="UPDATE stock SET quantity = quantity - $1 WHERE sku = $2",
        users=(("checkout_api", 29.0),),
        cause="lock_contention_on_rows",
        keywords=("row locks", "stock", "checkout_api", "CPUUtilization"),
    ),
    Rds(
        "busy-without-a-gauge",
        "ApiLatency",
        "The API on {db} is slow.",
        without=("CPUUtilization",),
        waits=(("CPU", 21.0), ("IO:DataFileRead", 2.0)),
        users=(("reports", 19.0), ("api", 2.0)),
        sql="SELECT sum(x) FROM facts GROUP BY y",
        cause="cpu_saturation_from_expensive_query",
        keywords=("CPU", "query", "reports", "FROM facts"),
    ),
    Rds(
        "long-transaction",
        "RDSReadLatencyHigh",
        "Queries of {db} become slower.",
        moved={"ReadLatency": 45, "DiskQueueDepth": 40, "ReadIOPS": 9000},
        waits=(("IO:DataFileRead", 14.0), ("CPU", 1.0)),
        events=((4, "notification", "autovacuum on {db} cannot remove 41000000 dead tuples of table bookings."),),
        cause="disk_io_saturation_from_expensive_query",
        keywords=("dead tuples", "bookings", "long-running transaction", "vacuum"),
    ),
)
WELL = (
    Rds(
        "busy-connections",
        "RDSDatabaseConnectionsHigh",
        "DatabaseConnections of {db} vary between 55 and 65% of max_connections. No errors.",
        severity="warning",
        moved={"DatabaseConnections": 310, "CPUUtilization": 60},
        noise=0.12,
    ),
    Rds(
        "busy-cpu",
        "RDSCPUHigh",
        "CPUUtilization of {db} above 70 percent.",
        severity="warning",
        moved={"CPUUtilization": 72},
        noise=0.1,
    ),
    Rds(
        "one-slow-read", "RDSReadLatencyHigh", "Read latency of {db} peaked.", severity="critical", spike="ReadLatency"
    ),
    Rds(
        "one-lag",
        "RDSReplicationLagHigh",
        "Replica lag of {db} crossed its threshold for a moment.",
        severity="critical",
        spike="ReplicaLag",
    ),
    Rds(
        "storage-half",
        "RDSFreeStorageLow",
        "FreeStorageSpace of {db} is falling.",
        severity="warning",
        moved={"FreeStorageSpace": 90 * GIB},
    ),
    Rds(
        "quieter",
        "RDSAnomaly",
        "Throughput of {db} is unusual.",
        severity="warning",
        moved={"WriteIOPS": 500, "ReadIOPS": 900, "DiskQueueDepth": 0.03},
    ),
    Rds(
        "more-writes",
        "RDSWriteIOPSHigh",
        "WriteIOPS of {db} doubled.",
        severity="warning",
        moved={"WriteIOPS": 2300, "TransactionLogsGeneration": 9e6},
    ),
)
