"""From strained gauges, waits and lines to named faults of a database, the likeliest cause first."""

from collections.abc import Iterator

from rootline.analysis.database.contention import contention
from rootline.analysis.database.gauges import Gauge
from rootline.analysis.database.keeping import keeping
from rootline.analysis.database.state import FOLLOWS, SHOWN, SPOKEN, Fault, State
from rootline.analysis.logs.trouble import Trouble

_DISK: frozenset[Gauge] = frozenset({"read_latency", "write_latency", "commit_latency", "queue", "burst"})
_REPLICATION: frozenset[Trouble] = frozenset({"replication"})
_FULL: frozenset[Trouble] = frozenset({"storage_full"})


def faults(state: State) -> list[Fault]:
    """Name what is wrong with a database; nothing where no gauge stands at a limit and no line tells of a fault."""
    found = [*_lag(state), *_storage(state), *_cpu(state), *_disk(state), *_memory(state)]
    found += [*contention(state), *keeping(state)]
    return sorted(found, key=lambda fault: (-fault.weight, fault.cause))


def _lag(state: State) -> Iterator[Fault]:
    shown = state.shows("replica_lag", "slot_lag", words=_REPLICATION)
    if shown or "replication" in state.told:
        writes = state.surging & {"write_iops", "wal"} or state.writes_most()
        only_slot = "slot_lag" in state.strained and not state.shows("replica_lag", words=_REPLICATION)
        yield Fault(
            cause="replication_lag_from_write_heavy_workload" if writes else "replication_lag",
            weight=state.weight(shown, "replication") + FOLLOWS * bool(only_slot and "storage" in state.recovered),
            gauges=("replica_lag", "slot_lag", "write_iops", "wal"),
            lines=("replication", "slot"),
        )


def _storage(state: State) -> Iterator[Fault]:
    full = state.shows("storage", words=_FULL)
    if "storage_grown" in state.told and "storage" not in state.strained:
        return
    if full or "storage_full" in state.told:
        gauges: tuple[Gauge, ...] = ("storage", "wal_disk", "slot_lag", "write_iops", "wal")
        yield Fault(
            cause=f"storage_exhaustion{_filled_by(state)}",
            weight=state.weight(full, "storage_full"),
            gauges=gauges,
            lines=("slot", "temporary_files", "storage_full", "vacuum"),
        )


def _filled_by(state: State) -> str:
    """What uses up the storage: WAL that is held back, temporary files, dead rows, or plain writes."""
    if state.recovered & {"slot_lag"} or "wal_disk" in state.surging or "slot" in state.told:
        return "_from_retained_wal"
    if state.says("temporary_files"):
        return "_from_temporary_files"
    if "vacuum" in state.told:
        return "_from_table_bloat"
    return "_from_write_heavy_workload" if state.surging & {"write_iops", "wal"} else ""


def _cpu(state: State) -> Iterator[Fault]:
    if "credits" in state.strained:
        yield Fault(cause="cpu_credits_exhausted", weight=SHOWN + SPOKEN, gauges=("credits", "cpu"), lines=("burst",))
    if "cpu" in state.strained or ("cpu" not in state.known and state.queues_for("CPU")):
        unindexed = state.says("index_lost")
        bound = unindexed or (state.waits_on("CPU", "IO") and not state.writes_most()) or "scan" in state.told
        follows = state.waits_on("Client", "Lock") or state.writes_most() or "checkpoints" in state.told
        driver = "_from_missing_index" if unindexed else "_from_expensive_query" if bound else ""
        yield Fault(
            cause=f"cpu_saturation{driver}",
            weight=state.weight(True, "scan") + SPOKEN * bound + FOLLOWS * follows,
            gauges=("cpu", "load", "rows_read", "read_iops"),
            lines=("scan", "index_lost"),
        )


def _disk(state: State) -> Iterator[Fault]:
    held = state.strained & _DISK
    if not held and "checkpoints" not in state.told:
        return
    burst = "burst" in held or (held and state.told & {"burst"})
    driver = "_after_burst_credits_ran_out" if burst else ""
    if not driver and (state.surging & {"write_iops", "wal"} or "checkpoints" in state.told):
        driver = "_from_write_heavy_workload"
    elif not driver and "read_iops" in state.surging:
        driver = "_from_expensive_query"
    follows = bool(state.strained & {"storage", "replica_lag"} or ("cpu" in state.strained and not driver))
    yield Fault(
        cause=f"disk_io_saturation{driver}",
        weight=state.weight(bool(held), "checkpoints", "burst", "io_limit") + FOLLOWS * follows,
        gauges=("burst", "queue", "write_latency", "read_latency", "commit_latency", "read_iops", "write_iops"),
        lines=("burst", "io_limit", "checkpoints"),
    )


def _memory(state: State) -> Iterator[Fault]:
    if state.strained & {"memory", "swap"}:
        weight = state.weight(True, "out_of_memory")
        yield Fault(cause="memory_exhaustion", weight=weight, gauges=("memory", "swap"), lines=("out_of_memory",))
