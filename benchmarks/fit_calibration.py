"""Refit the table that says what the built-in investigator's probabilities are worth.

    rootline eval SUITE --data DIR --predictions P.jsonl
    python benchmarks/fit_calibration.py SUITE=DIR=P.jsonl ... --write src/rootline/models/builtin/calibration.json

Each triple is a suite, its data and the predictions made on it; name a suite again for copies made harder with
`benchmarks/withhold.py`. A confidence in a predictions file went through the table that was shipped then; it is
turned back into what was stated before new ones are fitted, one for each kind of thing that an explanation rests on. No
suite counts more than sixty answers, whatever its number of cases.
Printed is how the fit does on groups of cases that it has not seen: a group is a suite's kind of fault, or
one of the few incidents of rootcausebench with all its harder copies.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from rootline.analysis.joining.calibration import Calibration, Outcome, fitted, held_back, summary
from rootline.evals.run import SUITES
from rootline.evals.suite import Prediction
from rootline.models.builtin.calibrating import Basis, shipped

ROWS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 1.0)
EACH_SUITE = 60.0
COLUMNS = ("stated", "right", "low", "high")
UNSEEN = 0.05
"""Share of right answers expected to be wrong on a system that nobody has developed on.

Source: on incidents that others wrote without knowing the rules, 0 to 0.1 less of the answers given were right.
"""


@dataclass(frozen=True)
class Answer:
    """One first answer whose truth is known, and what it rests on."""

    suite: str
    basis: Basis
    outcome: Outcome


def answers(triples: list[list[str]]) -> list[Answer]:
    """Read the answers of all files; abstentions state nothing and are left out."""
    found: list[Answer] = []
    for suite, data, file in triples:
        known = SUITES[suite]()
        cases = {case.name: case for case in known.cases(Path(data))}
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            prediction: Any = known.line.model_validate_json(line)
            verdict = known.judge(prediction, cases[prediction.case])
            if isinstance(prediction, Prediction) and verdict is not None and not verdict.abstained:
                kind = verdict.case.rsplit("/", 1)[-1] if suite == "rootcausebench" else verdict.kind
                basis = basis_of(prediction)
                stated = shipped(basis).stated_for(verdict.confidence)
                outcome = Outcome(stated=stated, right=verdict.right, group=f"{suite}/{kind}")
                found.append(Answer(suite, basis, outcome))
    sizes = Counter(one.suite for one in found)
    return [replace(one, outcome=replace(one.outcome, weight=min(EACH_SUITE / sizes[one.suite], 1.0))) for one in found]


def basis_of(prediction: Prediction) -> Basis:
    """What a first answer rests on, by what it names: a commit, an object of a cluster, or a service."""
    first = next(iter(prediction.ranked), None)
    if first is None or first.commit == "none":
        return "other"
    if first.commit:
        return "change"
    return "cluster" if first.object or "/" in first.service else "service"


def main() -> None:
    """Fit a table for each basis, try them on held-back groups, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="SUITE=DATA=PREDICTIONS")
    parser.add_argument("--abstain-below", type=float, default=shipped().abstain_below)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 the day it is here
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    found = answers([text.split("=") for text in given.files])
    tables, tried = {}, []
    for basis in get_args(Basis):
        own = [one.outcome for one in found if basis in {one.basis, "other"}]
        tables[basis] = rows_of(fitted(basis, own, ROWS, given.abstain_below, UNSEEN))
        tried += held_back([one.outcome for one in found if one.basis == basis])
        print(f"{basis}: {summary(own)['right']:.3f} of {len(own)} answers right")
        for row in tables[basis]:
            print("  {stated:.3f} -> {right:.3f} ({low:.3f} to {high:.3f})".format(**row))
    held = summary(tried)["ece"]
    print(f"ECE as stated {summary([one.outcome for one in found])['ece']:.3f}, fitted on other groups {held:.3f}")
    if given.write:
        told = {
            "version": f"builtin-{given.today:%Y-%m-%d}",
            "how": "logistic curves of stated log-odds, no suite above sixty answers; Wilson bounds",
            "expected_to_fail_on_unseen_systems": UNSEEN,
            "on": dict(Counter(text.split("=")[0] for text in given.files)),
            "answers": len(found),
            "groups": len({one.outcome.group for one in found}),
            "ece_on_held_back_groups": round(held, 4),
            "abstain_below": given.abstain_below,
        }
        given.write.write_text(written(told, tables), encoding="utf-8")


def rows_of(table: Calibration) -> list[dict[str, float]]:
    """The rows of a table, below which stands that what was stated with 0 is never right."""
    columns = zip(table.stated, table.right, table.low, table.high, strict=True)
    return [dict.fromkeys(COLUMNS, 0.0), *(dict(zip(COLUMNS, row, strict=True)) for row in columns)]


def written(told: Mapping[str, object], tables: Mapping[Basis, list[dict[str, float]]]) -> str:
    """Write one row a line, so that a new fit can be read as a diff."""
    each = (
        f'    "{basis}": [\n      ' + ",\n      ".join(json.dumps(row) for row in rows) + "\n    ]"
        for basis, rows in tables.items()
    )
    head = json.dumps(told, indent=2)[:-2]
    return head + ',\n  "tables": {\n' + ",\n".join(each) + "\n  }\n}\n"


if __name__ == "__main__":
    main()
