"""What can be done to the shop."""

from dataclasses import dataclass
from typing import Literal

from rootline.lab.edits import Work

EventKind = Literal["surge", "fill", "drift", "bank", "neighbour"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that nobody commits: `target` is a journey, a service or a mood, `size` how much of it."""

    kind: EventKind
    target: str
    size: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way in which a fault shows. `services` are those of which each is a right answer, the best first."""

    services: tuple[str, ...]
    does: Work | Event

    @property
    def has_commit(self) -> bool:
        """Whether a commit is to blame."""
        return isinstance(self.does, Work)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of fault; a seed chooses the variant."""

    name: str
    summary: str
    variants: tuple[Variant, ...]
