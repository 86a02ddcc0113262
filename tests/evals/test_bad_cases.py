import json
from argparse import Namespace
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path

import pytest
from tests.fakes.benchmark_case import write_benchmark_case

from rootline.errors import Misconfigured
from rootline.evals.run import run_suite
from rootline.evals.suite import Solver
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tapes.recording import Recording

pytestmark = pytest.mark.anyio


def asked(data: Path, out: Path, suite: str = "rootcausebench") -> Namespace:
    files = {"predictions": out / "p.jsonl", "json": out / "s.json", "junit": None, "html": None}
    return Namespace(suite=suite, data=data, model="builtin", threshold=[], rename=None, limit=None, **files)


def failing_at(alias: str, fault: Exception) -> Solver:
    inner = memory_desk(Settings(home=Path("unused"))).solve

    async def solve(recording: Recording, name: str) -> Record:
        if name == alias:
            raise fault
        return await inner(recording, name)

    return solve


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write_benchmark_case(tmp_path / "data" / name)
    return tmp_path / "data"


async def test_a_case_that_raises_is_told_and_wrong_and_the_others_go_on(data: Path, tmp_path: Path) -> None:
    progress = StringIO()

    code = await run_suite(asked(data, tmp_path), failing_at("case 1", TypeError("odd")), progress=progress)

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    scores = json.loads((tmp_path / "s.json").read_text())
    assert code == 1
    assert "first raised and counts as wrong: a fault of Rootline itself: TypeError: odd" in progress.getvalue()
    assert [line.get("raised", "") for line in lines] == ["a fault of Rootline itself: TypeError: odd", ""]
    assert (scores["cases"], scores["scores"]["exact"]["value"]) == (2, 0.5)


async def test_a_fault_is_logged_with_the_place_where_it_happened(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await run_suite(asked(data, tmp_path), failing_at("case 2", TypeError("odd")), progress=StringIO())

    assert [one.exc_info is not None for one in caplog.records if "second raised" in one.message] == [True]


async def test_what_is_wrong_with_the_whole_run_ends_it(data: Path, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no model"):
        await run_suite(asked(data, tmp_path), failing_at("case 1", Misconfigured("no model")), progress=StringIO())


async def test_a_healthy_case_that_cannot_be_read_is_no_healthy_answer(tmp_path: Path) -> None:
    case = tmp_path / "data" / "eks" / "000-odd"
    case.mkdir(parents=True)
    (case / "alert.json").write_text("{}")
    (case / "eks_pods.json").write_text("no JSON")
    (case / "answer.yml").write_text("root_cause_category: healthy\nrequired_keywords: [normal]\n")
    solve: Callable[[Recording, str], Awaitable[Record]] = memory_desk(Settings(home=Path("unused"))).solve
    progress = StringIO()

    code = await run_suite(asked(tmp_path / "data", tmp_path, "opensre"), solve, progress=progress)

    scores = json.loads((tmp_path / "s.json").read_text())["scores"]
    assert code == 1
    assert "000-odd raised and counts as wrong: it cannot be read" in progress.getvalue()
    assert {name: one["value"] for name, one in scores.items()} == {
        "category": 0.0,
        "keywords": 0.0,
        "evidence": 0.0,
        "forbidden": 0.0,
        "healthy_unblamed": 0.0,
    }


async def test_predictions_with_a_case_that_raised_can_be_compared_with(data: Path, tmp_path: Path) -> None:
    await run_suite(asked(data, tmp_path), failing_at("case 1", TypeError("odd")), progress=StringIO())
    older = (tmp_path / "p.jsonl").replace(tmp_path / "older.jsonl")
    progress = StringIO()

    again = asked(data, tmp_path)
    again.compare = older
    await run_suite(again, memory_desk(Settings(home=Path("unused"))).solve, progress=progress)

    assert "1 cases became right, 0 wrong" in progress.getvalue()


async def test_a_truth_that_cannot_be_read_leaves_its_case_out(data: Path, tmp_path: Path) -> None:
    (data / "first" / "truth.json").write_text("no JSON")

    code = await run_suite(asked(data, tmp_path), memory_desk(Settings(home=Path("unused"))).solve, progress=StringIO())

    assert code == 0
    assert json.loads((tmp_path / "s.json").read_text())["cases"] == 1
