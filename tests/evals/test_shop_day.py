"""Faults of four kinds in a made-up shop whose metrics say nothing, with one minute of traces and logs for each."""

import json
import shutil
from pathlib import Path

import pytest
from tests.evals.runs import ran
from tests.evals.shop_day import KINDS, write_day

pytestmark = pytest.mark.anyio


async def test_every_kind_of_fault_is_found_among_many_services_by_traces_and_logs(tmp_path: Path) -> None:
    write_day(tmp_path / "days" / "2026-03-02", services=24, entries=6, traces=60, faults=len(KINDS), seed=4)

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    assert (done.value("AC@1"), done.value("AC@3")) == (1, 1)
    assert done.value("AC@1") > 0.5 + done.scores["baselines"]["n-sigma"]["top1"] if done.scores else False
    assert all(one["cpu_s"] < 5 for one in done.lines)


async def test_logs_alone_find_faults_in_what_is_written(tmp_path: Path) -> None:
    faults = write_day(tmp_path / "days" / "2026-03-02", services=24, entries=6, traces=60, faults=8, seed=6)
    shutil.rmtree(tmp_path / "days" / "2026-03-02" / "trace")

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    broken = [at for at, fault in enumerate(faults) if fault.kind in {"return", "exception"}]
    places = [[one["service"] for one in done.lines[at]["ranked"]].index(faults[at].service) for at in broken]
    assert sum(place < 3 for place in places) >= len(places) - 1


async def test_the_truth_is_not_opened_to_answer(tmp_path: Path) -> None:
    folder = tmp_path / "days" / "2026-03-02"
    faults = write_day(folder, services=24, entries=6, traces=60, faults=4, seed=4)
    told = [{"inject_time": f"{one.at:%Y-%m-%d %H:%M:%S}"} for one in faults]
    (folder / "fault_list.json").write_text(json.dumps({"01": told}), encoding="utf-8")

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    assert done.scores is None
    assert [line["ranked"][0]["service"] for line in done.lines] == [one.service for one in faults]
