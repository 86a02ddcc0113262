"""Which commits a deployment brought or took back, and how sure that is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rootline.domain.change import ChangeSet, Commit, CommitRange, Deployment

SHORTEST = 7
"""Source: git, "core.abbrev"; fewer digits of a hash are no name of a commit."""
_WHOLE = 40
MOST_LISTED = 250
"""Source: ours; as many as GitHub names in one comparison."""


def compared(
    before: str, after: str, came: Sequence[str], left: Sequence[str], *, is_whole: bool = True
) -> CommitRange:
    """Read a comparison of two revisions that a repository made.

    Args:
        before: The revision that ran; empty for none.
        after: The revision that runs.
        came: The commits reachable from `after` alone, oldest first.
        left: The commits reachable from `before` alone, oldest first.
        is_whole: Whether the repository listed them all.

    """
    if before and same(before, after):
        return CommitRange(relation="same")
    why = "" if is_whole else "the repository lists more commits than were read"
    if len(came) > MOST_LISTED or len(left) > MOST_LISTED:
        is_whole, why = False, f"only the latest {MOST_LISTED} commits are listed"
    listed = tuple(came)[-MOST_LISTED:], tuple(left)[-MOST_LISTED:]
    if not before:
        return CommitRange(relation="first", came=listed[0], is_whole=is_whole, why=why)
    if came and left:
        told = f"{before[:SHORTEST]} is not in the history of {after[:SHORTEST]}: pushed by force, or of another branch"
        why = f"{told}; {why}" if why else told
        return CommitRange(relation="rewritten", came=listed[0], left=listed[1], is_whole=is_whole, why=why)
    if came:
        return CommitRange(relation="forward", came=listed[0], is_whole=is_whole, why=why)
    if left:
        return CommitRange(relation="rollback", left=listed[1], is_whole=is_whole, why=why)
    return unknown("the two revisions could not be told apart")


def unknown(why: str) -> CommitRange:
    """The range of which nothing is known but why."""
    return CommitRange(relation="unknown", is_whole=False, why=why)


def only_merges(before: str, after: str) -> CommitRange:
    """The range between two revisions that differ in how they were merged alone."""
    return unknown(
        f"only merges lie between {before[:SHORTEST]}, which ran before, and {after[:SHORTEST]}; they change no file"
    )


def same(one: str, other: str) -> bool:
    """Whether two names of commits, whole or shortened, can be the same."""
    shorter, longer = sorted((one.lower(), other.lower()), key=len)
    return len(shorter) >= SHORTEST and longer.startswith(shorter)


def brought_besides(deployments: Iterable[Deployment], known: Collection[str]) -> list[str]:
    """The commits that deployments brought after something else ran, but for the known ones; oldest first.

    What a first deployment brought is everything that ever was, which tells nothing.
    """
    moves = (
        one.moved for one in deployments if one.moved is not None and one.moved.relation in {"forward", "rewritten"}
    )
    return [sha for sha in dict.fromkeys(sha for moved in moves for sha in moved.came) if sha not in known]


def ranges(changes: ChangeSet) -> tuple[Deployment, ...]:
    """Return every deployment, oldest first, with what ran before it and the range between.

    What the source itself compared stays. Else the revision before is the one that the deployment names, or the one
    that the service's last deployment brought; the range lies between their places in the history that was read.
    """
    histories = _histories(changes.commits)
    running: dict[str, str] = {}
    found = []
    for one in sorted(changes.deployments, key=lambda deployment: deployment.at):
        before = one.previous_commit or running.get(one.service, "")
        moved = one.moved or _along(before, one.commit, histories)
        found.append(replace(one, previous_commit=before, moved=moved))
        running[one.service] = one.commit or running.get(one.service, "")
    return tuple(found)


def _histories(commits: Sequence[Commit]) -> "Sequence[_History]":
    found: dict[str, list[str]] = {}
    for one in sorted(commits, key=lambda commit: (commit.order, commit.at)):
        found.setdefault(one.repository, []).append(one.sha)
    return [_History(shas) for shas in found.values()]


def _along(before: str, after: str, histories: "Sequence[_History]") -> CommitRange:
    if not after:
        return unknown("no commit is named")
    if before and same(before, after):
        return CommitRange(relation="same")
    found = ((history.shas, history.place(after), history.place(before)) for history in histories)
    shas, end, start = next(((one, there, here) for one, there, here in found if there is not None), ((), 0, None))
    if not shas:
        return unknown(f"{after[:SHORTEST]} is not among the commits that were read")
    if not before:
        why = "no earlier deployment is known, so each commit up to this one may be new"
        return CommitRange(relation="first", came=tuple(shas[: end + 1])[-MOST_LISTED:], is_whole=False, why=why)
    if start is None:
        why = "was pushed over by force, is of another branch, or is older than what was read"
        return unknown(f"{before[:SHORTEST]}, which ran before, {why}")
    return compared(before, after, shas[start + 1 : end + 1], shas[end + 1 : start + 1])


class _History:
    """The commits of one repository, oldest first, found by whole or shortened names."""

    def __init__(self, shas: Sequence[str]) -> None:
        self.shas = shas
        self._places = {sha: at for at, sha in enumerate(shas)}

    def place(self, sha: str) -> int | None:
        known = self._places.get(sha)
        if known is not None or len(sha) >= _WHOLE:
            return known
        return next((at for at, full in enumerate(self.shas) if same(sha, full)), None)
