"""Planned work: alerts of what is worked on are kept, and open nothing."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rootline.domain.notice import Notice
from rootline.errors import Misconfigured
from rootline.sources.config_file import Part, config_place, listed, read_config

_LOG = logging.getLogger(__name__)
MOST_WINDOWS = 500
_Pattern = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\[\]]*$")]


class Maintenance(BaseModel):
    """One window of planned work: which services, which labels, from when to when.

    A service or a label's value may hold `*`. Both have to fit where both are given; one of them must be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    services: Annotated[list[_Pattern], BeforeValidator(listed)] = Field(default_factory=list)
    matchers: dict[str, _Pattern] = Field(default_factory=dict)
    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the window {self.name!r} has to end after it starts")
        if not self.services and not self.matchers:
            raise ValueError(
                f"the window {self.name!r} needs services or matchers; to mean everything, write services: '*'"
            )
        return self

    def covers(self, one: Notice, at: datetime) -> bool:
        """Whether an alert is of what is worked on at that moment."""
        return (
            self.start <= at < self.end
            and (not self.services or any(_fits(one, pattern) for pattern in self.services))
            and all(fnmatchcase(one.labels.get(label, ""), pattern) for label, pattern in self.matchers.items())
        )


def _fits(one: Notice, pattern: str) -> bool:
    """Whether a pattern means an alert's service; one that is written `cluster/service` means it there alone."""
    place, slash, inside = pattern.partition("/")
    is_there = bool(slash) and bool(one.home) and fnmatchcase(one.home, place) and fnmatchcase(one.service, inside)
    return is_there or fnmatchcase(one.service, pattern)


class _File(Part):
    maintenance: list[Maintenance] = Field(default_factory=list, max_length=MOST_WINDOWS)


def read_maintenance(file: Path) -> tuple[Maintenance, ...]:
    """Read the windows of a `rootline.yaml`; none where it has none.

    Raises:
        Misconfigured: The file cannot be read, or a window cannot be meant so; the message says which.

    """
    return tuple(read_config(file, _File, "docs/intake.md").maintenance)


@dataclass
class Calendar:
    """The windows of a file, read again when it has changed or come; while it cannot be read, they are as before."""

    file: Path | None = None
    _windows: tuple[Maintenance, ...] = ()
    _read_at: tuple[int, int] = (0, 0)
    _told: str = ""

    @classmethod
    def of(cls, variables: Mapping[str, str], folder: Path | None = None) -> "Calendar":
        """Return the calendar of the file that ROOTLINE_CONFIG names, or of the usual one, which may come later."""
        calendar = cls(file=config_place(variables, folder or Path()))
        calendar.read()
        return calendar

    def read(self) -> tuple[Maintenance, ...]:
        """Return the windows; raise Misconfigured when the file is wrong."""
        if self.file is not None:
            state = self.file.stat() if self.file.is_file() else None
            mark = (state.st_mtime_ns, state.st_size) if state else (0, 0)
            if mark != self._read_at:
                self._windows, self._read_at = read_maintenance(self.file), mark
        return self._windows

    def windows(self) -> Sequence[Maintenance]:
        """Return the windows, those of before while the file cannot be read: no alert is lost for a typing mistake.

        The mistake is told on the log, once.
        """
        try:
            found, self._told = self.read(), ""
        except Misconfigured as wrong:
            if str(wrong) != self._told:
                _LOG.warning("planned work is taken as it was before: %s", wrong)
                self._told = str(wrong)
            return self._windows
        return found

    def open_at(self, moment: datetime) -> Sequence[Maintenance]:
        """Return the windows that are open at a moment."""
        return [one for one in self.windows() if one.start <= moment < one.end]
