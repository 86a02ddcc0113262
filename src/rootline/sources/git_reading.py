"""Runs git on a local clone, bounded in time and output. Nothing in the clone is run, fetched or changed."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path

from rootline.sources.failure import SourceFailed

DEADLINE_S = 20.0
_INERT = (
    "--no-pager",
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "merge.renormalize=false"),
)
"""A clone's own configuration can name programs; these switch off those that reading would start."""


async def git(
    folder: Path,
    *arguments: str,
    most: int,
    within_s: float = DEADLINE_S,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Return at most `most` bytes of what git says; `environment` is what it is told beside ours.

    Raises:
        SourceFailed: Git is missing, refuses, or takes too long.

    """
    asked = f"git in {folder}"
    try:
        running = await asyncio.create_subprocess_exec(
            "git",
            *("-C", str(folder), *_INERT, *arguments),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **environment} if environment else None,
        )
    except OSError as bad:
        raise SourceFailed(asked, "git cannot be started", "Install git, or leave the repository out.") from bad
    try:
        async with asyncio.timeout(within_s):
            out, said = await asyncio.gather(_read_cut(running, most), _read(running.stderr, 2000))
            await running.communicate()
    except TimeoutError as late:
        raise SourceFailed(asked, f"no answer within {within_s:g} s", "Is the clone on a slow disk?") from late
    finally:
        if running.returncode is None:
            running.kill()
            await running.communicate()
    if running.returncode and len(out) <= most:
        raise SourceFailed(asked, *_why(said.decode(errors="replace"), folder))
    return out[:most].decode(errors="replace")


async def _read_cut(running: Process, most: int) -> bytes:
    """Read what git says; stop it when that is more than is kept."""
    out = await _read(running.stdout, most)
    if len(out) > most:
        running.kill()
    return out


async def _read(stream: asyncio.StreamReader | None, most: int) -> bytes:
    """Read up to one byte more than `most`, so that a cut can be told."""
    body = bytearray()
    while stream is not None and len(body) <= most and (piece := await stream.read(65536)):
        body += piece[: most + 1 - len(body)]
    return bytes(body)


def _why(said: str, folder: Path) -> tuple[str, str]:
    if "dubious ownership" in said:
        return "it belongs to another user", f"Run `git config --global --add safe.directory {folder}` if you trust it."
    if "not a git repository" in said or "cannot change to" in said:
        return "there is no git repository", "ROOTLINE_GIT_REPOSITORY is the folder of a clone."
    if "unknown revision" in said or "does not have any commits" in said or "bad revision" in said:
        return "it has no commits", "Fetch its history first."
    return " ".join(said.split())[:200] or "git failed", "Try `git log` there."
