"""The tables that say what the built-in investigator's probabilities have been worth, shipped as data."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from rootline.analysis.joining.calibration import Calibration
from rootline.domain.fact import ScoreComponent

FILE = "calibration.json"
_SCALE = "scale: "
Basis = Literal["change", "cluster", "service", "other"]
"""What an explanation mainly rests on: a diff, cluster state, the behaviour of a service, or anything else.

The same number of logits has been worth more where cluster state shows a fault than where a diff only fits one, so
each has a table of its own; that of the rest was measured on all answers.
"""


@cache
def _tables() -> Mapping[Basis, Calibration]:
    known = json.loads(files("rootline.models.builtin").joinpath(FILE).read_text(encoding="utf-8"))
    return {
        basis: Calibration(
            name=f"{known['version']}/{basis}",
            stated=tuple(row["stated"] for row in rows),
            right=tuple(row["right"] for row in rows),
            low=tuple(row["low"] for row in rows),
            high=tuple(row["high"] for row in rows),
            abstain_below=float(known["abstain_below"]),
        )
        for basis, rows in ((one, known["tables"][one]) for one in get_args(Basis))
    }


def shipped(basis: Basis = "other") -> Calibration:
    """Return the shipped table of explanations that rest on this."""
    return _tables()[basis]


def scale(table: Calibration) -> ScoreComponent:
    """Say on which scale a score was made; it weighs nothing and lets the checker find the table."""
    reason = "the parts are in logits; the table turns their probability into what it was worth"
    return ScoreComponent(name=f"{_SCALE}{table.name}", contribution=0.0, reason=reason)


def table_of(components: tuple[ScoreComponent, ...]) -> Calibration | None:
    """Find the shipped table on whose scale a score was made; None for any other score."""
    names = {one.name for one in components}
    return next((table for table in _tables().values() if f"{_SCALE}{table.name}" in names), None)
