"""What people changed, with the time at which it took effect. All text in it is untrusted."""

from dataclasses import dataclass
from typing import Literal

from rootline.domain.moment import Moment
from rootline.domain.untrusted import Untrusted

ChangeKind = Literal["deployment", "commit", "flag", "config", "status"]
OWNERS_PATHS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Source: GitHub, "About code owners": the first of these that a branch holds counts."""
Relation = Literal["first", "forward", "rollback", "rewritten", "same", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Commit:
    """One commit. `diff` is unified or hunk-only text, empty where the source has none.

    `at` is when it was written, which says nothing about when it ran; `order` is its place in history.
    """

    sha: str
    at: Moment
    message: Untrusted
    author: str = ""
    files: tuple[str, ...] = ()
    diff: Untrusted = ""
    repository: str = ""
    order: int = 0


@dataclass(frozen=True, kw_only=True)
class CommitRange:
    """What a deployment changed in history: which commits came, and which ran no more.

    Attributes:
        relation: `first` when nothing ran before, `forward` and `rollback` along one line of history, `rewritten` when
            that line was left (a force-push, another branch), `same` for the same revision again, else `unknown`.
        came: The commits that run since then and did not before, oldest first.
        left: The commits that ran before and do no more, oldest first.
        is_whole: Whether these are all; `why` says what is uncertain where they are not.

    """

    relation: Relation
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_whole: bool = True
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A commit began to run as a service at a time; `moved` is None where the source compared nothing.

    `version` and `previous_version` are what people call it, such as a tag or the images.
    """

    service: str
    at: Moment
    commit: str
    version: str = ""
    previous_commit: str = ""
    previous_version: str = ""
    moved: CommitRange | None = None


@dataclass(frozen=True, kw_only=True)
class FlagChange:
    """A feature flag took a new value for a service; `place` is where it was read and can be set back."""

    flag: str
    service: str
    at: Moment
    before: Untrusted
    after: Untrusted
    actor: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfigChange:
    """A configuration key took a new value; a secret's value is never in here."""

    key: str
    service: str
    at: Moment
    before: Untrusted
    after: Untrusted
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """What a provider's status page said at a time about one of its components."""

    provider: str
    at: Moment
    status: str
    text: Untrusted = ""


@dataclass(frozen=True, kw_only=True)
class CodeOwners:
    """The file of a repository that says who owns which paths, word for word; `path` is where it stands."""

    text: Untrusted
    repository: str = ""
    path: str = "CODEOWNERS"


@dataclass(frozen=True, kw_only=True)
class ChangeSet:
    """Everything known to have changed in a window, each list in order of time.

    `remarks` say what was left out or cut, one sentence each, and `owners` who owns which paths; they are no change.
    """

    commits: tuple[Commit, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    flags: tuple[FlagChange, ...] = ()
    configs: tuple[ConfigChange, ...] = ()
    statuses: tuple[StatusEntry, ...] = ()
    remarks: tuple[str, ...] = ()
    owners: tuple[CodeOwners, ...] = ()

    def __bool__(self) -> bool:
        return any((self.commits, self.deployments, self.flags, self.configs, self.statuses))
