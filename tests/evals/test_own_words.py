"""The product has words of its own for causes; those of a data set are known to its suite alone."""

import json
import re
from importlib.resources import files
from pathlib import Path

from rootline.analysis.cluster.causes import REMEDIES

PACKAGE = Path(str(files("rootline")))
LABELS: dict[str, str] = json.loads((PACKAGE / "evals" / "suites" / "cloudops_labels.json").read_text(encoding="utf-8"))


def test_no_label_of_a_data_set_is_known_outside_of_its_suite() -> None:
    labels = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, LABELS.values())) + r")(?!\w)")
    outside = [file for file in PACKAGE.rglob("*") if file.suffix in {".py", ".md", ".json", ".yaml", ".sql"}]

    knowing = [
        str(file.relative_to(PACKAGE))
        for file in outside
        if file.parent.name != "suites" and labels.search(file.read_text(encoding="utf-8"))
    ]

    assert knowing == []


def test_every_cause_that_the_suite_maps_is_one_of_ours_and_no_label_is_mapped_twice() -> None:
    assert set(LABELS) <= set(REMEDIES)
    assert len(set(LABELS.values())) == len(LABELS) == 49
