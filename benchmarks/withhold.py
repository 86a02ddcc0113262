"""Make harder copies of recorded cases by taking evidence away, so that confidence can be fitted on answers that fail.

`python benchmarks/withhold.py rootcausebench DATA OUT` takes the commit at fault out of each case (its truth becomes
`none`), or the diffs of all commits, or the logs, or the metrics.
`python benchmarks/withhold.py cloudops DATA OUT --share 0.4` takes a share of the recorded reads out of each case.
The same seed takes away the same.
"""

import argparse
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Edit = Callable[[Path], None]


def _load(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _save(file: Path, value: object) -> None:
    file.write_text(json.dumps(value), encoding="utf-8")


def without_culprit(case: Path) -> None:
    """Take the commit at fault and its deployments out; the truth becomes that no commit did it."""
    truth = _load(case / "truth.json")
    culprit = str(truth["root_cause_commit"])
    for name in ("commits.json", "deploys.json"):
        file = case / "context" / name
        if file.is_file():
            rows = _load(file)
            inner = rows if isinstance(rows, list) else next(iter(rows.values()))
            kept = [row for row in inner if culprit not in json.dumps(row)]
            _save(file, kept if isinstance(rows, list) else {next(iter(rows)): kept})
    _save(case / "truth.json", {**truth, "root_cause_commit": "none"})


def without_diffs(case: Path) -> None:
    """Empty every diff."""
    file = case / "context" / "commits.json"
    rows = _load(file)
    for row in rows if isinstance(rows, list) else next(iter(rows.values())):
        for key in ("diff", "patch"):
            row.update({key: ""} if key in row else {})
    _save(file, rows)


def without(*names: str) -> Edit:
    """Take files out."""

    def edit(case: Path) -> None:
        for name in names:
            (case / name).unlink(missing_ok=True)

    return edit


EDITS: dict[str, Edit] = {
    "culprit": without_culprit,
    "diffs": without_diffs,
    "logs": without("logs.ndjson", "patterns.json"),
    "metrics": without("metrics.csv"),
}


def thin_reads(case: Path, share: float, draw: random.Random) -> None:
    """Take a share of the recorded reads out."""
    cache = _load(case / "tool_cache.json")
    _save(
        case / "tool_cache.json", {key: text for key, text in cache.items() if ":" not in key or draw.random() > share}
    )


def main() -> None:
    """Write the copies."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=["rootcausebench", "cloudops"])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    marker = "alert.json" if given.suite == "rootcausebench" else "tool_cache.json"
    for number, case in enumerate(sorted(file.parent for file in given.data.rglob(marker))):
        for name, edit in EDITS.items() if given.suite == "rootcausebench" else {"reads": None}.items():
            copy = given.out / name / case.relative_to(given.data)
            shutil.copytree(case, copy, dirs_exist_ok=True)
            if edit is None:
                thin_reads(copy, given.share, random.Random(given.seed + number))
            else:
                edit(copy)


if __name__ == "__main__":
    main()
