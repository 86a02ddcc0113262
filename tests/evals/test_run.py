import json
from argparse import Namespace
from io import StringIO
from pathlib import Path

import pytest
from tests.fakes.benchmark_case import write_benchmark_case

from rootline.errors import Misconfigured
from rootline.evals.run import run_suite
from rootline.opening import memory_desk
from rootline.settings import Settings

pytestmark = pytest.mark.anyio


def asked(data: Path, out: Path, **changes: object) -> Namespace:
    given = {
        "suite": "rootcausebench",
        "data": data,
        "model": "builtin",
        "predictions": out / "p.jsonl",
        "json": out / "s.json",
        "junit": out / "j.xml",
        "html": out / "r.html",
        "threshold": [],
        "rename": None,
        "limit": None,
    }
    return Namespace(**{**given, **changes})


async def run(given: Namespace) -> int:
    desk = memory_desk(Settings(home=Path("unused")))
    return await run_suite(given, desk.solve, progress=StringIO())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write_benchmark_case(tmp_path / "data" / name)
    return tmp_path / "data"


async def test_a_suite_writes_predictions_scores_and_reports(data: Path, tmp_path: Path) -> None:
    code = await run(asked(data, tmp_path))

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    scores = json.loads((tmp_path / "s.json").read_text())
    assert code == 0
    assert [line["case"] for line in lines] == ["first", "second"]
    assert {"ranked", "none_confidence", "abstained", "claims", "tool_calls", "tokens_shown", "cpu_s"} <= set(lines[0])
    assert scores["scores"]["exact"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert {"suite", "cases", "scores", "by_kind", "baselines", "commit", "calibration"} == set(scores)
    assert "<failure" not in (tmp_path / "j.xml").read_text()
    assert "http" not in (tmp_path / "r.html").read_text().replace("http-", "")


async def test_without_truth_the_predictions_are_the_same_and_nothing_is_scored(data: Path, tmp_path: Path) -> None:
    await run(asked(data, tmp_path))
    with_truth = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    (tmp_path / "s.json").unlink()
    for file in data.rglob("truth.json"):
        file.unlink()

    code = await run(asked(data, tmp_path))

    without = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    timeless = [[{**line, "cpu_s": 0} for line in lines] for lines in (with_truth, without)]
    assert (code, timeless[0] == timeless[1], (tmp_path / "s.json").exists()) == (0, True, False)


async def test_a_score_under_its_threshold_ends_with_five(data: Path, tmp_path: Path) -> None:
    assert await run(asked(data, tmp_path, threshold=["exact=0.9"])) == 0
    assert await run(asked(data, tmp_path, threshold=["exact=1.1"])) == 5


async def test_renaming_changes_every_name_and_no_score(data: Path, tmp_path: Path) -> None:
    code = await run(asked(data, tmp_path, rename=3, threshold=["exact=1", "first_service=1", "blast_jaccard=1"]))

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert code == 0
    assert lines[0]["first_failing_service"] == "ledgerservice"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"suite": "nothing"}, "There is no suite"),
        ({"threshold": ["exact"]}, "SCORE=VALUE"),
        ({"threshold": ["perfect=1"]}, "has no score 'perfect'"),
    ],
)
async def test_a_wrong_request_says_what_is_known(
    data: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(Misconfigured, match=words):
        await run(asked(data, tmp_path, **changes))


async def test_a_folder_without_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="holds no case"):
        await run(asked(tmp_path, tmp_path))


async def test_all_root_cause_suites_below_a_folder_are_calibrated_together(tmp_path: Path) -> None:
    write_benchmark_case(tmp_path / "data" / "rootcausebench" / "only")

    code = await run(asked(tmp_path / "data", tmp_path, suite="root_cause", threshold=["right=1"]))

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    scores = json.loads((tmp_path / "s.json").read_text())
    assert (code, [line["case"] for line in lines]) == (0, ["rootcausebench/only"])
    assert scores["by_kind"] == {"rootcausebench": {"cases": 1.0, "right": 1.0}}
    assert set(scores["calibration"]) == {"ece", "auroc", "sure", "sure_and_wrong", "abstained"}


async def test_a_case_that_cannot_be_read_is_abstained_from_and_the_others_go_on(data: Path, tmp_path: Path) -> None:
    (data / "first" / "alert.json").write_text("{")

    await run(asked(data, tmp_path))

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [(line["case"], line["abstained"]) for line in lines] == [("first", True), ("second", False)]


async def test_an_empty_folder_beside_the_cases_is_named(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "third" / "inner").mkdir(parents=True)
    (data / "first" / "context").mkdir(exist_ok=True)

    await run(asked(data, tmp_path))

    told = [record.getMessage() for record in caplog.records]
    assert told == ["third/inner holds no alert.json and is left out"]


@pytest.mark.parametrize(
    ("truth", "complaint"),
    [("{", "is no JSON"), ("[]", "the whole: "), ('{"culprit_commit": 5}', "truth.json is no truth of this suite: ")],
)
async def test_a_broken_truth_says_what_is_wrong_with_it(
    data: Path, tmp_path: Path, truth: str, complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "first" / "truth.json").write_text(truth)

    await run(asked(data, tmp_path))

    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith("first is not judged")
    assert complaint in told


async def test_metrics_with_another_header_are_not_taken_for_none(data: Path, tmp_path: Path) -> None:
    (data / "first" / "metrics.csv").write_text("x;;;\n")

    await run(asked(data, tmp_path))

    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [line["abstained"] for line in lines] == [True, False]


async def test_rivals_that_rank_services_are_run_in_the_same_command(data: Path, tmp_path: Path) -> None:
    await run(asked(data, tmp_path))

    others = json.loads((tmp_path / "s.json").read_text())["baselines"]
    assert {"random", "latest deploy", "BM25", "n-sigma", "BARO (robust scorer)"} <= set(others)
    assert 0 <= others["BARO (robust scorer)"]["first_service"] <= 1
