"""Runbooks in a git repository, fetched without a work tree, so that nothing in it is ever run or linked to."""

import asyncio
import hashlib
import os
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from rootline.sources.failure import SourceFailed
from rootline.sources.git_reading import git
from rootline.sources.runbooks.folder import ENDINGS
from rootline.sources.runbooks.markdown import LONGEST_PAGE, read_page
from rootline.sources.runbooks.places import MOST_PAGES, Place, Shelved
from rootline.sources.runbooks.source import Runbook

FETCH_S = 120.0
MOST_LISTING = 4 * 2**20
HERE = "refs/rootline/here"
_BLOB_FIELDS = 4


async def read_repository(place: Place, cache: Path, *, fetch: bool) -> Shelved:
    """Read every page of the newest commit; fetch it first where asked, or where there is nothing yet.

    Where it cannot be fetched anew, what was fetched before is read, and that is told.

    Raises:
        SourceFailed: The repository cannot be fetched or read.

    """
    clone = cache / hashlib.sha256(f"{place.where} {place.ref}".encode()).hexdigest()[:16]
    left_out: list[str] = []
    if fetch or not await _is_fetched(clone):
        left_out += await _renewed(place, clone)
    inside = ["--", place.under] if place.under else []
    listing = await git(clone, "ls-tree", "-r", "-l", "-z", HERE, *inside, most=MOST_LISTING)
    found: list[Runbook] = []
    for path, blob, size in _pages(listing):
        if len(found) == MOST_PAGES:
            left_out.append(f"{path} and what comes after it: more than {MOST_PAGES:,} pages")
            break
        if size > LONGEST_PAGE:
            left_out.append(f"{path}: longer than {LONGEST_PAGE:,} bytes")
            continue
        text = await git(clone, "cat-file", "blob", blob, most=LONGEST_PAGE)
        found.append(read_page(_name(path, place.under), text, source_url=_url(place, path)))
    return Shelved(place=place.where, runbooks=tuple(found), left_out=tuple(left_out))


def _pages(listing: str) -> list[tuple[str, str, int]]:
    """Return path, blob and size of each Markdown file, in order; links and submodules are none."""
    found = []
    for line in listing.split("\0"):
        head, _, path = line.partition("\t")
        fields = head.split()
        is_file = len(fields) == _BLOB_FIELDS and fields[0] in {"100644", "100755"} and fields[3].isdigit()
        if is_file and path.lower().endswith(ENDINGS):
            found.append((path, fields[2], int(fields[3])))
    return sorted(found)


def _name(path: str, under: str) -> str:
    return path.removeprefix(f"{under}/").rpartition(".")[0]


def _url(place: Place, path: str) -> str:
    return f"{place.where.removesuffix('.git')}#{path}"


def _is_there(clone: Path) -> bool:
    return (clone / "HEAD").is_file()


async def _renewed(place: Place, clone: Path) -> list[str]:
    """Fetch; return why not where there is an earlier commit to read instead."""
    try:
        await _fetch(place, clone)
    except SourceFailed as failed:
        if not await _is_fetched(clone):
            raise
        return [f"what is newer than the last fetch: {failed}"]
    return []


async def _is_fetched(clone: Path) -> bool:
    """Whether a commit was ever fetched."""
    if not _is_there(clone):
        return False
    try:
        return bool(await git(clone, "rev-parse", "--verify", "--quiet", HERE, most=100))
    except SourceFailed:
        return False


async def _fetch(place: Place, clone: Path) -> None:
    """Fetch the newest commit alone, without its history, with git's transports limited to those that run nothing."""
    if not _is_there(clone):
        await _run(place, "init", "--quiet", "--bare", str(clone))
    wanted = f"+{place.ref or 'HEAD'}:{HERE}"
    await _run(place, "-C", str(clone), "fetch", "--quiet", "--depth", "1", "--no-tags", "--", place.where, wanted)


async def _run(place: Place, *arguments: str) -> None:
    asked = f"git fetch {place.where}"
    environment = {
        **os.environ,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "https:http:ssh:file",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
    }
    inert = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "fetch.recurseSubmodules=false")
    try:
        running = await asyncio.create_subprocess_exec(
            "git", *inert, *arguments, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=environment
        )
    except OSError as bad:
        raise SourceFailed(asked, "git cannot be started", "Install git, or leave the repository out.") from bad
    try:
        async with asyncio.timeout(FETCH_S):
            _, said = await running.communicate()
    except TimeoutError as late:
        raise SourceFailed(asked, f"not fetched within {FETCH_S:g} s", "Is the server reachable?") from late
    finally:
        if running.returncode is None:
            running.kill()
            await running.communicate()
    if running.returncode:
        why = _why(said[-2000:].decode(errors="replace"))
        raise SourceFailed(asked, why, "Try `git ls-remote` with the same address: address, access or branch is wrong.")


def _why(said: str) -> str:
    """Return git's first words on what went wrong; those after them are advice."""
    lines = [line.strip() for line in said.splitlines() if any(char.isalpha() for char in line)]
    told = next((line for line in lines if not line.lower().startswith("warning:")), "git refused")
    return told[:200].rstrip(".")
