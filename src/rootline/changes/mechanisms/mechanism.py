"""A thing that a diff could do, and the families of symptom it could produce."""

from collections.abc import Mapping
from dataclasses import dataclass

from rootline.changes.diffs.diff import DiffLine


@dataclass(frozen=True)
class Mechanism:
    """One effect found in a diff: `families` maps a family to how readily it follows (0 to 1)."""

    name: str
    families: Mapping[str, float]
    reason: str
    lines: tuple[DiffLine, ...] = ()
