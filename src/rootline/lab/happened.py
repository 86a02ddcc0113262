"""What was done to the shop, and when: the truth, which lies where no source reads."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["ready", "innocent", "culprit", "event"]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that was done. `change` is its commit or flag, empty where nothing was changed."""

    at: datetime
    kind: Kind
    service: str
    change: str = ""


@dataclass
class Happened:
    """Everything that was done, in order."""

    all: list[Happening] = field(default_factory=list)

    def add(self, kind: Kind, service: str, change: str = "", at: datetime | None = None) -> Happening:
        """Write down what was just done, or was begun at a moment."""
        one = Happening(at=at or datetime.now(tz=UTC), kind=kind, service=service, change=change)
        self.all.append(one)
        return one
