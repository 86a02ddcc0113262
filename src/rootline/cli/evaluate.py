"""Scores a suite of labelled incidents."""

import argparse
import sys
from dataclasses import replace

from rootline.evals.run import run_suite
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tapes.recording import Recording


async def evaluate(given: argparse.Namespace, settings: Settings) -> int:
    """Score a suite."""
    desk = memory_desk(replace(settings, model=given.model))

    async def solve(recording: Recording, origin: str) -> Record:
        """Solve a case that shares nothing with those before it."""
        return await desk.apart().solve(recording, origin)

    return await run_suite(given, solve, progress=sys.stderr)
