"""Goes on without the traces that are too large for one answer, and says so."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import Span
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell

SMALLER = 4
"""Source: ours; traces of one service differ in size by some times, and each further read costs up to 4 MB."""
Part = list[Span] | SourceFailed


async def fitting(search: Callable[[int], Awaitable[Iterable[Span]]], most: int) -> Part:
    """Read the newest traces, fewer of them where they are too large together; the failure where one alone is.

    Args:
        search: Reads at most so many traces.
        most: How many are wanted.

    Raises:
        SourceFailed: For any other reason.

    """
    failure: SourceFailed | None = None
    for fewer in dict.fromkeys((most, max(1, most // SMALLER), 1)):
        try:
            return list(await search(fewer))
        except SourceFailed as failed:
            if not failed.is_too_large:
                raise
            failure = failed.bare()
    return failure or []


def readable(found: Sequence[Part], *, what: str) -> list[list[Span]]:
    """Return what could be read, and tell how much was too large.

    Args:
        found: What each read came to.
        what: What one read was about, in the plural.

    Raises:
        SourceFailed: Nothing could be read.

    """
    failed = [one for one in found if isinstance(one, SourceFailed)]
    if failed and len(failed) == len(found):
        raise failed[0]
    if failed:
        detail = f"left out {len(failed)} of {len(found)} {what}: {failed[0].happened}"[:LONGEST_DETAIL]
        tell([ClusterOutcome(cluster="", asked="traces", status="partial", detail=detail)])
    return [one for one in found if not isinstance(one, SourceFailed)]
