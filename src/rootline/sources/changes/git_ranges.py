"""What a deployment brought, as a local clone's history tells."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from rootline.analysis.commit_range import MOST_LISTED, compared, only_merges, unknown
from rootline.domain.change import Deployment
from rootline.sources.failure import SourceFailed
from rootline.sources.git_reading import git

MOST_TAGS = 200
PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv")
"""A diff as git itself makes it: no program that the clone names is run for it."""


async def moved(folder: Path, one: Deployment, merges: Collection[str], *, is_whole: bool) -> Deployment:
    """Compare what a deployment brought with what ran before it.

    Args:
        folder: The clone.
        one: A deployment with the commit that ran before it, empty for none.
        merges: Those that count as commits, since they changed something themselves.
        is_whole: Whether all tags were read, so that none before it means that it is the first.

    """
    before, after = one.previous_commit, one.commit
    if not before and not is_whole:
        return replace(one, moved=unknown(f"only the latest {MOST_TAGS} tags were read"))
    span = f"{before}...{after}" if before else after
    try:
        left, came, is_listed = await _sides(folder, span, merges)
        if before and not (left and came):
            left, came = await _with_merges(folder, before, after, left, came)
    except SourceFailed as failed:
        return replace(one, moved=unknown(f"git cannot compare {span[:100]}: {failed.happened}"))
    if not left and not came and before != after:
        return replace(one, moved=only_merges(before, after))
    return replace(one, moved=compared(before, after, came, left, is_whole=is_listed))


def bases(deployments: Iterable[Deployment]) -> Mapping[str, str]:
    """Say of each commit that deployments brought what it came after: the one before it, or what ran."""
    moves = ((one.previous_commit, *one.moved.came) for one in deployments if one.moved and one.previous_commit)
    return {sha: before for shas in moves for before, sha in pairwise(shas)}


async def _sides(folder: Path, span: str, merges: Collection[str]) -> tuple[list[str], list[str], bool]:
    """Return the commits of each side of a span, oldest first, and whether these are all; of merges those named."""
    if not merges:
        return await _listed(folder, span, "--no-merges")
    every, plain = await asyncio.gather(_listed(folder, span), _listed(folder, span, "--no-merges"))
    kept = frozenset((*plain[0], *plain[1], *merges))
    left, came = ([sha for sha in side if sha in kept] for side in every[:2])
    return left, came, every[2]


async def _listed(folder: Path, span: str, *kind: str) -> tuple[list[str], list[str], bool]:
    listing = ("rev-list", *kind, "--topo-order", "--left-right", f"-n{2 * MOST_LISTED}", span, "--")
    rows = (await git(folder, *listing, most=100_000)).split()[::-1]
    left, came = ([row[1:] for row in rows if row[0] == side] for side in "<>")
    return left, came, len(rows) < 2 * MOST_LISTED


async def _with_merges(
    folder: Path, before: str, after: str, left: list[str], came: list[str]
) -> tuple[list[str], list[str]]:
    """Give a side that has no other commit its merges, where files differ all the same.

    Else a merge brings what the others are.
    """
    merged_left, merged, _ = await _listed(folder, f"{before}...{after}", "--merges")
    if not left and merged_left and await _differs(folder, after, before):
        left = merged_left
    if not came and merged and await _differs(folder, before, after):
        came = merged
    return left, came


async def _differs(folder: Path, one: str, other: str) -> bool:
    """Whether a file of the other differs from what both have in common."""
    return bool((await git(folder, "diff", *PLAIN, "--name-only", f"{one}...{other}", "--", most=1_000)).strip())
