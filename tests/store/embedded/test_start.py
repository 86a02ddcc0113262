import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from rootline.errors import Misconfigured
from rootline.store.embedded import start
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.locks import alone
from rootline.store.embedded.place import Place
from rootline.store.embedded.processes import postmaster
from rootline.store.embedded.sockets import short_folder

User = Callable[[Path], subprocess.Popen[str]]

POWERS = """
select current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
    (select count(*) from pg_class where relowner = pg_roles.oid)
    + (select count(*) from pg_database where datdba = pg_roles.oid)
from pg_roles where rolname = current_user
"""


def serving(home: Path) -> int | None:
    found = postmaster(home.resolve() / "postgres" / "data")
    return found.pid if found else None


def remember(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select 42 as answer")


def ask(dsn: str, sql: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchone()


def test_rows_outlive_the_server(home: Path) -> None:
    first = start(home)
    remember(first.owner_dsn)
    first.release()

    second = start(home)
    kept = ask(second.owner_dsn, "select answer from kept")
    second.release()

    assert kept == (42,)


def test_the_second_lease_finds_the_first_server_and_the_last_release_stops_it(home: Path) -> None:
    first, second = start(home), start(home)
    pid = serving(home)

    first.release()
    first.release()
    still = serving(home)
    second.release()

    assert pid is not None
    assert still == pid
    assert serving(home) is None


def test_the_app_role_owns_nothing_and_passes_no_barrier(home: Path) -> None:
    lease = start(home)

    powers = ask(lease.app_dsn, POWERS)
    database = ask(lease.app_dsn, "select current_database()")
    lease.release()

    assert powers == ("rootline_app", False, False, False, False, False, 0)
    assert database == ("rootline",)


def test_stored_rows_are_synced_and_text_is_unicode(home: Path) -> None:
    lease = start(home)

    settings = "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('timezone')"
    durable = ask(lease.owner_dsn, settings)
    folded = ask(lease.owner_dsn, "select lower('ÉCOLE'), to_tsvector('simple', 'ÉCOLE')::text")
    lease.release()

    assert durable == ("on", "on", "UTC")
    assert folded == ("école", "'école':1")


def test_threads_of_one_process_share_one_server(home: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        leases = list(pool.map(lambda _: start(home), range(4)))

    servers = {str(ask(lease.owner_dsn, "select pg_postmaster_start_time()")) for lease in leases}
    for lease in leases:
        lease.release()

    assert len(servers) == 1
    assert serving(home) is None


def test_processes_that_start_at_once_share_one_server_and_the_last_stops_it(new_home: Path, user: User) -> None:
    processes = [user(new_home) for _ in range(4)]
    said = [process.stdout.readline() for process in processes if process.stdout]
    pid = serving(new_home)

    statuses = []
    for process in processes:
        assert serving(new_home) == pid
        process.communicate()
        statuses.append(process.returncode)

    assert said == ["ready\n"] * 4
    assert statuses == [0] * 4
    assert (new_home / "postgres" / "server.log").read_text().count("starting PostgreSQL") == 1
    assert serving(new_home) is None


def test_a_path_may_hold_any_letter(moved: Callable[[str], Path]) -> None:
    lease = start(moved("with space, comma, 'quote' and größe"))

    answer = ask(lease.app_dsn, "select 1")
    lease.release()

    assert answer == (1,)


def test_a_long_path_is_served_through_a_short_folder_that_goes_with_the_server(moved: Callable[[str], Path]) -> None:
    long = moved("a" * 120)
    expected = short_folder(long.resolve() / "postgres" / "data", os.geteuid())

    lease = start(long)
    sockets = Path(str(conninfo_to_dict(lease.app_dsn)["host"]))
    answer = ask(lease.app_dsn, "select 1")
    mode = sockets.stat().st_mode & 0o777
    lease.release()

    assert sockets == expected
    assert answer == (1,)
    assert mode == 0o700
    assert not sockets.exists()


def test_a_socket_folder_that_others_can_enter_is_refused(new_home: Path) -> None:
    folder = short_folder((new_home / ("a" * 120)).resolve() / "postgres" / "data", os.geteuid())
    folder.mkdir()
    folder.chmod(0o777)

    with pytest.raises(Misconfigured, match="is open to others"):
        start(new_home / ("a" * 120))

    folder.rmdir()


def test_a_socket_folder_that_is_a_link_is_refused(new_home: Path) -> None:
    folder = short_folder((new_home / ("a" * 120)).resolve() / "postgres" / "data", os.geteuid())
    new_home.mkdir()
    folder.symlink_to(new_home)

    with pytest.raises(Misconfigured, match="is not a folder"):
        start(new_home / ("a" * 120))

    folder.unlink()


def test_a_home_that_is_a_file_is_refused(new_home: Path) -> None:
    new_home.write_text("not a folder")

    with pytest.raises(Misconfigured, match="cannot live in ROOTLINE_HOME"):
        start(new_home)


def test_a_home_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(Misconfigured, match="cannot live in ROOTLINE_HOME"):
        start(Path("/proc/rootline"))


def test_waiting_for_another_process_ends_at_the_deadline(new_home: Path) -> None:
    place = Place(folder=new_home / "postgres")
    place.folder.mkdir(mode=0o700, parents=True)

    with alone(place.start_lock, Deadline.after(1)), pytest.raises(Misconfigured, match="Another process"):
        start(new_home, deadline_s=0.1)


def test_a_server_that_cannot_start_shows_its_log(home: Path) -> None:
    start(home).release()
    rules = home / "postgres" / "data" / "pg_hba.conf"
    good = rules.read_text()
    rules.write_text("nonsense\n")

    with pytest.raises(Misconfigured, match="invalid connection type"):
        start(home)

    rules.write_text(good)
