"""Commands as a person types them, run in this process on a home whose database is made once and copied."""

import asyncio
import atexit
import io
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rootline.cli.door import enter
from rootline.cli.parser import parse
from rootline.opening import open_desk
from rootline.settings import read_settings


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


def run(*words: str, at: Path, stdin: str = "", **variables: str) -> Done:
    """Type a command in a folder, whose `home` is a copy of a made one, which takes less time than making it."""
    if not (at / "home").exists():
        shutil.copytree(_made(), at / "home", symlinks=True)
    return run_bare(*words, at=at, stdin=stdin, **variables)


def run_bare(*words: str, at: Path, stdin: str = "", **variables: str) -> Done:
    """Type a command in a folder, whose `home` is as the commands before left it."""
    out, err = io.StringIO(), io.StringIO()
    environment = {**os.environ, "ROOTLINE_HOME": str(at / "home"), "NO_COLOR": "1", **variables}
    with chdir(at), redirect_stdout(out), redirect_stderr(err), _typed(stdin), _logged(err):
        code = enter(parse(words), environment)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())


@contextmanager
def _typed(text: str) -> Iterator[None]:
    """Let standard input hold a text."""
    sys.stdin, before = io.StringIO(text), sys.stdin
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def _logged(err: io.StringIO) -> Iterator[None]:
    """Print warnings as a process would; pytest has taken the log."""
    printing = logging.StreamHandler(err)
    printing.setLevel(logging.WARNING)
    logging.getLogger().addHandler(printing)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(printing)


@cache
def _made() -> Path:
    """Make a home with an empty database, once for all tests of a process."""
    home = Path(tempfile.mkdtemp(prefix="rootline-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    asyncio.run(_opened(home))
    return home


async def _opened(home: Path) -> None:
    async with open_desk(read_settings({"ROOTLINE_HOME": str(home)})):
        pass
