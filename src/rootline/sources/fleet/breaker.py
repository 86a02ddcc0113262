"""A source that keeps failing is left alone for a while, longer each time, and is then tried again by one question."""

from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half_open"]
FAILURES = 3
PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0
"""Source: ours; the first pause outlasts a restart of a proxy, the longest one hides a recovery for five minutes."""


class Breaker:
    """Closed while a source answers, open after failures in a row, half open while one question tries it again.

    Each pause doubles the one before it and is shortened by up to half at random, so that many askers do not come
    back at one moment.

    Source: M. Nygard, "Release It!" (2007), chapter 5; M. Brooker, "Exponential Backoff And Jitter" (AWS, 2015).
    """

    def __init__(self, *, clock: Callable[[], float], randomness: Callable[[], float]) -> None:
        """Take a clock in seconds that never goes back, and randomness from 0 up to 1."""
        self._clock = clock
        self._randomness = randomness
        self._failures = 0
        self._pauses = 0
        self._until = 0.0
        self._is_open = False
        self._on_trial = False

    @property
    def state(self) -> State:
        """What the next question would meet."""
        if not self._is_open:
            return "closed"
        return "half_open" if self._on_trial or self._clock() >= self._until else "open"

    @property
    def failures(self) -> int:
        """How many questions in a row have failed."""
        return self._failures

    @property
    def pause_left_s(self) -> float:
        """For how long it is still left alone, in seconds."""
        return max(0.0, self._until - self._clock()) if self._is_open else 0.0

    def admits(self) -> bool:
        """Whether a question may be sent now; the one that is let through an open breaker is the trial."""
        if not self._is_open:
            return True
        if self._on_trial or self._clock() < self._until:
            return False
        self._on_trial = True
        return True

    def worked(self) -> None:
        """Note an answer: everything is forgotten."""
        self._failures = self._pauses = 0
        self._is_open = self._on_trial = False

    def failed(self) -> None:
        """Note a failure. Those that were under way when the breaker opened do not lengthen its pause."""
        self._failures += 1
        if self._is_open and not self._on_trial:
            return
        if self._on_trial or self._failures >= FAILURES:
            self._open()

    def withdrawn(self) -> None:
        """Note that a question was given up by whoever asked it, which says nothing of the source."""
        self._on_trial = False

    def _open(self) -> None:
        pause = min(PAUSE_S * 2.0 ** min(self._pauses, 16), LONGEST_PAUSE_S)
        self._pauses += 1
        self._until = self._clock() + pause * (1.0 - 0.5 * self._randomness())
        self._is_open, self._on_trial = True, False
