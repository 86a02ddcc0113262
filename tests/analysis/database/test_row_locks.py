"""Statements that wait for row locks use up connections, and not the other way."""

from rootline.analysis.database.gauges import gauge_of
from rootline.analysis.database.judging import faults
from rootline.analysis.database.state import State
from rootline.analysis.database.strain import Reading, is_strained


def waiting(*values: float) -> Reading:
    return Reading(gauge="blocked", values=values, normal=0.0, width=len(values) // 4)


def test_connections_that_fill_with_statements_waiting_for_locks_are_no_beginning() -> None:
    full = State(strained=frozenset({"connections"}))
    locked = State(strained=frozenset({"connections", "blocked"}))

    assert [one.cause for one in faults(full)] == ["connection_exhaustion"]
    assert [one.cause for one in faults(locked)] == ["lock_contention", "connection_exhaustion"]


def test_what_waits_for_locks_counts_as_it_is_at_the_end() -> None:
    before = (0.0,) * 30

    assert is_strained(waiting(*before, 10, 26, 56))
    assert not is_strained(waiting(*before, 10, 26, 56, 0))
    assert not is_strained(waiting(*before, 1, 2, 4))


def test_the_queue_for_row_locks_is_told_by_its_name() -> None:
    names = ("mysql_row_lock_queue", "mysql_global_status_innodb_row_lock_current_waits", "mysql_row_locks_taken")

    assert [gauge_of(name) for name in names] == ["blocked", "blocked", None]
