"""Windows of real commits out of git histories, as `changes/` keeps them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rootline.domain.change import ChangeSet, Commit
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.evals.rivals.rankings import Scored
from rootline.tapes.importers.packed import objects, packed

_CASES = ("culprit_cases.jsonl", "no_culprit_cases.jsonl")
_COMMITS = "culprit_commits.jsonl"
_EMPTY = Window(start=datetime(2000, 1, 1, tzinfo=UTC), end=datetime(2000, 1, 2, tzinfo=UTC))

Rival = Callable[[str, Sequence[str]], Sequence[float]]
"""Scores texts against a symptom."""


@dataclass(frozen=True, kw_only=True)
class Incident:
    """A window of commits with a symptom. `culprit` is None where none of them did it; both only if `is_judged`."""

    repository: str
    symptom: str
    shas: tuple[str, ...]
    stratum: str
    culprit: str | None
    is_judged: bool

    @property
    def has_culprit(self) -> bool:
        """Whether a commit of the window broke it."""
        return self.culprit is not None


def incidents(data: Path) -> Mapping[str, Incident]:
    """Read every window by its id, those with a culprit first; a missing `culprit` key is missing truth."""
    files = [file for name in _CASES if (file := packed(data, name)) is not None]
    return {str(row["id"]): _incident(row, file) for file in files for row in objects(file)}


def _incident(row: Mapping[str, Any], file: Path) -> Incident:
    try:
        return Incident(
            repository=str(row["repo"]),
            symptom=str(row["symptom"]),
            shas=tuple(str(sha) for sha in row["window"]),
            stratum=str(row.get("stratum") or ""),
            culprit=None if row.get("culprit") is None else str(row["culprit"]),
            is_judged="culprit" in row,
        )
    except (KeyError, TypeError) as bad:
        raise BadTape(f"{file}: a case needs id, repo, symptom and window: {bad}.") from bad


@dataclass(frozen=True, kw_only=True)
class History:
    """The commits of all windows, by repository and sha."""

    commits: Mapping[tuple[str, str], Commit]

    @classmethod
    def read(cls, data: Path, name: str = _COMMITS) -> "History":
        """Read the commits of a folder; none where the file is missing."""
        file = packed(data, name)
        rows = [] if file is None else objects(file)
        return cls(commits={(str(row["repo"]), str(row["sha"])): _commit(row) for row in rows})

    def changes(self, incident: Incident) -> ChangeSet:
        """Return the window's commits in the order of their commit times; those that are not on file are left out."""
        known = [self.commits.get((incident.repository, sha)) for sha in incident.shas]
        return ChangeSet(commits=tuple(sorted((one for one in known if one is not None), key=lambda one: one.at)))

    def window(self, changes: ChangeSet) -> Window:
        """Return the time from the first commit to just after the last."""
        if not changes.commits:
            return _EMPTY
        return Window(start=changes.commits[0].at, end=changes.commits[-1].at + timedelta(seconds=1))

    def scored(self, incident: Incident, rival: Rival) -> Scored:
        """Let a rival score the window's commits by their texts, in order of time."""
        commits = self.changes(incident).commits
        texts = ["\n".join((one.message, *one.files, one.diff)) for one in commits]
        places = [at for at, one in enumerate(commits) if one.sha == incident.culprit]
        return Scored(scores=rival(incident.symptom, texts), truth=places[0] if places else None)


def _commit(row: Mapping[str, Any]) -> Commit:
    files = row.get("files") or []
    at = int(row.get("ct") or 0)
    return Commit(
        sha=str(row["sha"]),
        at=datetime.fromtimestamp(at, UTC),
        order=at,
        message=f"{row.get('subject', '')}\n\n{row.get('body', '')}".strip(),
        author=str(row.get("author", "")),
        files=tuple(str(one["path"]) for one in files if isinstance(one, dict) and "path" in one),
        diff=str(row.get("diff") or ""),
        repository=str(row["repo"]),
    )
