import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rootline.errors import Misconfigured
from rootline.store.embedded import start
from rootline.store.embedded.account import Account
from rootline.store.embedded.binaries import Binaries, find, readable_by
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.sockets import short_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")

LEAVE_ROOT = """
import os, sys, psycopg
from importlib.resources import files
from pathlib import Path
from rootline.store.embedded import start
gid, uid, home = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
files("rootline.store.embedded").joinpath("missing.sql").read_bytes()
os.setgroups([]); os.setgid(gid); os.setuid(uid)
lease = start(home / "rootline")
with psycopg.connect(lease.app_dsn) as connection:
    print(os.getuid(), connection.execute("select current_user").fetchone()[0])
lease.release()
"""


@pytest.fixture
def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """Lend a folder that everyone can walk into."""
    folder = Path(tempfile.mkdtemp(prefix="rootline-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@as_root
def test_without_namespaces_root_leaves_the_server_to_nobody_in_a_home_that_nobody_can_enter(
    new_home: Path, nobody: Account
) -> None:
    new_home.mkdir(mode=0o700)

    first = start(new_home, user_namespaces=False)
    with psycopg.connect(first.owner_dsn) as connection:
        connection.execute("create table kept as select 42 as answer")
    first.release()
    second = start(new_home)
    with psycopg.connect(second.app_dsn) as connection:
        answer = connection.execute("select 1").fetchone()
    second.release()

    assert answer == (1,)
    assert (new_home / "postgres" / "data").stat().st_uid == nobody.uid
    assert new_home.stat().st_mode & 0o777 == 0o700


@as_root
def test_data_of_root_is_handed_to_nobody_once_namespaces_are_forbidden(home: Path, nobody: Account) -> None:
    start(home).release()
    data = home / "postgres" / "data"
    before = data.stat().st_uid

    start(home, user_namespaces=False).release()
    after = {path.lstat().st_uid for path in (data, *data.rglob("*"))}
    for path in (data, *data.rglob("*")):
        os.chown(path, before, -1)

    assert before == 0
    assert after == {nobody.uid}


@as_root
def test_binaries_that_nobody_can_reach_are_copied_once(new_home: Path, nobody: Account, shelf: Path) -> None:
    new_home.mkdir(mode=0o700)
    hidden = Binaries(folder=new_home / "hidden")
    shutil.copytree(find().folder, hidden.folder, ignore=shutil.ignore_patterns("include"))

    copy = readable_by(nobody, hidden, Deadline.after(30), shelves=(shelf,))
    made = copy.folder.stat().st_mtime_ns
    again = readable_by(nobody, hidden, Deadline.after(30), shelves=(shelf,))

    assert again == copy
    assert again.folder.stat().st_mtime_ns == made
    assert subprocess.run([copy.program("postgres"), "--version"], user=nobody.uid, check=True).returncode == 0


@as_root
def test_a_shelf_that_others_can_write_to_is_refused(new_home: Path, nobody: Account, shelf: Path) -> None:
    (new_home / "bin").mkdir(mode=0o700, parents=True)
    (shelf / "rootline-postgres").mkdir()
    (shelf / "rootline-postgres").chmod(0o777)

    with pytest.raises(Misconfigured, match="only we can write to"):
        readable_by(nobody, Binaries(folder=new_home), Deadline.after(1), shelves=(shelf,))


@as_root
def test_a_socket_folder_made_by_someone_else_is_refused(new_home: Path, nobody: Account) -> None:
    long = new_home / ("a" * 120)
    folder = short_folder(long.resolve() / "postgres" / "data", 0)
    folder.mkdir(mode=0o700)
    os.chown(folder, nobody.uid, nobody.gid)

    with pytest.raises(Misconfigured, match="belongs to user id"):
        start(long)

    folder.rmdir()


@as_root
def test_a_home_of_someone_else_is_refused(new_home: Path, nobody: Account) -> None:
    (new_home / "postgres").mkdir(mode=0o700, parents=True)
    os.chown(new_home / "postgres", nobody.uid, nobody.gid)

    with pytest.raises(Misconfigured, match="belongs to user id"):
        start(new_home)


@as_root
def test_an_ordinary_user_needs_no_privileges(new_home: Path, nobody: Account) -> None:
    if not find().serve(nobody):
        pytest.skip("the installed binaries are in a folder that other users cannot enter")
    new_home.mkdir()
    new_home.parent.chmod(0o755)
    os.chown(new_home, nobody.uid, nobody.gid)

    command = [sys.executable, "-c", LEAVE_ROOT, str(nobody.gid), str(nobody.uid), str(new_home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == (f"{nobody.uid} rootline_app\n", "")
