"""One question to many clusters side by side. One that fails is named, and the others' answers count."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rootline.domain.evidence import ClusterOutcome, Status
from rootline.errors import RootlineError, ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import FAILED, LONGEST_DETAIL, hearing, tell

Answer = TypeVar("Answer")
Ask = tuple[str, Callable[[], Awaitable[Answer]]]
NAMED = 60
"""Source: ours; failures that one sentence lists."""


async def fan_out(
    what: str, asks: Sequence[Ask[Answer]], is_something: Callable[[Answer], bool]
) -> list[tuple[str, Answer]]:
    """Return the answers by cluster, in the order of asking, and tell what each cluster came to.

    Raises:
        SourceFailed: No cluster answered; the message names each.
        ToolFault: No cluster answered, because none can read the question.

    """
    settled = await asyncio.gather(*(_settle(what, cluster, ask, is_something) for cluster, ask in asks))
    tell(one.outcome for one in settled)
    answers = [(one.outcome.cluster, answer) for one in settled for answer in one.answers]
    if asks and not answers:
        faults = [one.fault for one in settled if one.fault is not None]
        raise faults[0] if len(faults) == len(settled) else _none(what, [one.outcome for one in settled])
    return answers


@dataclass(frozen=True, kw_only=True)
class _Settled(Generic[Answer]):
    outcome: ClusterOutcome
    answers: tuple[Answer, ...] = ()
    fault: ToolFault | None = None


async def _settle(
    what: str, cluster: str, ask: Callable[[], Awaitable[Answer]], is_something: Callable[[Answer], bool]
) -> _Settled[Answer]:
    with hearing() as inner:
        try:
            answer = await ask()
        except RootlineError as failed:
            return _Settled(outcome=_failed(what, cluster, failed), fault=_fault(failed))
    cut = next((one for one in inner.outcomes if one.status == "partial"), None)
    if cut is not None:
        return _Settled(outcome=cut.model_copy(update={"cluster": cluster}), answers=(answer,))
    status: Status = "ok" if is_something(answer) else "no_data"
    return _Settled(outcome=ClusterOutcome(cluster=cluster, asked=what, status=status), answers=(answer,))


def _failed(what: str, cluster: str, failed: RootlineError) -> ClusterOutcome:
    is_late = isinstance(failed, SourceFailed) and failed.is_late
    said = f"{failed.asked}: {failed.happened}" if isinstance(failed, SourceFailed) else str(failed)
    return ClusterOutcome(
        cluster=cluster, asked=what, status="timeout" if is_late else "error", detail=said[:LONGEST_DETAIL]
    )


def _fault(failed: RootlineError) -> ToolFault | None:
    """Return a fault without its traceback, which would keep the cluster's answer in memory."""
    return ToolFault(str(failed)) if isinstance(failed, ToolFault) else None


def _none(what: str, outcomes: Sequence[ClusterOutcome]) -> SourceFailed:
    failed = [one for one in outcomes if one.status in FAILED]
    named = "; ".join(f"{one.cluster}: {one.detail}" for one in failed[:NAMED])
    is_late = all(one.status == "timeout" for one in failed)
    happened = f"none of {len(outcomes)} clusters answers ({named})"
    return SourceFailed(what, happened, "`rootline source list` says since when.", is_late=is_late)
