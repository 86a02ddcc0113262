import gzip
import json
import lzma
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.evals.runs import ran

pytestmark = pytest.mark.anyio

START = datetime(2026, 3, 2, 1, 0, 20, tzinfo=UTC)
FAULT = START + timedelta(minutes=200)
PODS = ("cart-5f6585d649-fnmft", "web-579f59597d-wc2lz")
HEAD = "Time,TimeStamp,PodName,CpuUsageRate(%),PodServerLatencyP90(s),PodWorkload(Ops)"


def metric_row(pod: str, minute: int) -> str:
    at = START + timedelta(minutes=minute)
    failing = pod.startswith("cart") and 0 <= minute - 200 < 4
    wave = 1 + 0.02 * (minute * 7 % 5)
    cpu, latency = (90.0, 0.9) if failing else (5 * wave, 0.01 * wave)
    ahead = int(at.timestamp()) + (200_000_000 if pod.startswith("web") else 0)
    return f"{at:%Y-%m-%d %H:%M:%S}.6071 +0000 UTC m=+0.1,{ahead},{pod},{cpu},{latency},{20 * wave}"


def write_day(folder: Path) -> None:
    (folder / "metric").mkdir(parents=True)
    for pod in PODS:
        rows = [HEAD, *(metric_row(pod, minute) for minute in range(400)), "a,stray,row"]
        (folder / "metric" / f"{pod}_metric.csv.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    edges = "Source,Target,Weight\nweb,cart,1\nweb,33.33.33.7,1\n"
    (folder / "metric" / "dependency.csv.gz").write_bytes(gzip.compress(edges.encode()))
    write_traces(folder / "trace")
    write_logs(folder / "log")
    fault = {"inject_time": f"{FAULT:%Y-%m-%d %H:%M:%S}", "inject_pod": PODS[0], "inject_type": "cpu_contention"}
    (folder / "fault_list.json").write_text(json.dumps({"04": [fault]}))


def write_traces(folder: Path) -> None:
    folder.mkdir()
    begin = int(FAULT.timestamp() * 1e9)
    head = "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration"
    rows = [
        head,
        f"t1,a,root,{PODS[1]},Web/Recv.,{begin},{begin + 900_000_000},900000",
        f"t1,b,a,{PODS[0]},one,too,many",
    ]
    end = FAULT + timedelta(minutes=1)
    (folder / f"{end:%H_%M}_trace.csv.xz").write_bytes(lzma.compress("\n".join(rows).encode()))


def write_logs(folder: Path) -> None:
    folder.mkdir()
    at = int(FAULT.timestamp() * 1e9)
    head = "Timestamp,TimeUnixNano,Node,PodName,Container,TraceID,SpanID,Log"
    row = f"{FAULT.isoformat()},{at},n1,{PODS[0]},server,t1,b,slow, very slow, today"
    (folder / f"{FAULT + timedelta(minutes=1):%H_%M}_log.csv").write_text(f"{head}\n{row}\n")


async def test_the_strained_service_is_blamed_and_its_fault_opens_an_incident(tmp_path: Path) -> None:
    write_day(tmp_path / "days" / "2026-03-02")

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    assert done.scores is not None
    assert [line["case"] for line in done.lines] == ["2026-03-02/04:20:20"]
    assert [one["service"] for one in done.lines[0]["ranked"]] == ["cart", "web"]
    assert done.lines[0]["ranked"][0]["confidence"] > 2 * done.lines[0]["ranked"][1]["confidence"]
    assert done.lines[0]["incidents"] == ["2026-03-02T04:21:20Z"]
    assert [done.value(name) for name in ("AC@1", "AC@3", "detected", "quiet_incidents")] == [1, 1, 1, 0]
    assert done.scores["baselines"]["n-sigma"]["top1"] == 1


async def test_a_fault_whose_pod_is_sealed_is_answered_and_not_scored(tmp_path: Path) -> None:
    write_day(tmp_path / "days" / "2026-03-02")
    file = tmp_path / "days" / "2026-03-02" / "fault_list.json"
    file.write_text(json.dumps({"04": [{"inject_time": f"{FAULT:%Y-%m-%d %H:%M:%S}"}]}))

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    assert (done.lines[0]["ranked"][0]["service"], done.scores) == ("cart", None)


async def test_without_any_list_of_faults_the_incidents_that_open_are_the_cases(tmp_path: Path) -> None:
    write_day(tmp_path / "days" / "2026-03-02")
    (tmp_path / "days" / "2026-03-02" / "fault_list.json").unlink()

    done = await ran("nezha", tmp_path / "days", tmp_path / "out")

    assert ([line["case"] for line in done.lines], done.scores) == (["2026-03-02/04:21:20"], None)
