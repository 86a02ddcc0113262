"""Limits of time that a diff puts around work: what takes longer is cut off."""

from collections.abc import Mapping

from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.mechanism import Mechanism

# Source: how Python, Go, Java, C#, JavaScript and Rust bound the time that something may take.
LIMITS = lowered(
    r"\basyncio\.(timeout|wait_for)\w*\(|\bwait_for\(|\b(with_?)(timeout|deadline)\w*\(|\b(move_on|fail)_(after|at)\("
    r"|\bor_?timeout\(|abortsignal\.timeout\(|cancel_?after\(|\btimeout(_\w{1,8})?\s?=\s?(?!none)|time::timeout\("
)
TOLD = frozenset(
    [
        *("timeout", "timeouts", "timeouterror", "timeoutexception", "timedout", "deadline", "deadlineexceeded"),
        *("deadline_exceeded", "cancellederror", "canceled", "cancelled", "aborterror"),
    ]
)
CUT_OFF: Mapping[str, float] = {"latency": 1.0, "errors": 1.0, "network": 0.8, "crash": 0.3}
MAY_CUT_OFF: Mapping[str, float] = {"errors": 0.5, "network": 0.4, "latency": 0.3}


def time_limits(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """Limits of time of which more came than went; in full where the errors, whose words are `spoken`, tell of one."""
    came = net.added.find(LIMITS)
    if not came or net.added.count(LIMITS) <= net.removed.count(LIMITS):
        return []
    is_told = not spoken.isdisjoint(TOLD)
    told = "work is given a limit of time, and what takes longer is cut off"
    return [Mechanism("time limit added", CUT_OFF if is_told else MAY_CUT_OFF, told, came)]
