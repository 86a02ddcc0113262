"""One change under suspicion, read once."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from rootline.changes.diffs.diff import MAX_DIFF, Diff, DiffLine, parse
from rootline.changes.diffs.net import Net, net
from rootline.changes.paths.kinds import kinds_of
from rootline.changes.timing import SHORTEST, History, TookEffect, took_effect
from rootline.changes.verdict import QuotedLine
from rootline.domain.change import ChangeKind, ChangeSet, Commit, ConfigChange, Deployment, FlagChange
from rootline.domain.window import rfc3339

MAX_COMMITS = 400
MAX_SWITCHES = 200
MAX_TOTAL = 1_200_000
SHORTEST_FLAG = 6
LONGEST_BLOCK = 60
VALUE = re.compile(r"[a-z0-9.]+")
TOGETHER = timedelta(seconds=30)
"""Source: ours; a roll-out and the settings that came with it are dated by objects written one after another."""
SYNCED = timedelta(minutes=30)
"""Source: ours; what keeps flags as code reads them again every few minutes."""
SEPARATED = re.compile(r"[\w][-_.][\w]")


@dataclass(frozen=True)
class Candidate:
    """A commit, flag or configuration change with its diff read; a switch has no commit of its own.

    A deployment is one where nobody tells what it brought: it has no diff.

    `behind` are the flags that its message or lines name, or the head of a block that it changes: its code may have
    waited until they were switched.
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
    """Every change as a candidate: at most 400 commits, the latest in history, and 200 of each other kind.

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
        *(_from_config(one) for one in _settings(changes)[-MAX_SWITCHES:]),
        *_from_deployments(changes),
    )


def _from_commit(
    commit: Commit, history: History, services: tuple[str, ...], share: int, flags: Sequence[FlagChange]
) -> Candidate:
    commit = replace(commit, files=commit.files[:2000], message=commit.message[:8000])
    diff = parse(commit.diff[:share], commit.files)
    behind = tuple(flag for flag in flags if _names(commit.message, diff, flag.flag))
    switched = [TookEffect(service=flag.service, at=flag.at) for flag in behind if _switches(commit, diff, flag)]
    effects = sorted((*took_effect(commit, history, services), *switched), key=lambda one: one.at)
    return Candidate(
        label=commit.sha,
        kind="commit",
        message=commit.message,
        files=diff.files[:2000],
        diff=diff,
        effects=tuple(effects),
        commit=commit,
        behind=behind,
    )


def _switches(commit: Commit, diff: Diff, flag: FlagChange) -> bool:
    """Whether a commit of configuration alone writes the value that a flag had soon after: who keeps them as code."""
    after = flag.after.strip(" %").lower()
    soon = commit.at <= flag.at <= commit.at + SYNCED
    words = (word for line in diff.added[:40] for word in VALUE.findall(line.text[:200].lower()))
    return soon and kinds_of(commit.files) == {"config"} and after in words


def _names(message: str, diff: Diff, flag: str) -> bool:
    """Whether a commit speaks of a flag; a short or one-word name would be found in any code."""
    if len(flag) < SHORTEST_FLAG or not SEPARATED.search(flag):
        return False
    lines = diff.lines[:2000]
    named = (at for at, line in enumerate(lines) if flag in line.text[:400])
    return flag in message or any(lines[at].sign != " " or _holds_a_change(lines, at) for at in named)


def _holds_a_change(lines: Sequence[DiffLine], at: int) -> bool:
    """Whether a line that stayed, such as the condition of a block, has changed ones inside: further in, below it."""
    outer = _indent(lines[at])
    for line in lines[at + 1 : at + LONGEST_BLOCK]:
        if line.file != lines[at].file or (line.text.strip() and _indent(line) <= outer):
            return False
        if line.sign != " " and line.text.strip():
            return True
    return False


def _indent(line: DiffLine) -> int:
    return len(line.text) - len(line.text.lstrip())


def _from_flag(flag: FlagChange) -> Candidate:
    diff = _switched(flag.flag, flag.before, flag.after)
    effect = TookEffect(service=flag.service, at=flag.at)
    return Candidate(flag.flag, "flag", flag.flag, (), diff, (effect,))


def _from_config(config: ConfigChange) -> Candidate:
    diff = _switched(config.key, config.before, config.after)
    effect = TookEffect(service=config.service, at=config.at)
    return Candidate(config.key, "config", config.key, (), diff, (effect,))


def _from_deployments(changes: ChangeSet) -> Iterator[Candidate]:
    """Yield the deployments of which nobody tells what they brought, those of one name as one."""
    known = frozenset(commit.sha for commit in changes.commits)
    effects: dict[str, list[TookEffect]] = {}
    for one in sorted(changes.deployments, key=lambda one: one.at)[-MAX_SWITCHES:]:
        if not _brings(one, known) and not _sets_only(one, changes):
            effects.setdefault(name_of(one), []).append(TookEffect(service=one.service, at=one.at))
    for label, found in effects.items():
        yield Candidate(label, "deployment", "", (), Diff(), tuple(found))


def name_of(one: Deployment) -> str:
    """What a deployment of unknown content is called: its commit, else its version or time with the service's name."""
    called = one.version or rfc3339(one.at)
    return one.commit or (called if one.service in called else f"{one.service} {called}")


def _settings(changes: ChangeSet) -> list[ConfigChange]:
    """The settings that changed, without those that only tell the version of a deployment, which stands for itself."""
    deployed: dict[str, list[Deployment]] = {}
    for one in changes.deployments:
        deployed.setdefault(one.service, []).append(one)
    return [one for one in changes.configs if not any(_is_version(one, each) for each in deployed.get(one.service, ()))]


def _sets_only(one: Deployment, changes: ChangeSet) -> bool:
    """Whether settings are known that came with a deployment, and its version stayed."""
    own = [config for config in changes.configs if _came_with(config, one)]
    return bool(own) and not any(_is_version(config, one) for config in own)


def _came_with(config: ConfigChange, one: Deployment) -> bool:
    return config.service == one.service and abs(config.at - one.at) <= TOGETHER


def _is_version(config: ConfigChange, one: Deployment) -> bool:
    """Whether a setting is one of the images, or the one version, that a deployment is called by."""
    return bool(config.after) and config.after in one.version.split(",") and _came_with(config, one)


def _brings(one: Deployment, known: Collection[str]) -> bool:
    """Whether a commit is known that a deployment brought."""
    came = one.moved.came if one.moved is not None else ()
    if any(sha in known for sha in came):
        return True
    return len(one.commit) >= SHORTEST and any(sha.startswith(one.commit) for sha in known)


def _switched(key: str, before: str, after: str) -> Diff:
    return Diff(lines=(DiffLine("", 1, "-", f"{key}: {before[:300]}"), DiffLine("", 2, "+", f"{key}: {after[:300]}")))


def quoted(lines: Iterable[DiffLine]) -> tuple[QuotedLine, ...]:
    """The lines word for word, cut at 300 characters."""
    return tuple(QuotedLine(file=line.file, line=line.number, text=f"{line.sign}{line.text[:300]}") for line in lines)
