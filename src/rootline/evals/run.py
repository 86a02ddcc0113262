"""Runs a suite offline: predictions always, scores where truth is there."""

import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from rootline.errors import Misconfigured
from rootline.evals.bad_cases import answered, judged
from rootline.evals.earlier import earlier_verdicts
from rootline.evals.html import html_report
from rootline.evals.investigated import Investigated
from rootline.evals.junit import junit_report
from rootline.evals.paired import compared, turned
from rootline.evals.scoring import scored
from rootline.evals.suite import Case, Line, ScoreFile, Solver, Suite, Verdict
from rootline.evals.suites.cloud_monitoring import CloudMonitoring
from rootline.evals.suites.cloudops import CloudOps
from rootline.evals.suites.culprit import Culprit
from rootline.evals.suites.loghub import LogHub
from rootline.evals.suites.nab import Nab
from rootline.evals.suites.nezha import Nezha, NezhaLine
from rootline.evals.suites.opensre import OpenSre, OpenSreLine
from rootline.evals.suites.petshop import PetShop
from rootline.evals.suites.root_cause import RootCauses
from rootline.evals.suites.rootcausebench import RootCauseBench
from rootline.evals.suites.same_change import SameChange
from rootline.evals.table import table

INVESTIGATED: Mapping[str, Callable[[], Investigated]] = {
    "rootcausebench": lambda: Investigated(RootCauseBench()),
    "cloudops": lambda: Investigated(CloudOps()),
    "petshop": lambda: Investigated(PetShop()),
    "nezha": lambda: Investigated(Nezha(), line=NezhaLine, sums=("quiet_incidents",)),
    "opensre": lambda: Investigated(OpenSre(), line=OpenSreLine),
}
SUITES: Mapping[str, Callable[[], Suite[Any]]] = {
    **INVESTIGATED,
    "root_cause": lambda: RootCauses([make() for make in INVESTIGATED.values()]),
    "culprit": Culprit,
    "same_change": SameChange,
    "loghub": LogHub,
    "nab": Nab,
    "cloud_monitoring": CloudMonitoring,
}
DONE, FAULT, UNDER_THRESHOLD = 0, 1, 5


async def run_suite(given: Namespace, solve: Solver, *, progress: TextIO) -> int:
    """Run one suite as the command line asks; return 5 when a score is under its threshold, 1 when a case raised."""
    suite = _suite(given.suite)
    thresholds = [_threshold(text) for text in given.threshold]
    cases = list(suite.cases(given.data))[: given.limit]
    if not cases:
        raise Misconfigured(f"{given.data} holds no case of {suite.name}. Give the folder that holds its cases.")
    predictions = await _predictions(suite, cases, solve, given, progress)
    _write(given.predictions, "".join(one.model_dump_json(exclude_none=True) + "\n" for one in predictions))
    verdicts, readable = judged(suite, predictions, cases)
    if not verdicts:
        print("No truth beside the cases: predictions are written, nothing is scored.", file=progress)
        return _ended(predictions)
    scores = _scores(suite, readable, verdicts, given, progress)
    _write(given.json, scores.model_dump_json(indent=2, exclude_none=True) + "\n")
    _write(given.junit, junit_report(suite.name, predictions, verdicts))
    _write(given.html, html_report(scores, predictions, verdicts))
    print(table(scores))  # noqa: T201 the command line prints
    return _gate(scores, thresholds, progress) or _ended(predictions)


def _ended(predictions: Sequence[Line]) -> int:
    return FAULT if any(one.raised for one in predictions) else DONE


def _suite(name: str) -> Suite[Any]:
    if name not in SUITES:
        raise Misconfigured(f"There is no suite {name[:60]!r}. Known: {', '.join(SUITES)}.")
    return SUITES[name]()


async def _predictions(
    suite: Suite[Any], cases: Sequence[Case], solve: Solver, given: Namespace, progress: TextIO
) -> list[Line]:
    began, told = time.process_time(), max(1, len(cases) // 100)
    predictions: list[Line] = []
    for at, case in enumerate(cases, 1):
        predictions.append(await answered(suite, case, alias=f"case {at}", solve=solve, rename=given.rename))
        if predictions[-1].raised:
            print(f"{at}/{len(cases)} {case.name} raised and counts as wrong: {predictions[-1].raised}", file=progress)
        if at % told == 0 or at == len(cases):
            print(f"{at}/{len(cases)} {case.name} ({predictions[-1].cpu_s:.2f} s)", file=progress)
    print(f"{len(cases)} cases answered in {time.process_time() - began:.1f} s of CPU", file=progress)
    return predictions


def _scores(
    suite: Suite[Any], cases: Sequence[Case], verdicts: Sequence[Verdict], given: Namespace, progress: TextIO
) -> ScoreFile:
    measures = suite.measures(verdicts)
    baselines = suite.baselines(given.data, cases)
    scores = scored(suite.name, verdicts, measures, baselines, calibrated=suite.calibrated)
    older: Path | None = getattr(given, "compare", None)
    if older is None:
        return scores
    before = earlier_verdicts(suite, older, cases)
    better, worse = turned(verdicts, before)
    print(f"against {older}: {len(better)} cases became right, {len(worse)} wrong", file=progress)
    for sign, names in (("+", better), ("-", worse)):
        print("".join(f"  {sign} {name}\n" for name in names), end="", file=progress)
    return scores.model_copy(update={"compared": compared(verdicts, before, measures)})


def _write(file: Path | None, text: str) -> None:
    if file is not None:
        file.write_text(text, encoding="utf-8")


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
