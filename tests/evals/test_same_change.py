from pathlib import Path
from typing import Any

import pytest
from tests.evals.runs import ran, without_time, write_lines

pytestmark = pytest.mark.anyio


def commit(sha: str, subject: str, *changed: str) -> dict[str, Any]:
    diff = "\n".join(["diff --git a/x.py b/x.py", "@@ -1 +1 @@", " context of the branch", *changed])
    return {"repo": "lib", "sha": sha, "subject": subject, "body": "", "ct": 1_600_000_000, "diff": diff}


def write_pairs(folder: Path, *, with_truth: bool = True) -> None:
    fix = ("-    return cache[key]", "+    return cache.get(key, default)", "+    # a missing key is no error")
    picked = (*fix[:2], "+    # here the branch had another line")
    write_lines(
        folder / "pair_commits.jsonl",
        [
            commit("a1", "Missing keys are no error", *fix),
            commit("a2", "Missing keys are no error (stable)", *picked),
            commit("b1", "Count the keys", "-    total = 0", "+    total = len(cache)"),
        ],
    )
    truths: list[dict[str, Any]] = [
        {"label": "SAME_CHANGE", "patch_id": "differ"},
        {"label": "NOT_SAME", "hard": True},
    ]
    pairs = [("a1", "a2"), ("a2", "b1")]
    rows = [
        {"repo": "lib", "a": a, "b": b, **(truth if with_truth else {})}
        for (a, b), truth in zip(pairs, truths, strict=True)
    ]
    write_lines(folder / "pairs.jsonl", rows)


async def test_a_picked_change_is_found_though_its_patch_differs(tmp_path: Path) -> None:
    write_pairs(tmp_path / "changes")

    done = await ran("same_change", tmp_path / "changes", tmp_path / "out")

    assert done.scores is not None
    assert [(line["case"], line["same"]) for line in done.lines] == [("0000:a1:a2", True), ("0001:a2:b1", False)]
    names = ("precision", "recall", "hard_precision", "hard_recall")
    assert [done.value(name) for name in names] == [1, 1, 1, 1]
    assert done.scores["baselines"]["same changed lines"]["recall"] == 0


async def test_pairs_without_labels_are_compared_all_the_same(tmp_path: Path) -> None:
    write_pairs(tmp_path / "changes")
    known = await ran("same_change", tmp_path / "changes", tmp_path / "out")
    write_pairs(tmp_path / "changes", with_truth=False)

    sealed = await ran("same_change", tmp_path / "changes", tmp_path / "out")

    assert (without_time(sealed.lines), sealed.scores) == (without_time(known.lines), None)


async def test_a_commit_that_is_not_on_file_is_like_no_other(tmp_path: Path) -> None:
    write_lines(tmp_path / "changes" / "pair_commits.jsonl", [commit("a1", "Count", "+    total = 1")])
    write_lines(tmp_path / "changes" / "pairs.jsonl", [{"repo": "lib", "a": "a1", "b": "gone"}])

    done = await ran("same_change", tmp_path / "changes", tmp_path / "out")

    assert [(line["likeness"], line["same"]) for line in done.lines] == [(0.0, False)]
