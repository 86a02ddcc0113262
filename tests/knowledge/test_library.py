import re

import pytest

from rootline.knowledge.library import shipped_runbooks
from rootline.sources.runbooks.source import Runbook

RUNBOOKS = shipped_runbooks()


def test_runbooks_are_shipped_in_order_of_their_names() -> None:
    names = [one.name for one in RUNBOOKS]

    assert len(names) >= 26
    assert names == sorted(set(names))


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda one: one.name)
def test_each_says_its_risk_its_owner_and_how_long_it_takes(runbook: Runbook) -> None:
    assert runbook.risk in {"low", "medium", "high", "critical"}
    assert runbook.owner
    assert 5 <= runbook.minutes <= 60


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda one: one.name)
def test_each_says_how_to_act_how_to_go_back_and_how_to_see_that_it_helped(runbook: Runbook) -> None:
    headings = re.findall(r"^## (.+)$", runbook.body, re.MULTILINE)

    assert {"Act", "Undo", "It worked when"} <= set(headings)
    assert 34 <= runbook.body.count("\n") <= 100


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda one: one.name)
def test_fences_are_closed_and_no_line_is_endless(runbook: Runbook) -> None:
    assert runbook.body.count("```") % 2 == 0
    assert max(len(line) for line in runbook.body.split("\n")) <= 260
