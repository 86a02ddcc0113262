import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.evals.runs import ran, without_time

pytestmark = pytest.mark.anyio

START = datetime(2026, 1, 5, tzinfo=UTC)
LENGTH, ANOMALY = 600, range(500, 512)


def stamp(at: int) -> str:
    return (START + timedelta(minutes=5 * at)).strftime("%Y-%m-%d %H:%M:%S")


def wave(at: int) -> float:
    return 10.0 + 0.1 * (at * 7 % 11) + (40.0 if at in ANOMALY else 0.0)


def calm(at: int) -> float:
    return 10.0 + 0.1 * (at * 5 % 7)


def write_nab(folder: Path) -> None:
    for name, values in {"jump.csv": wave, "flat.csv": calm}.items():
        file = folder / "data" / "made" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("timestamp,value\n" + "".join(f"{stamp(at)},{values(at)}\n" for at in range(LENGTH)))
    labels = {"made/jump.csv": [[stamp(498), stamp(520)]], "made/flat.csv": []}
    (folder / "labels").mkdir()
    (folder / "labels" / "combined_windows.json").write_text(json.dumps(labels))
    (folder / "published_final_results.json").write_text(json.dumps({"other": {"standard": 12.5}}))


def write_monitored(folder: Path) -> None:
    file = folder / "crashes" / "app.csv"
    file.parent.mkdir(parents=True)
    rows = "".join(f"{stamp(at)},{wave(at)},{int(at in ANOMALY)}\n" for at in range(LENGTH))
    file.write_text("TimeStamp,Value,Label\n" + rows)


async def test_a_page_early_in_the_labelled_window_scores_and_every_sample_is_predicted(tmp_path: Path) -> None:
    write_nab(tmp_path / "nab")

    done = await ran("nab", tmp_path / "nab", tmp_path / "out")

    assert done.scores is not None
    assert [line["case"] for line in done.lines] == ["made/flat.csv", "made/jump.csv"]
    first = done.lines[1]["predictions"][0]
    assert (set(first), first["timestamp"]) == ({"timestamp", "score", "alert"}, stamp(0))
    assert any(one["alert"] for one in done.lines[1]["predictions"][498:505])
    assert not any(one["alert"] for one in done.lines[0]["predictions"])
    assert done.value("standard") > 90
    assert done.scores["baselines"]["other (all groups)"] == {"standard": 12.5}


async def test_every_shipped_detector_is_judged_on_the_same_series(tmp_path: Path) -> None:
    write_nab(tmp_path / "nab")
    write_monitored(tmp_path / "monitored")

    pages = await ran("nab", tmp_path / "nab", tmp_path / "pages")
    alarms = await ran("cloud_monitoring", tmp_path / "monitored", tmp_path / "alarms")

    assert pages.scores is not None
    assert alarms.scores is not None
    for rival in ("STL with ESD, shipped", "kernel density, shipped"):
        assert pages.scores["baselines"][f"{rival}, once an episode"]["standard"] > 0
        assert alarms.scores["baselines"][rival]["event_f1"] > 0


async def test_unlabelled_series_are_predicted_all_the_same(tmp_path: Path) -> None:
    write_nab(tmp_path / "nab")
    known = await ran("nab", tmp_path / "nab", tmp_path / "out")
    (tmp_path / "nab" / "labels" / "combined_windows.json").unlink()

    sealed = await ran("nab", tmp_path / "nab", tmp_path / "out")

    assert (without_time(sealed.lines), sealed.scores) == (without_time(known.lines), None)


async def test_a_marked_event_is_hit_and_nothing_invented(tmp_path: Path) -> None:
    write_monitored(tmp_path / "series")

    done = await ran("cloud_monitoring", tmp_path / "series", tmp_path / "out", threshold=["event_f1=1"])

    assert done.code == 0
    assert [done.value(name) for name in ("event_f1", "hit", "missed", "false")] == [1, 1, 0, 0]


async def test_series_without_a_label_column_are_not_scored(tmp_path: Path) -> None:
    write_monitored(tmp_path / "series")
    file = tmp_path / "series" / "crashes" / "app.csv"
    file.write_text("\n".join(line.rsplit(",", 1)[0] for line in file.read_text().splitlines()))

    done = await ran("cloud_monitoring", tmp_path / "series", tmp_path / "out")

    assert (len(done.lines[0]["predictions"]), done.scores) == (LENGTH, None)


async def test_a_file_with_other_columns_is_named_with_those_it_has_and_ends_no_run(tmp_path: Path) -> None:
    write_monitored(tmp_path / "data")
    (tmp_path / "data" / "crashes" / "other.csv").write_text("a,b\n")

    done = await ran("cloud_monitoring", tmp_path / "data", tmp_path / "out")

    raised = {line["case"]: line.get("raised", "") for line in done.lines}
    assert "needs the columns TimeStamp and Value; it has a, b" in raised["crashes/other.csv"]
    assert not raised["crashes/app.csv"]
    assert done.scores is not None
