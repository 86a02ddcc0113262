"""A commit as GitHub tells it becomes one of ours, its files joined to one diff."""

from datetime import UTC, datetime

from rootline.domain.change import Commit
from rootline.sources.kubernetes.raw import Raw

LONGEST_DIFF = 40_000
LONGEST_MESSAGE = 4_000
MOST_FILES = 300
"""Source: docs.github.com, "Get a commit": as many files as one page of it has."""
_EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
"""Source: git-scm.com, "Git Internals - Git Objects": the hash of a blob without content."""
_UNTOUCHED = frozenset({"renamed", "copied", "changed", "unchanged"})
_DIGITS = frozenset("0123456789abcdef")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_sha(text: str) -> bool:
    """Whether a text is a whole hash, so that it may stand in a path."""
    return len(text) in {40, 64} and set(text) <= _DIGITS


def is_merge(held: Raw) -> bool:
    """Whether a commit has more than one parent."""
    return len(held.each("parents")) > 1


def written_at(held: Raw) -> datetime:
    """When a commit was committed; the epoch where it does not say."""
    return held.moment("commit", "committer", "date") or held.moment("commit", "author", "date") or _EPOCH


def as_commit(held: Raw, repository: str, order: int, note: str = "") -> Commit:
    """Make a commit; `note` is put behind its message."""
    files = held.each("files")[:MOST_FILES]
    diff = "\n".join(_diff(one) for one in files)
    message = _words(held.at("commit", "message"), LONGEST_MESSAGE).strip()
    return Commit(
        sha=held.text("sha"),
        at=written_at(held),
        message=f"{message}\n\n{note}" if note else message,
        author=held.text("commit", "author", "name")[:200],
        files=tuple(one.text("filename") for one in files if one.text("filename")),
        diff=diff[:LONGEST_DIFF],
        repository=repository,
        order=order,
    )


def lacks(held: Raw) -> bool:
    """Whether something of a commit's diff was not sent: a file's patch, or files past the most that are sent."""
    files = held.each("files")
    return any(_is_unsent(one) for one in files) or len(files) >= MOST_FILES


def _is_unsent(file: Raw) -> bool:
    """Whether a file has a diff that was not sent; an empty one has none, nor has one that was moved as it was."""
    if file.text("patch") or file.text("sha") == _EMPTY:
        return False
    return file.text("status") not in _UNTOUCHED or file.number("changes") > 0


def _diff(file: Raw) -> str:
    """One file as unified text; a file without a patch has its head alone, and says so where git says nothing."""
    name, status = file.text("filename"), file.text("status")
    before = file.text("previous_filename") or name
    lines = [f"diff --git a/{before} b/{name}"]
    patch = _words(file.at("patch"), LONGEST_DIFF)
    if not patch:
        return "\n".join([*lines, f"index {status}: GitHub sent no diff of this file"])
    old = "/dev/null" if status == "added" else f"a/{before}"
    new = "/dev/null" if status == "removed" else f"b/{name}"
    return "\n".join([*lines, f"--- {old}", f"+++ {new}", patch])


def _words(held: Raw, most: int) -> str:
    """Text with its line breaks, cut."""
    return held.held[:most] if isinstance(held.held, str) else ""
