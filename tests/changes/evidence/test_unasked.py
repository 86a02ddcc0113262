"""Where a service is asked no more, those who called it are looked at before its own code."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

ONSET = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = Window(start=ONSET - timedelta(hours=1), end=ONSET + timedelta(hours=1))
SILENT = Symptom(
    service="order",
    texts=("RequestsGone order: it is hardly asked any more",),
    falling=("http_server_requests_per_second of order",),
    onset=ONSET,
    near=("frontend", "stock"),
    askers=("frontend",),
)
SKIPS = '+    if not asked.headers.get("key"):\n+        return {"order": ""}'
LEAVES_OUT = "-    await orders.post('/order', body)\n+    pass"


def changes(**diffs: str) -> ChangeSet:
    """One commit for each service, all deployed within the minute before the onset."""
    shas = {service: f"{at}" * 40 for at, service in enumerate(diffs, 1)}
    return ChangeSet(
        commits=tuple(
            Commit(
                sha=shas[service],
                at=ONSET - timedelta(seconds=40),
                message=f"Change {service}",
                files=(f"services/{service}/app.py",),
                diff=f"@@ services/{service}/app.py @@\n{diff}\n",
            )
            for service, diff in diffs.items()
        ),
        deployments=tuple(
            Deployment(service=service, at=ONSET - timedelta(seconds=30), commit=sha) for service, sha in shas.items()
        ),
    )


@pytest.mark.parametrize("diff", [SKIPS, LEAVES_OUT])
def test_a_caller_that_leaves_out_the_call_is_blamed(diff: str) -> None:
    found = rank(SILENT, changes(order="-limit = 5\n+limit = 6", frontend=diff, stock=SKIPS), WINDOW)

    assert (found.ranked[0].service, found.ranked[0].probability > 0.5) == ("frontend", True)


def test_where_requests_fail_its_own_code_is_nearer_than_that_of_its_callers() -> None:
    fails = Symptom(service="order", texts=("ErrorsHigh order",), onset=ONSET, near=("frontend", "stock"))

    found = rank(fails, changes(order=SKIPS, frontend=SKIPS), WINDOW)

    assert found.ranked[0].service == "order"
