"""One change under suspicion, read once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rootline.changes.diff import MAX_DIFF, Diff, DiffLine, parse
from rootline.changes.net import Net, net
from rootline.changes.timing import History, TookEffect, took_effect
from rootline.changes.verdict import QuotedLine
from rootline.domain.change import ChangeKind, ChangeSet, Commit, ConfigChange, FlagChange

MAX_COMMITS = 400
MAX_SWITCHES = 200
MAX_TOTAL = 1_200_000
SHORTEST_FLAG = 6
SEPARATED = re.compile(r"[\w][-_.][\w]")


@dataclass(frozen=True)
class Candidate:
    """A commit, flag or configuration change with its diff read; a switch has no commit of its own.

    `behind` are the flags that the commit's lines or message name: its code may have waited until they were switched.
    """

    label: str
    kind: ChangeKind
    message: str
    files: tuple[str, ...]
    diff: Diff
    effects: tuple[TookEffect, ...]
    commit: Commit | None = None
    behind: tuple[FlagChange, ...] = ()

    @cached_property
    def net(self) -> Net:
        """What truly came and went, worked out when first asked for."""
        return net(self.diff)


def candidates(changes: ChangeSet, services: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Every change as a candidate: at most 400 commits, the latest in history, and 200 switches of each kind.

    Diffs share 1.2 million characters; when there are more, each is cut to its equal share.
    """
    history = History.of(changes)
    commits = sorted(changes.commits, key=lambda one: (one.order, one.at))[-MAX_COMMITS:]
    total = sum(len(commit.diff) for commit in commits)
    share = MAX_DIFF if total <= MAX_TOTAL else MAX_TOTAL // len(commits)
    flags = changes.flags[-MAX_SWITCHES:]
    known = tuple(dict.fromkeys((*services, *(one.service for one in changes.deployments))))
    return (
        *(_from_commit(commit, history, known, share, flags) for commit in commits),
        *(_from_flag(flag) for flag in flags),
        *(_from_config(config) for config in changes.configs[-MAX_SWITCHES:]),
    )


def _from_commit(
    commit: Commit, history: History, services: tuple[str, ...], share: int, flags: Sequence[FlagChange]
) -> Candidate:
    commit = replace(commit, files=commit.files[:2000], message=commit.message[:8000])
    diff = parse(commit.diff[:share], commit.files)
    return Candidate(
        label=commit.sha,
        kind="commit",
        message=commit.message,
        files=diff.files[:2000],
        diff=diff,
        effects=took_effect(commit, history, services),
        commit=commit,
        behind=tuple(flag for flag in flags if _names(commit.message, diff, flag.flag)),
    )


def _names(message: str, diff: Diff, flag: str) -> bool:
    """Whether a commit speaks of a flag; a short or one-word name would be found in any code."""
    if len(flag) < SHORTEST_FLAG or not SEPARATED.search(flag):
        return False
    return flag in message or any(flag in line.text[:400] for line in diff.lines[:2000])


def _from_flag(flag: FlagChange) -> Candidate:
    diff = _switched(flag.flag, flag.before, flag.after)
    effect = TookEffect(service=flag.service, at=flag.at)
    return Candidate(flag.flag, "flag", flag.flag, (), diff, (effect,))


def _from_config(config: ConfigChange) -> Candidate:
    diff = _switched(config.key, config.before, config.after)
    effect = TookEffect(service=config.service, at=config.at)
    return Candidate(config.key, "config", config.key, (), diff, (effect,))


def _switched(key: str, before: str, after: str) -> Diff:
    return Diff(lines=(DiffLine("", 1, "-", f"{key}: {before[:300]}"), DiffLine("", 2, "+", f"{key}: {after[:300]}")))


def quoted(lines: Iterable[DiffLine]) -> tuple[QuotedLine, ...]:
    """The lines word for word, cut at 300 characters."""
    return tuple(QuotedLine(file=line.file, line=line.number, text=f"{line.sign}{line.text[:300]}") for line in lines)
