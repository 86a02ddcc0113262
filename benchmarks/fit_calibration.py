"""Refit the table that says what the built-in investigator's probabilities are worth.

    rootline eval SUITE --data DIR --predictions P.jsonl
    python benchmarks/fit_calibration.py SUITE=DIR=P.jsonl ... --write src/rootline/models/builtin/calibration.json

Each triple is a suite, its data and the predictions made on it; name a suite again for copies made harder with
`benchmarks/withhold.py`. A confidence in a predictions file went through the table that was shipped then; it is
turned back into what was stated before a new one is fitted. Every suite counts alike, whatever its number of cases.
Printed is how the fit does on groups of cases that it has not seen: a group is a suite's kind of fault, or
one of the few incidents of rootcausebench with all its harder copies.
"""

import argparse
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from rootline.analysis.joining.calibration import Calibration, Outcome, fitted, held_back, summary
from rootline.evals.run import SUITES
from rootline.evals.suite import Prediction
from rootline.models.builtin.calibrating import shipped

ROWS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 1.0)
EACH_SUITE = 60.0
UNSEEN = 0.1
"""Share of right answers expected to be wrong on a system that nobody has developed on.

Source: the published rates of four models on the two applications of Cloud-OpsBench differ by 0.09 on average.
"""


def outcomes(triples: list[list[str]], before: Calibration) -> list[Outcome]:
    """Read the answers of all files; abstentions state nothing and are left out."""
    found: list[tuple[str, Outcome]] = []
    for suite, data, file in triples:
        known = SUITES[suite]()
        cases = {case.name: case for case in known.cases(Path(data))}
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            prediction: Any = known.line.model_validate_json(line)
            verdict = known.judge(prediction, cases[prediction.case])
            if isinstance(prediction, Prediction) and verdict is not None and not verdict.abstained:
                stated = before.stated_for(verdict.confidence)
                kind = verdict.case.rsplit("/", 1)[-1] if suite == "rootcausebench" else verdict.kind
                group = f"{suite}/{kind}"
                found.append((suite, Outcome(stated=stated, right=verdict.right, group=group)))
    sizes = Counter(suite for suite, _ in found)
    return [
        Outcome(stated=one.stated, right=one.right, group=one.group, weight=EACH_SUITE / sizes[suite])
        for suite, one in found
    ]


def main() -> None:
    """Fit, try on held-back groups, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="SUITE=DATA=PREDICTIONS")
    parser.add_argument("--abstain-below", type=float, default=shipped().abstain_below)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())  # noqa: DTZ011 the day it is here
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    found = outcomes([text.split("=") for text in given.files], shipped())
    tried = held_back(found)
    as_stated, held = summary(found), summary(tried)
    table = fitted(f"builtin-{given.today:%Y-%m-%d}", found, ROWS, given.abstain_below, UNSEEN)
    print(f"{len(found)} answers in {len({one.group for one in found})} groups, {as_stated['right']:.3f} right")
    print(f"ECE as stated {as_stated['ece']:.3f}, fitted on other groups {held['ece']:.3f}")
    zero = dict.fromkeys(("stated", "right", "low", "high"), 0.0)
    columns = zip(table.stated, table.right, table.low, table.high, strict=True)
    rows = [zero, *(dict(zip(("stated", "right", "low", "high"), row, strict=True)) for row in columns)]
    for row in rows:
        print("  {stated:.3f} -> {right:.3f} ({low:.3f} to {high:.3f})".format(**row))
    if given.write:
        told = {
            "version": table.name,
            "how": "logistic curve of stated log-odds, every suite with the same weight; Wilson bounds",
            "expected_to_fail_on_unseen_systems": UNSEEN,
            "on": dict(Counter(text.split("=")[0] for text in given.files)),
            "answers": len(found),
            "groups": len({one.group for one in found}),
            "ece_on_held_back_groups": round(held["ece"], 4),
            "abstain_below": table.abstain_below,
        }
        lines = ",\n    ".join(json.dumps(row) for row in rows)
        head = json.dumps(told, indent=2)[:-2]
        given.write.write_text(f'{head},\n  "rows": [\n    {lines}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
