"""How long we are willing to wait."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

FIRST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A moment of the monotonic clock, in seconds."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Count from now."""
        return cls(at_s=time.monotonic() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self.at_s - time.monotonic())

    def ticks(self) -> Iterator[None]:
        """Yield at once, then again and again with growing pauses; end when the deadline has passed."""
        pause = FIRST_PAUSE_S
        yield
        while self.left_s:
            time.sleep(min(pause, self.left_s))
            pause = min(2 * pause, LONGEST_PAUSE_S)
            yield
