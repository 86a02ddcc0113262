"""A made-up case in the layout of the suite `rootcausebench`, with its truth beside it."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
CULPRIT, DECOY = "c" * 40, "d" * 40
_DIFF = "@@ ledgerservice/rows.py @@\n-    if row is None:\n-        return 0\n     return row.total\n"


def _at(minute: int) -> str:
    return (START + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


def write_benchmark_case(folder: Path) -> None:
    """Write the case: a guard was removed, errors began three minutes later, and the page's style changed meanwhile."""
    (folder / "context").mkdir(parents=True)
    _json(folder / "alert.json", _ALERT)
    with (folder / "metrics.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["timestamp", "service", "metric", "value"])
        for minute in range(60):
            wave = 0.001 * (minute % 3)
            rows.writerow([_at(minute), "ledgerservice", "errors_ratio", 0.01 + wave + (0.6 if minute >= 30 else 0)])
            rows.writerow([_at(minute), "storefront", "errors_ratio", 0.01 + wave + (0.3 if minute >= 31 else 0)])
    with (folder / "logs.ndjson").open("w") as file:
        for minute in range(30, 60):
            line = {"timestamp": _at(minute), "service": "ledgerservice", "severity_text": "ERROR", "msg": _ERROR}
            file.write(json.dumps(line) + "\n")
    _json(folder / "context" / "commits.json", _COMMITS)
    _json(folder / "context" / "deploys.json", _DEPLOYS)
    _json(folder / "context" / "flags.json", [])
    _json(folder / "truth.json", _TRUTH)


def _json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value))


_ERROR = "AttributeError: 'NoneType' object has no attribute 'total' in rows.py"
_ALERT = {
    "service": "ledgerservice",
    "metric": "errors_ratio",
    "threshold": 0.1,
    "observed": 0.6,
    "fired_at": _at(33),
    "severity": "high",
    "monitor": "ledger-errors",
    "summary": "ledgerservice errors above 10%: NoneType has no attribute total",
}
_COMMITS = [
    {
        "sha": CULPRIT,
        "author": "robin.field",
        "timestamp": _at(20),
        "message": "simplify totals",
        "files_changed": ["ledgerservice/rows.py"],
        "diff": _DIFF,
    },
    {
        "sha": DECOY,
        "author": "kim.stone",
        "timestamp": _at(24),
        "message": "restyle the page",
        "files_changed": ["storefront/page.css"],
        "diff": "@@ storefront/page.css @@\n-  margin: 1px;\n+  margin: 2px;\n",
    },
]
_DEPLOYS = [
    {"timestamp": _at(27), "service": "ledgerservice", "commit_sha": CULPRIT, "version": "v7"},
    {"timestamp": _at(29), "service": "storefront", "commit_sha": DECOY, "version": "v9"},
]
_TRUTH = {
    "root_cause_commit": CULPRIT,
    "first_failing_service": "ledgerservice",
    "blast_radius": ["storefront"],
    "remediation": "rollback",
    "decoy_deploy_commits": [DECOY],
}
