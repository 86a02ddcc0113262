"""Runs a suite offline: each case in memory, predictions always, scores where truth is there."""

import subprocess
import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from rootline.errors import Misconfigured
from rootline.evals.calibration import calibration
from rootline.evals.cloudops import CloudOps
from rootline.evals.html import html_report
from rootline.evals.intervals import interval
from rootline.evals.junit import junit_report
from rootline.evals.renaming import Renamed, renamed
from rootline.evals.rootcausebench import RootCauseBench
from rootline.evals.suite import Prediction, ScoreFile, Suite, Verdict
from rootline.evals.table import table
from rootline.store.journal import Record
from rootline.tapes.recording import Recording

SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (RootCauseBench(), CloudOps())}
DONE, UNDER_THRESHOLD = 0, 5


Solver = Callable[[Recording, str], Awaitable[Record]]
"""Investigates a recording under an opaque name and returns what was stored of it."""


async def run_suite(given: Namespace, solve: Solver, *, progress: TextIO) -> int:
    """Run one suite as the command line asks; return 5 when a score is under its threshold."""
    suite = _suite(given.suite)
    thresholds = [_threshold(text) for text in given.threshold]
    folders = list(suite.folders(given.data))[: given.limit]
    if not folders:
        raise Misconfigured(
            f"{given.data} holds no case of {suite.name}. Give the folder that holds the cases' folders."
        )
    predictions = []
    for at, folder in enumerate(folders, 1):
        predictions.append(await _predict(suite, solve, folder, given, at))
        print(f"{at}/{len(folders)} {_line(predictions[-1])}", file=progress)
    _write(given.predictions, "".join(one.model_dump_json(exclude_none=True) + "\n" for one in predictions))
    judged = zip(predictions, folders, strict=True)
    verdicts = [found for one, folder in judged if (found := suite.judge(one, folder)) is not None]
    if not verdicts:
        print("No truth beside the cases: predictions are written, nothing is scored.", file=progress)
        return DONE
    scores = _scored(suite, verdicts, given.data)
    _write(given.json, scores.model_dump_json(indent=2) + "\n")
    _write(given.junit, junit_report(suite.name, predictions, verdicts))
    _write(given.html, html_report(scores, predictions, verdicts))
    print(table(scores))  # noqa: T201 the command line prints
    return _gate(scores, thresholds, progress)


def _suite(name: str) -> Suite:
    if name not in SUITES:
        raise Misconfigured(f"There is no suite {name[:60]!r}. Known: {', '.join(SUITES)}.")
    return SUITES[name]


async def _predict(suite: Suite, solve: Solver, folder: Path, given: Namespace, at: int) -> Prediction:
    case = folder.relative_to(given.data).as_posix()
    began = time.process_time()
    with TemporaryDirectory() as scratch:
        names = renamed(folder, Path(scratch), given.rename) if given.rename is not None else Renamed(folder=folder)
        recording = replace(suite.read(names.folder), title=f"case {at}")
        record = await solve(recording, f"case {at}")
    return names.back(suite.predict(record, case, time.process_time() - began))


def _line(one: Prediction) -> str:
    first = next(iter(one.ranked), None)
    told = (first.object, first.cause, (first.commit or "")[:12]) if first else ("abstained",)
    return f"{one.case}: {' '.join(part for part in told if part)} ({one.cpu_s:.2f} s)"


def _write(file: Path | None, text: str) -> None:
    if file is not None:
        file.write_text(text, encoding="utf-8")


def _scored(suite: Suite, verdicts: Sequence[Verdict], data: Path) -> ScoreFile:
    names = list(dict.fromkeys(name for one in verdicts for name in one.numbers))
    values = {name: [one.numbers[name] for one in verdicts if name in one.numbers] for name in names}
    return ScoreFile(
        suite=suite.name,
        cases=len(verdicts),
        scores={name: interval(found) for name, found in values.items()},
        by_kind=_by_kind(verdicts),
        baselines=suite.baselines(data),
        commit=_commit(),
        calibration=calibration(verdicts),
    )


def _by_kind(verdicts: Sequence[Verdict]) -> Mapping[str, Mapping[str, float]]:
    kinds: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        kinds[one.kind].append(one)
    return {
        kind: {"cases": float(len(found)), "exact": round(sum(one.right for one in found) / len(found), 4)}
        for kind, found in sorted(kinds.items())
    }


def _commit() -> str:
    """Return the commit of the checkout that this code runs from, empty outside of one."""
    asked = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=5).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""


def _threshold(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as bad:
        raise Misconfigured(f"--threshold {text!r} is not SCORE=VALUE, such as exact=0.5.") from bad


def _gate(scores: ScoreFile, thresholds: Sequence[tuple[str, float]], progress: TextIO) -> int:
    missed = []
    for name, least in thresholds:
        if name not in scores.scores:
            raise Misconfigured(f"{scores.suite} has no score {name!r}. It has: {', '.join(scores.scores)}.")
        if scores.scores[name].value < least:
            missed.append(f"{name} {scores.scores[name].value} is under {least}")
    for one in missed:
        print(one, file=progress)
    return UNDER_THRESHOLD if missed else DONE
