import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.evals.runs import ran, without_time, write_lines

pytestmark = pytest.mark.anyio

GUARD = "diff --git a/cart/total.py b/cart/total.py\n@@ -1,3 +1,1 @@\n-    if cart is None:\n-        return 0\n     return cart.total\n"  # noqa: E501 a diff line
STYLE = "diff --git a/web/page.css b/web/page.css\n@@ -1 +1 @@\n-  margin: 1px;\n+  margin: 2px;\n"


def commit(sha: str, at: int, subject: str, diff: str, path: str) -> dict[str, Any]:
    files = [{"path": path, "add": 1, "rem": 1}]
    return {"repo": "shop", "sha": sha, "subject": subject, "body": "", "ct": at, "files": files, "diff": diff}


def pack(file: Path) -> None:
    subprocess.run(["zstd", "--rm", "-q", str(file)], check=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "changes"
    broken = {"repo": "shop", "symptom": "cart total fails: NoneType has no attribute total in cart/total.py"}
    window = ["a" * 40, "b" * 40, "c" * 40, "missing"]
    write_lines(
        folder / "culprit_cases.jsonl",
        [{"id": "shop:bbb", "window": window, "culprit": "b" * 40, "fix": "f" * 40, "stratum": "uniform", **broken}],
    )
    write_lines(
        folder / "no_culprit_cases.jsonl",
        [{"id": "none:shop:bbb", "window": ["a" * 40, "c" * 40], "culprit": None, "stratum": "fast", **broken}],
    )
    write_lines(
        folder / "culprit_commits.jsonl",
        [
            commit("a" * 40, 1_600_000_100, "Restyle the page", STYLE, "web/page.css"),
            commit("b" * 40, 1_600_000_300, "Simplify cart totals", GUARD, "cart/total.py"),
            commit("c" * 40, 1_600_000_200, "Restyle it again", STYLE, "web/page.css"),
        ],
    )
    return folder


async def test_the_commits_of_a_window_are_ranked_and_those_without_a_culprit_told_apart(
    data: Path, tmp_path: Path
) -> None:
    done = await ran("culprit", data, tmp_path / "out")

    assert done.scores is not None
    assert [line["case"] for line in done.lines] == ["shop:bbb", "none:shop:bbb"]
    assert done.lines[0]["ranked"][0]["commit"] == "b" * 40
    assert {one["commit"] for one in done.lines[0]["ranked"]} == {"a" * 40, "b" * 40, "c" * 40}
    assert [done.value(name) for name in ("top1", "top3", "mrr", "none_auroc")] == [1, 1, 1, 1]
    assert done.scores["by_kind"]["uniform"]["cases"] == 1
    assert done.scores["baselines"]["latest commit"]["top1"] == 1
    assert done.scores["baselines"]["random"]["top1"] == pytest.approx(1 / 3, abs=1e-4)


async def test_without_truth_the_same_is_predicted_and_nothing_scored(data: Path, tmp_path: Path) -> None:
    known = await ran("culprit", data, tmp_path / "out")
    for file in data.glob("*_cases.jsonl"):
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        write_lines(file, [{name: row[name] for name in ("id", "repo", "symptom", "window")} for row in rows])

    sealed = await ran("culprit", data, tmp_path / "out")

    assert without_time(sealed.lines) == without_time(known.lines)
    assert sealed.scores is None


@pytest.mark.skipif(shutil.which("zstd") is None, reason="nothing here packs zstd")
async def test_packed_files_read_the_same(data: Path, tmp_path: Path) -> None:
    plain = await ran("culprit", data, tmp_path / "out")
    for file in data.glob("*.jsonl"):
        pack(file)

    packed = await ran("culprit", data, tmp_path / "out")

    assert without_time(packed.lines) == without_time(plain.lines)


async def test_an_earlier_run_is_compared_case_by_case(data: Path, tmp_path: Path) -> None:
    earlier = await ran("culprit", data, tmp_path / "earlier")
    wrong = {**earlier.lines[0], "ranked": list(reversed(earlier.lines[0]["ranked"]))}
    ranked = [{**one, "confidence": 0.1 * at} for at, one in enumerate(wrong["ranked"], 1)]
    ranked.sort(key=lambda one: one["commit"] == "b" * 40)
    ranked[-1]["confidence"] = 0.01
    write_lines(tmp_path / "old.jsonl", [{**wrong, "ranked": ranked}, earlier.lines[1]])

    done = await ran("culprit", data, tmp_path / "out", compare=tmp_path / "old.jsonl")

    assert done.scores is not None
    assert done.scores["compared"]["top1"]["value"] == 1
    assert done.scores["compared"]["none_auroc"]["value"] == 0
    assert "1 cases became right, 0 wrong" in done.progress
