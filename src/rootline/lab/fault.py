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
class Switch:
    """A feature flag of a service that somebody turns on; nothing is deployed."""

    service: str
    flag: str


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way in which a fault shows. `services` are those of which each is a right answer, the best first."""

    services: tuple[str, ...]
    does: Work | Event | Switch

    @property
    def culprit(self) -> str:
        """What kind of change is to blame, in two words."""
        return {Work: "a commit", Switch: "a flag"}.get(type(self.does), "no change")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of fault; a seed chooses the variant."""

    name: str
    summary: str
    variants: tuple[Variant, ...]
