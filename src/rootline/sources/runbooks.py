"""Operational text, as people wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Runbook:
    """One versioned runbook. `body` is Markdown; `minutes` is how long it usually takes."""

    name: str
    title: str
    body: str
    risk: str = ""
    owner: str = ""
    minutes: int = 0
    version: str = ""


class RunbookSource(Protocol):
    """Reads runbooks."""

    name: str

    async def runbooks(self) -> Sequence[Runbook]:
        """Return all runbooks, ordered by name."""
        ...


class RecordedRunbooks:
    """Runbooks out of a recording or a folder."""

    def __init__(self, runbooks: Sequence[Runbook], *, name: str = "tape") -> None:
        self.name = name
        self._runbooks = tuple(sorted(runbooks, key=lambda one: one.name))

    async def runbooks(self) -> Sequence[Runbook]:
        """Return the recorded runbooks."""
        return self._runbooks
