"""The history of a file of flag definitions in the git repository that it lies in."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from rootline.domain.change import FlagChange
from rootline.domain.moment import read_moment
from rootline.domain.window import Window, rfc3339
from rootline.sources.failure import SourceFailed
from rootline.sources.flags.definitions import MOST_BYTES, Flags, NoFlags, differences, read_definitions
from rootline.sources.git_reading import git
from rootline.sources.together import together

BEFORE = timedelta(days=7)
"""Source: ours; how long before the window a change may still explain it."""
MOST_COMMITS = 30
AT_ONCE = 4


async def commit_of(file: Path) -> str:
    """The commit at which the repository of a file stands; empty where git does not know the file, or has none yet."""
    try:
        is_kept = bool(await git(file.parent, "ls-files", "--", file.name, most=1_000))
        return (await git(file.parent, "rev-parse", "HEAD", most=100)).strip() if is_kept else ""
    except SourceFailed:
        return ""


async def is_known(file: Path, commit: str) -> bool:
    """Whether the repository of a file holds a commit."""
    try:
        await git(file.parent, "cat-file", "-e", f"{commit}^{{commit}}", most=100)
    except SourceFailed:
        return False
    return True


async def history(file: Path, window: Window, *, is_yaml: bool) -> tuple[list[FlagChange], Flags | None]:
    """What each commit changed from a week before the window up to its end, and what the last one left.

    A version that cannot be read is passed over.
    """
    asked = (f"--since={rfc3339(window.start - BEFORE)}", f"--until={rfc3339(window.end)}", f"-n{MOST_COMMITS}")
    fields = "--format=%H%x00%cI%x00%aN"
    lines = (await git(file.parent, "log", fields, *asked, "HEAD", "--", file.name, most=100_000)).splitlines()
    rows = [line.split("\0") for line in reversed(lines)]
    revisions = [f"{rows[0][0]}^", *(row[0] for row in rows)] if rows else ["HEAD"]
    held = await together((_version(file, one, is_yaml=is_yaml) for one in revisions), at_once=AT_ONCE)
    last = next((one for one in reversed(held) if one is not None), None)
    return list(_changes(rows, held)), last


def _changes(rows: Sequence[Sequence[str]], held: Sequence[Flags | None]) -> list[FlagChange]:
    found: list[FlagChange] = []
    before = held[0]
    for row, after in zip(rows, held[1:], strict=False):
        if before is not None and after is not None:
            at = read_moment(row[1])
            found += [
                FlagChange(flag=name, service=service, at=at, before=old, after=new, actor=row[2][:200])
                for name, service, old, new in differences(before, after)
            ]
        before = after if after is not None else before
    return found


async def _version(file: Path, revision: str, *, is_yaml: bool) -> Flags | None:
    try:
        text = await git(file.parent, "show", f"{revision}:./{file.name}", most=MOST_BYTES)
        return read_definitions(text.encode(errors="surrogatepass"), is_yaml=is_yaml)
    except SourceFailed:
        return {} if revision.endswith("^") else None
    except NoFlags:
        return None
