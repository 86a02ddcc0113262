"""What the clusters came to while one tool was answered, however many reads that took."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rootline.domain.evidence import ClusterOutcome, Status

_WORSE: tuple[Status, ...] = ("no_data", "ok", "partial", "timeout", "error")
LONGEST_DETAIL = 300
FAILED: frozenset[Status] = frozenset({"timeout", "error"})


class Heard:
    """The outcomes of one call, one for each cluster and kind of source: the worst that was met."""

    def __init__(self) -> None:
        self._worst: dict[tuple[str, str], ClusterOutcome] = {}

    def add(self, outcomes: Iterable[ClusterOutcome]) -> None:
        """Note what clusters came to."""
        for one in outcomes:
            known = self._worst.get((one.cluster, one.asked))
            if known is None or _WORSE.index(one.status) > _WORSE.index(known.status):
                self._worst[one.cluster, one.asked] = one

    @property
    def outcomes(self) -> tuple[ClusterOutcome, ...]:
        """What was noted, by cluster and kind of source."""
        return tuple(self._worst[key] for key in sorted(self._worst))


_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)
"""Tasks begun by a call inherit its value, so that reads side by side note into the same one and no other."""


@contextmanager
def hearing() -> Iterator[Heard]:
    """Gather what clusters come to while the block runs."""
    heard = Heard()
    before = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(before)


@contextmanager
def overhearing() -> Iterator[Heard]:
    """Gather what clusters come to while the block runs, and tell it to whoever listens outside as well."""
    heard = Heard()
    try:
        with hearing() as heard:
            yield heard
    finally:
        tell(heard.outcomes)


def tell(outcomes: Iterable[ClusterOutcome]) -> None:
    """Note outcomes for whoever listens; nobody need to."""
    heard = _HEARD.get()
    if heard is not None:
        heard.add(outcomes)
