"""The chosen clusters, connected: one as it always was, several as a fleet in which each has its deadline."""

from collections.abc import Sequence
from dataclasses import replace

from rootline.sources.bundle import Sources
from rootline.sources.connecting import connect
from rootline.sources.fleet.bundling import spanning
from rootline.sources.fleet.guard import Watch
from rootline.sources.stack import Stack

DEADLINE_S = 6.0
"""Source: ours; a tool reads up to four kinds of source one after the other within the loop's thirty seconds."""


def reach(stacks: Sequence[Stack], watch: Watch) -> Sources:
    """Connect the clusters. Of several, each read has at most the watch's deadline, or DEADLINE_S without one."""
    if len(stacks) == 1:
        return connect(stacks[0], watch)
    deadline_s = watch.deadline_s or DEADLINE_S
    bounded = replace(watch, deadline_s=deadline_s)
    return spanning([connect(within(one, deadline_s), bounded) for one in stacks])


def within(stack: Stack, deadline_s: float) -> Stack:
    """Bound each request of a stack too, so that no thread goes on for an answer that nobody waits for."""
    backends = tuple(
        replace(one, backend=replace(one.backend, deadline_s=min(deadline_s, one.backend.deadline_s)))
        for one in stack.backends
    )
    held = stack.kubernetes
    kubernetes = held and replace(held, deadline_s=min(deadline_s, held.deadline_s))
    return replace(stack, backends=backends, kubernetes=kubernetes)
