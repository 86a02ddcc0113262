"""From strained gauges, waits and lines to named faults of a database, the likeliest cause first."""

from collections.abc import Iterator
from dataclasses import dataclass

from rootline.analysis.database.gauges import Gauge
from rootline.analysis.logs.trouble import Trouble

Family = str
_DISK: frozenset[Gauge] = frozenset({"read_latency", "write_latency", "commit_latency", "queue", "burst"})
_REPLICATION: frozenset[Trouble] = frozenset({"replication"})
_CONNECTIONS: frozenset[Trouble] = frozenset({"connections_exhausted"})
_FULL: frozenset[Trouble] = frozenset({"storage_full"})
# Source: own choices, in logits. A gauge at its limit shows a fault; a line that says the same makes it likelier, and
# so does an alert about it; what another fault brings with it is less likely the beginning.
SHOWN, SPOKEN, ALERTED, FOLLOWS, TOLD_ALONE = 2.2, 0.6, 0.8, -1.6, 1.4


@dataclass(frozen=True, kw_only=True)
class State:
    """What is known of one database.

    Attributes:
        strained: Gauges at a limit now.
        recovered: Gauges that stood at a limit for long, whether they have come back or not.
        surging: Gauges that stand far above their level before.
        waits: Wait events by their part of the load, the largest first (`IO:WALWrite`, `CPU`).
        told: What its lines speak of.
        alerted: What the alert speaks of.

    """

    strained: frozenset[Gauge]
    recovered: frozenset[Gauge] = frozenset()
    surging: frozenset[Gauge] = frozenset()
    waits: tuple[str, ...] = ()
    told: frozenset[Trouble] = frozenset()
    alerted: frozenset[Trouble] = frozenset()

    def shows(self, *gauges: Gauge, words: frozenset[Trouble] = frozenset()) -> bool:
        """Whether one of the gauges is at its limit, or was and a line says so too."""
        return bool(self.strained & set(gauges) or (self.told & words and self.recovered & set(gauges)))

    def waits_on(self, *kinds: str) -> bool:
        """Whether most of the load waits for one of these."""
        return bool(self.waits) and self.waits[0].split(":")[0].lower() in {kind.lower() for kind in kinds}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A named fault: its cause, the weight in logits, the gauges and lines that show it."""

    cause: str
    weight: float
    gauges: tuple[Gauge, ...] = ()
    lines: tuple[Trouble, ...] = ()


def faults(state: State) -> list[Fault]:
    """Name what is wrong with a database; nothing where no gauge stands at a limit and no line tells of a fault."""
    found = [*_lag(state), *_connections(state), *_storage(state), *_locks(state), *_cpu(state)]
    found += [*_disk(state), *_memory(state), *_lost(state), *_vacuum(state)]
    return sorted(found, key=lambda fault: (-fault.weight, fault.cause))


def _weight(state: State, shown: bool, *words: Trouble) -> float:
    told = bool(state.told & set(words))
    alerted = bool(state.alerted & set(words))
    return (SHOWN if shown else TOLD_ALONE) + SPOKEN * (told and shown) + ALERTED * alerted


def _lag(state: State) -> Iterator[Fault]:
    shown = state.shows("replica_lag", "slot_lag", words=_REPLICATION)
    if shown or "replication" in state.told:
        writes = state.surging & {"write_iops", "wal"} or _writes(state)
        yield Fault(
            cause="replication_lag_from_write_heavy_workload" if writes else "replication_lag",
            weight=_weight(state, shown, "replication"),
            gauges=("replica_lag", "slot_lag", "write_iops", "wal"),
            lines=("replication",),
        )


def _writes(state: State) -> bool:
    """Whether most of the load waits for the log of what is written."""
    return state.waits_on("IO", "LWLock") and "wal" in state.waits[0].lower()


def _connections(state: State) -> Iterator[Fault]:
    refused = "connections_exhausted" in state.told
    shown = state.shows("connections", words=_CONNECTIONS) or (refused and "connections" in state.surging)
    if not shown and not refused:
        return
    idle = state.waits_on("Client") or "idle_sessions" in state.told
    behind = not idle and bool(state.strained & {"cpu", "storage", *_DISK} or state.waits_on("Lock"))
    yield Fault(
        cause="connection_exhaustion_from_idle_client_sessions" if idle else "connection_exhaustion",
        weight=_weight(state, shown, "connections_exhausted") + FOLLOWS * behind,
        gauges=("connections",),
        lines=("connections_exhausted", "idle_sessions"),
    )


def _storage(state: State) -> Iterator[Fault]:
    full = state.shows("storage", words=_FULL)
    if full or "storage_full" in state.told:
        retained = state.strained & {"slot_lag"} or "wal_disk" in state.surging
        writes = state.surging & {"write_iops", "wal"}
        driver = "_from_retained_wal" if retained else "_from_write_heavy_workload" if writes else ""
        gauges: tuple[Gauge, ...] = ("storage", "wal_disk", "write_iops", "wal")
        weight = _weight(state, full, "storage_full")
        yield Fault(cause=f"storage_exhaustion{driver}", weight=weight, gauges=gauges, lines=("storage_full",))


def _locks(state: State) -> Iterator[Fault]:
    if "deadlocks" in state.strained or "deadlock" in state.told:
        shown = "deadlocks" in state.strained
        yield Fault(
            cause="deadlocks", weight=_weight(state, shown, "deadlock"), gauges=("deadlocks",), lines=("deadlock",)
        )
    elif state.waits_on("Lock") and state.strained:
        weight = _weight(state, True, "locked") + SPOKEN
        yield Fault(cause="lock_contention", weight=weight, gauges=("load", "connections"), lines=("locked",))


def _cpu(state: State) -> Iterator[Fault]:
    if "credits" in state.strained:
        yield Fault(cause="cpu_credits_exhausted", weight=SHOWN + SPOKEN, gauges=("credits", "cpu"))
    if "cpu" in state.strained:
        bound = (state.waits_on("CPU", "IO") and not _writes(state)) or "scan" in state.told
        follows = state.waits_on("Client", "Lock") or _writes(state) or "checkpoints" in state.told
        yield Fault(
            cause="cpu_saturation_from_expensive_query" if bound else "cpu_saturation",
            weight=_weight(state, True, "scan") + SPOKEN * bound + FOLLOWS * follows,
            gauges=("cpu", "load", "read_iops"),
            lines=("scan",),
        )


def _disk(state: State) -> Iterator[Fault]:
    held = state.strained & _DISK
    if not held and "checkpoints" not in state.told:
        return
    driver = "_after_burst_credits_ran_out" if "burst" in held else ""
    if not driver and (state.surging & {"write_iops", "wal"} or "checkpoints" in state.told):
        driver = "_from_write_heavy_workload"
    elif not driver and "read_iops" in state.surging:
        driver = "_from_expensive_query"
    follows = bool(state.strained & {"storage", "replica_lag"} or ("cpu" in state.strained and not driver))
    gauges: tuple[Gauge, ...] = ("burst", "queue", "write_latency", "read_latency", "commit_latency")
    weight = _weight(state, bool(held), "checkpoints") + FOLLOWS * follows
    yield Fault(cause=f"disk_io_saturation{driver}", weight=weight, gauges=gauges, lines=("checkpoints",))


def _memory(state: State) -> Iterator[Fault]:
    if state.strained & {"memory", "swap"}:
        weight = _weight(state, True, "out_of_memory")
        yield Fault(cause="memory_exhaustion", weight=weight, gauges=("memory", "swap"), lines=("out_of_memory",))


def _lost(state: State) -> Iterator[Fault]:
    """A primary that was lost or restarted: only its events tell, and what moved around it followed."""
    if "failover" in state.told:
        yield Fault(cause="failover", weight=_weight(state, True, "failover") + SPOKEN, lines=("failover", "restarted"))
    elif "restarted" in state.told:
        yield Fault(cause="restart_of_the_instance", weight=_weight(state, False, "restarted"), lines=("restarted",))


def _vacuum(state: State) -> Iterator[Fault]:
    if "transaction_ids" in state.strained:
        yield Fault(
            cause="transaction_id_wraparound", weight=_weight(state, True, "vacuum"), gauges=("transaction_ids",)
        )
