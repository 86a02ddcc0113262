"""The predictions of an earlier run, judged again by the same truth."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from rootline.errors import Misconfigured
from rootline.evals.bad_cases import verdict_of
from rootline.evals.suite import Case, Line, P, Prediction, Suite, Verdict


def earlier_verdicts(suite: Suite[P], file: Path, cases: Sequence[Case]) -> list[Verdict]:
    """Read a predictions file and judge the cases that are still there.

    Raises Misconfigured where the file is none of this suite's, or shares no case with these.
    """
    try:
        lines = [_line(suite, text) for text in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError, ValidationError) as bad:
        raise Misconfigured(f"{file} holds no predictions of {suite.name}. Give a file of --predictions.") from bad
    known = {case.name: case for case in cases}
    found = [verdict_of(suite, line, known[line.case]) for line in lines if line.case in known]
    verdicts = [one for one in found if one is not None]
    if not verdicts:
        raise Misconfigured(
            f"{file} shares no case with these. Its first is {lines[0].case if lines else 'missing'!r}."
        )
    return verdicts


def _line(suite: Suite[P], text: str) -> Line:
    """Read one prediction; of a case that raised, a suite without answers has the bare line alone."""
    bare = Line.model_validate_json(text)
    return bare if bare.raised and not issubclass(suite.line, Prediction) else suite.line.model_validate_json(text)
