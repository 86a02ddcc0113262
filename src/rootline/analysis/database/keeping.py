"""What is done to a database to keep it: failovers and restarts, vacuuming, changed parameters."""

import re
from collections.abc import Iterator, Mapping

from rootline.analysis.database.gauges import Gauge
from rootline.analysis.database.state import SPOKEN, Fault, State
from rootline.analysis.logs.trouble import Trouble

# What a parameter governs. Source: postgresql.org, "Server Configuration"; dev.mysql.com, "Server System Variables".
_GOVERNS: Mapping[str, frozenset[Gauge]] = {
    r"max_(?:user_)?connections|pool_size|idle_.{0,30}timeout": frozenset({"connections"}),
    r"work_mem|shared_buffers|buffer_pool|maintenance_mem|huge_pages": frozenset(
        {"memory", "swap", "storage", "queue"}
    ),
    r"max_wal|wal_|checkpoint|synchronous_commit|innodb_flush|sync_binlog|full_page": frozenset(
        {"write_latency", "commit_latency", "queue", "wal_disk", "storage", "replica_lag"}
    ),
    r"_cost|enable_|statistics|parallel|optimizer|jit|plan_cache": frozenset({"cpu", "read_latency", "queue", "load"}),
    r"autovacuum|vacuum_": frozenset({"transaction_ids", "storage", "cpu", "queue"}),
    r"lock_timeout|deadlock_timeout|isolation": frozenset({"deadlocks", "load", "blocked"}),
    r"standby|hot_standby|replica": frozenset({"replica_lag", "slot_lag", "storage"}),
}
_BARS: Mapping[Trouble, str] = {
    "encryption_key": "encryption_key_unavailable",
    "credentials": "credentials_refused",
    "certificate": "certificate_trouble",
    "traffic_policy": "traffic_blocked_by_policy",
}
GOVERNED = 2.0
"""Source: own choice, in logits: the parameter that governs what is strained was changed just before."""


def keeping(state: State) -> Iterator[Fault]:
    """Name what keeping the database, or not keeping it, did to it."""
    yield from _lost(state)
    yield from _barred(state)
    yield from _vacuum(state)
    yield from _parameter(state)


def _lost(state: State) -> Iterator[Fault]:
    """A primary that was lost or restarted: only its events tell, and what moved around it followed.

    One that was planned, and after which nothing urgent complains, is no fault.
    """
    if "planned" in state.told and not state.is_urgent:
        return
    if "failover" in state.told:
        weight = state.weight(True, "failover") + SPOKEN
        yield Fault(cause="failover", weight=weight, gauges=("connections",), lines=("failover", "restarted"))
    elif "restarted" in state.told:
        yield Fault(cause="restart_of_the_instance", weight=state.weight(False, "restarted"), lines=("restarted",))


def _barred(state: State) -> Iterator[Fault]:
    """What keeps clients out, though the database runs: credentials, certificates, rules of traffic, a lost key."""
    told = next((word for word in _BARS if word in state.told), None)
    if told is not None and state.is_alarmed and (state.fallen & {"connections"} or told == "encryption_key"):
        yield Fault(cause=_BARS[told], weight=state.weight(True, told) + SPOKEN, gauges=("connections",), lines=(told,))


def _vacuum(state: State) -> Iterator[Fault]:
    if "transaction_ids" in state.strained:
        yield Fault(
            cause="transaction_id_wraparound",
            weight=state.weight(True, "vacuum"),
            gauges=("transaction_ids",),
            lines=("vacuum",),
        )
    elif "vacuum" in state.told and state.strained:
        yield Fault(cause="table_bloat", weight=state.weight(False, "vacuum"), gauges=("load",), lines=("vacuum",))


def _parameter(state: State) -> Iterator[Fault]:
    """A changed parameter, where what it governs is strained; others are told by no one."""
    hit = state.strained | state.surging
    governed = any(
        re.search(pattern, name, re.IGNORECASE) and gauges & hit
        for name in state.changed
        for pattern, gauges in _GOVERNS.items()
    )
    if governed:
        yield Fault(
            cause="database_parameter_changed",
            weight=state.weight(True, "parameter") + GOVERNED,
            gauges=tuple(sorted(state.strained)),
            lines=("parameter", "connections_exhausted", "restarted"),
        )
