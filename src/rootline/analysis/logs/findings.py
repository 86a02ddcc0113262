"""What is known about one log template of one service."""

import math
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Exemplar:
    """A real line: its index among the lines that were given, and its untrusted text.

    Where its stack trace tells a first cause that the line does not, that stands behind it, after `caused by: `.
    """

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class LogFinding:
    """One template of one service before and after the onset.

    `count` is of lines from the onset to the window's end, `baseline_count` of lines before the onset, over
    whatever time those cover; where `counted_by_source`, both are the source's own, over equal times.
    `growth` is the current rate over the baseline's, rates being a minute's and smoothed by half a line.
    `novelty` is the share, 0 to 1, of the current rate that the baseline does not explain: 1 for a template
    that was never seen before the onset, 0 for one that is as frequent or rarer now. `frames` are the top
    frames of its stack trace. Times and exemplar are None where no line of it is among those given.
    """

    service: str
    template: str
    count: int
    baseline_count: int
    first_seen: datetime | None
    last_seen: datetime | None
    severity: str
    novelty: float
    growth: float
    exemplar: Exemplar | None
    trace_ids: tuple[str, ...]
    frames: tuple[str, ...]
    is_error: bool
    from_user_text: bool
    counted_by_source: bool

    @property
    def importance(self) -> float:
        """How much the finding deserves to be read: errors before the rest, new before old, many before few.

        Source: own choice; the logarithm keeps a busy template from hiding a new one.
        """
        change = max(self.novelty, min(1.0, -math.log2(self.growth) / 6) / 2 if self.growth < 1 else 0.0)
        volume = math.log10(1 + max(self.count, self.baseline_count))
        return (3.0 if self.is_error else 1.0) * (0.1 + change) * (1.0 + volume)
