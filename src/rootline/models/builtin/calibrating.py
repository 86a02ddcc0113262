"""The table that says what the built-in investigator's probabilities have been worth, shipped as data."""

import json
from functools import cache
from importlib.resources import files

from rootline.analysis.joining.calibration import Calibration
from rootline.domain.fact import ScoreComponent

FILE = "calibration.json"
_SCALE = "scale: "


@cache
def shipped() -> Calibration:
    """Read the shipped table."""
    table = json.loads(files("rootline.models.builtin").joinpath(FILE).read_text(encoding="utf-8"))
    rows = table["rows"]
    return Calibration(
        name=str(table["version"]),
        stated=tuple(row["stated"] for row in rows),
        right=tuple(row["right"] for row in rows),
        low=tuple(row["low"] for row in rows),
        high=tuple(row["high"] for row in rows),
        abstain_below=float(table["abstain_below"]),
    )


def scale(table: Calibration) -> ScoreComponent:
    """Say on which scale a score was made; it weighs nothing and lets the checker find the table."""
    reason = "the parts are in logits; the table turns their probability into what it was worth"
    return ScoreComponent(name=f"{_SCALE}{table.name}", contribution=0.0, reason=reason)


def table_of(components: tuple[ScoreComponent, ...]) -> Calibration | None:
    """Find the shipped table on whose scale a score was made; None for any other score."""
    table = shipped()
    return table if any(one.name == f"{_SCALE}{table.name}" for one in components) else None
