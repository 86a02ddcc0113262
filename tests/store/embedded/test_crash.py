import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from rootline.store.embedded import Embedded, start
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.processes import SOCKET, postmaster

FORK = """
import os, sys, psycopg
from pathlib import Path
from rootline.store.embedded import start
lease = start(Path(sys.argv[1]))
if os.fork() == 0:
    lease.release()
    sys.exit()
os.wait()
with psycopg.connect(lease.app_dsn) as connection:
    print(connection.execute("select 1").fetchone())
"""

User = Callable[[Path], subprocess.Popen[str]]


def serving(home: Path) -> int | None:
    found = postmaster(home.resolve() / "postgres" / "data")
    return found.pid if found else None


def kill_server(home: Path) -> None:
    os.kill(serving(home) or 0, signal.SIGKILL)


def remember(lease: Embedded) -> None:
    with psycopg.connect(lease.owner_dsn) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select 42 as answer")


def recall(lease: Embedded) -> object:
    with psycopg.connect(lease.owner_dsn) as connection:
        return connection.execute("select answer from kept").fetchone()


def test_a_killed_server_is_replaced_and_committed_rows_are_there(home: Path) -> None:
    first = start(home)
    remember(first)
    kill_server(home)

    second = start(home, deadline_s=10)
    kept = recall(second)
    first.release()
    second.release()

    assert kept == (42,)
    assert serving(home) is None


def test_a_busy_orphan_of_a_killed_server_does_not_block_the_next(home: Path) -> None:
    first = start(home)
    remember(first)
    with closing(psycopg.connect(first.owner_dsn)) as busy:
        busy.pgconn.send_query(b"do $$ begin loop end loop; end $$")
        busy.pgconn.flush()
        kill_server(home)

        second = start(home, deadline_s=10)
        kept = recall(second)
    first.release()
    second.release()

    assert kept == (42,)


@pytest.mark.parametrize("signalled", [signal.SIGKILL, signal.SIGTERM])
def test_a_user_that_dies_leaves_the_server_to_the_others(home: Path, user: User, signalled: signal.Signals) -> None:
    starter, other = user(home), user(home)
    for process in (starter, other):
        assert process.stdout is not None
        process.stdout.readline()
    pid = serving(home)

    starter.send_signal(signalled)
    starter.communicate()
    still = serving(home)
    other.communicate()

    assert pid is not None
    assert still == pid
    assert serving(home) is None


def test_the_next_user_stops_a_server_that_a_killed_user_left(home: Path, user: User) -> None:
    only = user(home)
    assert only.stdout is not None
    only.stdout.readline()
    pid = serving(home)
    only.kill()
    only.communicate()

    lease = start(home)
    found = serving(home)
    lease.release()

    assert found == pid
    assert serving(home) is None


def test_a_half_made_data_folder_is_made_anew(new_home: Path) -> None:
    unfinished = new_home / "postgres" / "data.unfinished"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    unfinished.parent.chmod(0o700)

    lease = start(new_home)
    remember(lease)
    lease.release()

    assert not unfinished.exists()


def test_a_starter_killed_in_the_middle_of_initdb_is_survived(new_home: Path, user: User) -> None:
    starter = user(new_home)
    begun = new_home / "postgres" / "data.unfinished" / "PG_VERSION"
    assert any(begun.exists() for _ in Deadline.after(20).ticks())
    starter.kill()
    starter.communicate()

    lease = start(new_home)
    remember(lease)
    kept = recall(lease)
    lease.release()

    assert kept == (42,)


def test_a_stale_process_id_that_now_belongs_to_someone_else_is_ignored(home: Path) -> None:
    start(home).release()
    data = home / "postgres" / "data"
    stale = f"{os.getppid()}\n{data}\n1700000000\n5432\n{data}\n\n  1 1\nready\n"
    (data / "postmaster.pid").write_text(stale)
    (data / f"{SOCKET}.lock").write_text(stale)

    lease = start(home, deadline_s=10)
    remember(lease)
    lease.release()

    assert serving(home) is None


def test_a_server_that_lost_its_socket_is_started_anew(home: Path) -> None:
    first = start(home)
    remember(first)
    (home / "postgres" / "data" / SOCKET).unlink()

    second = start(home, deadline_s=10)
    kept = recall(second)
    first.release()
    second.release()

    assert kept == (42,)


def test_a_forked_child_does_not_stop_its_parents_server(home: Path) -> None:
    command = [sys.executable, "-c", FORK, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("(1,)\n", "")
    assert serving(home) is None
