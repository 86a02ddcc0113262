"""Operational text, as people wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Runbook:
    """One versioned runbook. `body` is Markdown; `minutes` is how long it usually takes.

    `service`, `tags` and `source_url` say what it is about and where it was read, when its author or its place told.
    """

    name: str
    title: str
    body: str
    risk: str = ""
    owner: str = ""
    minutes: int = 0
    version: str = ""
    service: str = ""
    tags: tuple[str, ...] = ()
    source_url: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether anything is told besides the text."""
        return bool(self.service or self.tags or self.source_url)


class RunbookSource(Protocol):
    """Reads runbooks."""

    name: str

    async def runbooks(self) -> Sequence[Runbook]:
        """Return all runbooks, ordered by name."""
        ...


class RecordedRunbooks:
    """Runbooks out of a recording or a folder."""

    def __init__(self, runbooks: Sequence[Runbook]) -> None:
        self.name = "tape"
        self._runbooks = tuple(sorted(runbooks, key=lambda one: one.name))

    async def runbooks(self) -> Sequence[Runbook]:
        """Return the recorded runbooks."""
        return self._runbooks
