"""What sessions wait for is read from the names that PostgreSQL, MySQL and SQL Server give it."""

import pytest

from rootline.analysis.database.judging import faults
from rootline.analysis.database.state import State
from rootline.analysis.database.waits import read_waits


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("Lock:transactionid 11.2, CPU 0.4", ["Lock:transactionid", "CPU"]),
        ("wait/lock/metadata/sql/mdl 60.1, CPU 1.2", ["Lock:wait/lock/metadata/sql/mdl", "CPU"]),
        ("wait/io/file/innodb/innodb_log_file", ["IO:wait/io/file/innodb/innodb_log_file"]),
        ("wait/io/socket/sql/client_connection", ["Client:wait/io/socket/sql/client_connection"]),
        ("wait/synch/mutex/innodb/trx_sys_mutex", ["LWLock:wait/synch/mutex/innodb/trx_sys_mutex"]),
        ("LCK_M_IX, PAGELATCH_EX, PAGEIOLATCH_SH", ["Lock:LCK_M_IX", "LWLock:PAGELATCH_EX", "IO:PAGEIOLATCH_SH"]),
        ("WRITELOG and CXPACKET", ["IO:WRITELOG", "CPU:CXPACKET"]),
        ("ASYNC_NETWORK_IO", ["Client:ASYNC_NETWORK_IO"]),
        ("SELECT max_value FROM wait_list WHERE A_COLUMN = ?", []),
        ("", []),
    ],
)
def test_a_wait_is_of_a_class_whichever_database_told_it(text: str, waits: list[str]) -> None:
    assert list(read_waits(text)) == waits


def test_a_text_without_end_is_read_at_its_beginning() -> None:
    assert list(read_waits("CPU " + "wait/" * 100_000)) == ["CPU"]


def named(wait: str, waiting: float, *, is_alarmed: bool = True) -> list[str]:
    waits = tuple(read_waits(wait))
    state = State(strained=frozenset(), waits=waits, waiting=waiting, is_alarmed=is_alarmed)
    return [fault.cause for fault in faults(state)]


def test_many_sessions_that_wait_for_a_lock_of_mysql_are_lock_contention() -> None:
    assert named("wait/lock/table/sql/handler", 60) == ["lock_contention"]
    assert named("wait/lock/table/sql/handler", 0.5) == []


def test_many_sessions_that_wait_for_a_page_in_memory_are_latch_contention() -> None:
    assert named("PAGELATCH_UP", 30) == named("LWLock:BufferContent", 30) == ["latch_contention"]
    assert named("PAGELATCH_UP", 30, is_alarmed=False) == []
    assert "latch_contention" not in named("LWLock:WALWrite", 30)
