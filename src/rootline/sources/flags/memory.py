"""Remembers what flags were set to when somebody last looked, so that the next look can tell what changed.

One file for each place that is looked at, readable by its owner alone. Several processes may look at once.
"""

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from rootline.domain.change import FlagChange
from rootline.sources.flags.definitions import Flag, Flags, differences

MOST_CHANGES = 1_000
SHARP = timedelta(minutes=2)
"""Source: ours, as `rootline.changes.timing` tolerates; a change that is known no more exactly has no time."""


class Switched(BaseModel):
    """One change that was seen: after the look `since`, at `at` at the latest."""

    flag: str
    service: str
    before: str
    after: str
    since: AwareDatetime
    at: AwareDatetime

    @property
    def is_sharp(self) -> bool:
        """Whether its time is known well enough to be compared with an onset."""
        return self.at - self.since <= SHARP

    def change(self) -> FlagChange:
        """It as a change."""
        return FlagChange(flag=self.flag, service=self.service, at=self.at, before=self.before, after=self.after)

    def told(self) -> str:
        """It as a sentence, for when its time is not known."""
        span = f"{self.since:%Y-%m-%d %H:%M} and {self.at:%Y-%m-%d %H:%M} UTC"
        return f"flag {self.flag} went from {self.before or 'nothing'} to {self.after or 'nothing'} between {span}"


class _Kept(BaseModel):
    looked_at: AwareDatetime
    commit: str = ""
    flags: dict[str, Flag] = Field(default_factory=dict)
    switched: list[Switched] = Field(default_factory=list)


class FlagMemory:
    """What is remembered of one place."""

    def __init__(self, folder: Path, place: str) -> None:
        self._file = folder / f"{hashlib.sha256(place.encode(errors='surrogatepass')).hexdigest()[:32]}.json"

    @property
    def commit(self) -> str:
        """The commit that the place stood at when somebody last looked; empty where it is in no repository."""
        before = self._read()
        return before.commit if before else ""

    def forget(self) -> None:
        """Begin anew."""
        self._file.unlink(missing_ok=True)

    def look(
        self, flags: Flags, now: datetime, changed_at: datetime | None = None, commit: str = ""
    ) -> Sequence[Switched]:
        """Take note of what flags are set to now and return all changes that are remembered, oldest first.

        Args:
            flags: What was found.
            now: When that was.
            changed_at: When the place was last written, if it says so.
            commit: The commit that it stands at, if it lies in a repository.

        """
        with self._alone():
            before = self._read()
            fresh = [] if before is None else self._switched(before, flags, now, changed_at)
            known = (before.switched if before else []) + fresh
            kept = _Kept(looked_at=now, commit=commit, flags=dict(flags), switched=known[-MOST_CHANGES:])
            self._write(kept)
        return kept.switched

    def _switched(self, before: _Kept, flags: Flags, now: datetime, changed_at: datetime | None) -> list[Switched]:
        is_told = changed_at is not None and before.looked_at <= changed_at <= now
        at = changed_at if is_told and changed_at is not None else now
        since = at if is_told else min(before.looked_at, now)
        return [
            Switched(flag=name, service=service, before=old, after=new, since=since, at=at)
            for name, service, old, new in differences(before.flags, flags)
        ]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> _Kept | None:
        """What was remembered; nothing where the file is not there or was damaged."""
        try:
            return _Kept.model_validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, kept: _Kept) -> None:
        made = self._file.with_suffix(".new")
        made.touch(mode=0o600)
        made.write_text(kept.model_dump_json(), encoding="utf-8")
        made.replace(self._file)
