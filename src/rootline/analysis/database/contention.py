"""What sessions do to each other: they use up the connections, hold locks, and lock each other out."""

from collections.abc import Iterator

from rootline.analysis.database.gauges import Gauge
from rootline.analysis.database.state import FOLLOWS, SPOKEN, Fault, State
from rootline.analysis.logs.trouble import Trouble

_CONNECTIONS: frozenset[Trouble] = frozenset({"connections_exhausted"})
_BUSY: frozenset[Gauge] = frozenset(
    {"cpu", "storage", "read_latency", "write_latency", "commit_latency", "queue", "burst"}
)
_BLOCKED: frozenset[Gauge] = frozenset({"blocked"})


def contention(state: State) -> Iterator[Fault]:
    """Name what sessions suffer from each other."""
    yield from _connections(state)
    yield from _locks(state)
    yield from _latches(state)


def _connections(state: State) -> Iterator[Fault]:
    refused = "connections_exhausted" in state.told
    shown = state.shows("connections", words=_CONNECTIONS) or (refused and "connections" in state.surging)
    if not shown and not refused:
        return
    idle = state.waits_on("Client") or "idle_sessions" in state.told
    behind = not idle and bool(state.strained & (_BUSY | _BLOCKED) or state.waits_on("Lock"))
    yield Fault(
        cause="connection_exhaustion_from_idle_client_sessions" if idle else "connection_exhaustion",
        weight=state.weight(shown, "connections_exhausted") + FOLLOWS * behind,
        gauges=("connections",),
        lines=("connections_exhausted", "idle_sessions", "parameter"),
    )


def _locks(state: State) -> Iterator[Fault]:
    if "deadlocks" in state.strained or "deadlock" in state.told:
        weight = state.weight("deadlocks" in state.strained, "deadlock")
        yield Fault(cause="deadlocks", weight=weight, gauges=("deadlocks",), lines=("deadlock",))
    elif (state.waits_on("Lock") or "blocked" in state.strained) and (
        state.strained or "locked" in state.told or state.queues_for("Lock")
    ):
        idle = "idle_in_transaction" in state.strained or "idle_sessions" in state.told
        changes = "schema_change" in state.measured
        rows = not (idle or changes) and state.waits[:1] in {("Lock:tuple",), ("Lock:transactionid",)}
        driver = "_from_idle_transaction" if idle else "_from_schema_change" if changes else "_on_rows" if rows else ""
        yield Fault(
            cause=f"lock_contention{driver}",
            weight=state.weight(True, "locked") + SPOKEN,
            gauges=("blocked", "idle_in_transaction", "load", "connections"),
            lines=("locked", "idle_sessions", "schema_change"),
        )


def _latches(state: State) -> Iterator[Fault]:
    """Sessions that queue for what the database shares in memory, which no transaction holds."""
    if state.queues_for("LWLock") and not state.writes_most():
        yield Fault(cause="latch_contention", weight=state.weight(True), gauges=("load", "connections"))
