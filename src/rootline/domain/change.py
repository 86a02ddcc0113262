"""What people changed, with the time at which it took effect. All text in it is untrusted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rootline.domain.untrusted import Untrusted

ChangeKind = Literal["deployment", "commit", "flag", "config", "status"]


@dataclass(frozen=True, kw_only=True)
class Commit:
    """One commit. `diff` is unified or hunk-only text, empty where the source has none.

    `at` is when it was written, which says nothing about when it ran; `order` is its place in history.
    """

    sha: str
    at: datetime
    message: Untrusted
    author: str = ""
    files: tuple[str, ...] = ()
    diff: Untrusted = ""
    repository: str = ""
    order: int = 0


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A commit began to run as a service at a time."""

    service: str
    at: datetime
    commit: str
    version: str = ""
    previous_commit: str = ""


@dataclass(frozen=True, kw_only=True)
class FlagChange:
    """A feature flag took a new value for a service."""

    flag: str
    service: str
    at: datetime
    before: Untrusted
    after: Untrusted
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfigChange:
    """A configuration key took a new value; a secret's value is never in here."""

    key: str
    service: str
    at: datetime
    before: Untrusted
    after: Untrusted
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """What a provider's status page said at a time about one of its components."""

    provider: str
    at: datetime
    status: str
    text: Untrusted = ""


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """Everything known to have changed in a window, each list in order of time."""

    commits: tuple[Commit, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    flags: tuple[FlagChange, ...] = ()
    configs: tuple[ConfigChange, ...] = ()
    statuses: tuple[StatusEntry, ...] = ()

    def __bool__(self) -> bool:
        return any((self.commits, self.deployments, self.flags, self.configs, self.statuses))
