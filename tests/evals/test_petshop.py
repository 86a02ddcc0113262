import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.evals.runs import ran

pytestmark = pytest.mark.anyio

NODES = ("front", "stock", "till")
CALLS = {("front", "stock"), ("front", "till")}
METRICS = (("latency", "Average", 0.1), ("requests", "Sum", 600.0), ("availability", "Average", 100.0))
QUIET_FROM, ISSUE_FROM = 1_700_000_100, 1_690_000_200
ROWS = 320


def write_sheet(file: Path, start: int, rows: int, slow: Iterable[str] = ()) -> None:
    file.parent.mkdir(parents=True)
    columns = [(node, *metric) for node in NODES for metric in METRICS]
    with file.open("w", newline="") as sheet:
        out = csv.writer(sheet)
        out.writerow(["microservice", *(node for node, *_ in columns)])
        out.writerow(["metric", *(metric for _, metric, *_ in columns)])
        out.writerow(["statistic", *(statistic for _, _, statistic, _ in columns)])
        out.writerow(["unix_timestamp", *("" for _ in columns)])
        for at in range(rows):
            cells = [cell(node, metric, level, at, slow) for node, metric, _, level in columns]
            out.writerow([float(start + 300 * at), *cells])


def cell(node: str, metric: str, level: float, at: int, slow: Iterable[str]) -> float:
    wave = level * (1 + 0.01 * (at * 7 % 5)) if metric != "availability" else level
    return wave * 8 if metric == "latency" and node in slow else wave


@pytest.fixture
def data(tmp_path: Path) -> Path:
    scenario = tmp_path / "shop" / "calm_traffic"
    write_sheet(scenario / "noissue" / "metrics.csv", QUIET_FROM, ROWS)
    write_sheet(scenario / "test" / "issue_1" / "metrics.csv", ISSUE_FROM, 5, slow=("front", "till"))
    marks = [",".join(["1" if (caller, callee) in CALLS else "0" for callee in NODES]) for caller in NODES]
    rows = [f",{','.join(NODES)}", *(f"{node},{mark}" for node, mark in zip(NODES, marks, strict=True))]
    (scenario / "graph.csv").write_text("\n".join(rows))
    target = {"node": "front", "metric": "latency", "agg": "Average", "timestamp": ISSUE_FROM + 600}
    write_target(scenario, {"target": target, "root_cause": {"node": "till"}})
    return tmp_path / "shop"


def write_target(scenario: Path, value: dict[str, Any]) -> None:
    (scenario / "test" / "issue_1" / "target.json").write_text(json.dumps(value))


async def test_the_slow_callee_is_blamed_and_nobody_in_quiet_hours(data: Path, tmp_path: Path) -> None:
    done = await ran("petshop", data, tmp_path / "out")

    assert done.scores is not None
    assert [line["case"] for line in done.lines[:2]] == ["calm_traffic/test/issue_1", "calm_traffic/noissue/0000"]
    assert done.lines[0]["ranked"][0]["service"] == "till"
    assert done.lines[0]["claims"]["verified"] > 0
    assert [done.value(name) for name in ("recall1", "recall3", "specificity")] == [1, 1, 1]
    assert set(done.scores["baselines"]) == {"random", "n-sigma", "BARO (robust scorer)", "always none"}
    assert "recall1" not in done.scores["by_kind"]["quiet"]


async def test_other_names_get_the_same_answer(data: Path, tmp_path: Path) -> None:
    plain = await ran("petshop", data, tmp_path / "out", limit=1)

    renamed = await ran("petshop", data, tmp_path / "out", limit=1, rename=5)

    assert renamed.lines[0]["ranked"] == plain.lines[0]["ranked"]
    assert renamed.lines[0]["first_failing_service"] == plain.lines[0]["first_failing_service"] == "till"


@pytest.mark.parametrize("left", [{"target": {"node": "front", "metric": "latency", "timestamp": ISSUE_FROM}}, None])
async def test_without_the_culprit_every_window_is_answered_and_none_scored(
    data: Path, tmp_path: Path, left: dict[str, Any] | None
) -> None:
    scenario = data / "calm_traffic"
    (scenario / "test" / "issue_1" / "target.json").unlink()
    if left is not None:
        write_target(scenario, left)

    done = await ran("petshop", data, tmp_path / "out")

    assert (done.lines[0]["ranked"][0]["service"], done.scores) == ("till", None)
