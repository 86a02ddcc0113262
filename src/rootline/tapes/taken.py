"""How the live sources answered while a tape was recorded, so that the tape answers in the same way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rootline.domain.evidence import ClusterOutcome


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A kind of source of which nothing could be read: what was asked, what happened, what would help."""

    kind: str
    asked: str
    happened: str
    helps: str
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a recording must know of the sources besides what they said.

    Attributes:
        cluster: The name under which all of them were asked.
        backends: The name of each kind of source.
        has_history: Whether series reach back before the window, by as much again.
        log_lines: How many lines there were, where the logs sent fewer.
        outcomes: What each of several clusters came to.
        failed: The kinds of source that failed as a whole.
        left_out: What did not fit on the tape, in words.

    """

    cluster: str = ""
    backends: Mapping[str, str] = field(default_factory=dict)
    has_history: bool = False
    log_lines: int | None = None
    outcomes: tuple[ClusterOutcome, ...] = ()
    failed: tuple[Failed, ...] = ()
    left_out: tuple[str, ...] = ()

    def named(self, kind: str) -> str:
        """Return the name under which a kind of source answered."""
        return self.backends.get(kind, "tape")
