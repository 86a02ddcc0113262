"""One process of the laboratory. It ends when the laboratory does, however that ends."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping, Sequence
from pathlib import Path

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_GRACE_S = 5.0
_LAST_WORDS = 1500
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


class Child:
    """A started process with its output in a file."""

    def __init__(self, name: str, process: Process, output: Path) -> None:
        self.name, self._process, self.output = name, process, output

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        output: Path,
        environment: Mapping[str, str],
        *,
        outlives: bool = False,
    ) -> "Child":
        """Start it; of our own environment it sees where programs lie, and no secrets.

        One that `outlives` us sees all of the environment and goes on when we end.
        """
        own = {key: value for key, value in os.environ.items() if outlives or key in _KEPT}
        with output.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=DEVNULL,
                stdout=out,
                stderr=STDOUT,
                env={**own, **environment},
                cwd=output.parent,
                start_new_session=True,
                preexec_fn=None if outlives else _die_with_parent,
            )
        return cls(name, process, output)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def ended(self) -> int:
        """Wait for its end; return its exit code."""
        return await self._process.wait()

    async def stop(self) -> None:
        """End it: first kindly, then not."""
        if not self.runs:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _GRACE_S)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once."""
        if self.runs:
            self._process.kill()
            await self._process.wait()

    @property
    def memory_bytes(self) -> int:
        """How much memory it holds; 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def last_words(self) -> str:
        """Return the end of what it printed."""
        return self.output.read_text(encoding="utf-8", errors="replace")[-_LAST_WORDS:].strip()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
