"""The shipped command as its clients start it: a process of its own, with a home of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rootline.domain.evidence import JsonObject

LEGACY: JsonObject = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "0"},
}
ENVELOPE: JsonObject = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass(frozen=True, kw_only=True)
class Home:
    """A home of Rootline, in which every command of it runs."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOTLINE_")}
        return {**kept, "ROOTLINE_HOME": str(self.folder / "home"), **more}

    def start(self, *arguments: str, **environment: str) -> "Process":
        command = [sys.executable, "-m", "rootline.cli", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return Process(subprocess.Popen(command, env=self.environment(**environment), **pipes))  # type: ignore[call-overload]

    def run(self, *arguments: str, okay: Collection[int] = (0,), is_error: bool = False) -> str:
        """Run a command to its end, which is one of the codes; return what it wrote, or what it complained of."""
        command = [sys.executable, "-m", "rootline.cli", *arguments]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)
        assert done.returncode in okay, done.stderr
        return done.stderr if is_error else done.stdout

    @property
    def databases(self) -> list[int]:
        """The PostgreSQL processes that work in this home."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(self.folder):
                    found.append(int(entry.name))
        return found


class Process:
    """A running server on standard input and output, spoken to in single lines."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self.popen = popen

    def tell(self, method: str, params: JsonObject | None = None, id_: int | None = None) -> None:
        numbered = {} if id_ is None else {"id": id_}
        message = {"jsonrpc": "2.0", **numbered, "method": method, "params": params or {}}
        assert self.popen.stdin is not None
        self.popen.stdin.write(json.dumps(message).encode() + b"\n")
        self.popen.stdin.flush()

    def heard(self) -> Any:
        """Read one line, which is JSON or the test fails."""
        assert self.popen.stdout is not None
        return json.loads(self.popen.stdout.readline())

    def ask(self, method: str, params: JsonObject | None = None, id_: int = 1) -> Any:
        self.tell(method, params, id_)
        while (answer := self.heard()).get("id") != id_:
            pass
        return answer["result"]

    def greet(self) -> Any:
        """Open a connection of the older protocol."""
        hello = self.ask("initialize", LEGACY)
        self.tell("notifications/initialized")
        return hello

    def end(self, how: signal.Signals | None = None) -> tuple[int, bytes, str]:
        """End it by a signal, or by closing its input; return its code and what else it wrote."""
        if how is not None:
            self.popen.send_signal(how)
        elif self.popen.stdin is not None:
            self.popen.stdin.close()
            self.popen.stdin = None
        out, err = self.popen.communicate(timeout=60)
        return self.popen.returncode, out, err.decode()


@contextmanager
def home() -> Iterator[Home]:
    """Lend a home with a short path; nothing that was started in it outlives the block."""
    lent = Home(folder=Path(tempfile.mkdtemp(prefix="rootline-")))
    try:
        yield lent
    finally:
        for pid in lent.databases:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(lent.folder, ignore_errors=True)


@contextmanager
def silent_model() -> Iterator[tuple[str, socket.socket]]:
    """Listen like a model's server that takes every question and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", listening
