"""When incidents would have been opened on a recorded day: the shipped watch, replayed slot by slot."""

from collections.abc import Sequence

from rootline.analysis.detection.board import board
from rootline.analysis.detection.replaying import replay
from rootline.domain.signal import Series
from rootline.intake.watching.policy_files import shipped_policy


def openings(series: Sequence[Series]) -> list[float]:
    """Return the times (Unix seconds) at which the shipped gating policy opens an incident, in order.

    The day is its own history, as a watch that runs for longer has days like it behind it: what is normal is
    learned from all of its samples, labelled by nobody, and a decision looks at no sample after its slot.
    """
    policy = shipped_policy()
    decided = replay(board(series, least_step_s=policy.windows[0].bin_s), policy).decisions
    return [one.candidate.at for one in decided if one.action == "opened"]
