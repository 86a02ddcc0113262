import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.evals.runs import ran, without_time
from tests.evals.sre_family import DATABASES, WELL, Rds, write_rds
from tests.evals.workload_family import CALM, PODS, WORKLOADS, Workload, waiting, write_workload

pytestmark = pytest.mark.anyio

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
POD = "till-7f9dd8b6c4-x7gr9"


def stamp(minute: int) -> str:
    return (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(folder: Path, name: str, value: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(value))


def pod(name: str, **state: object) -> dict[str, Any]:
    ready = "waiting" not in state
    held = {"name": "till", "ready": ready, "restart_count": 0 if ready else 8, "state": state}
    return {"name": name, "namespace": "shop", "phase": "Running", "node_name": "n1", "containers": [held]}


def write_incidents(data: Path) -> None:
    labels = {"alertname": "Check", "severity": "info", "service": "till", "namespace": "shop"}
    healthy, broken = data / "eks" / "000-healthy", data / "eks" / "001-broken"
    write(healthy, "alert.json", {"commonLabels": labels, "commonAnnotations": {"summary": "All is well."}})
    write(healthy, "eks_pods.json", {"pods": [pod(POD, running=True)]})
    write(healthy, "eks_events.json", {"warning_events": []})
    write(healthy, "eks_node_health.json", {"nodes": [{"name": "n1", "ready": "True"}]})
    write(healthy, "answer.yml", {"root_cause_category": "healthy", "required_keywords": ["no cause"]})
    critical = {**labels, "alertname": "PodCrashLooping", "severity": "critical"}
    notes = {"summary": "The pod restarts again and again.", "k8s_failure_mode": "secret_word"}
    write(broken, "alert.json", {"commonLabels": critical, "commonAnnotations": notes})
    write(broken, "scenario.yml", {"base": "000-healthy", "failure_mode": "secret_word"})
    message = "back-off restarting failed container; last terminated: reason=OOMKilled, exit_code=137"
    write(broken, "eks_pods.json", {"pods": [pod(POD, waiting=True, reason="CrashLoopBackOff", message=message)]})
    event = {
        "type": "Warning",
        "reason": "BackOff",
        "message": "Back-off restarting failed container till (reason: OOMKilled, exit code: 137)",
        "involved_object": f"Pod/{POD}",
        "last_time": stamp(30),
    }
    write(broken, "eks_events.json", {"warning_events": [event]})
    truth = {
        "root_cause_category": "resource_exhaustion",
        "required_keywords": ["exit code: 137", POD],
        "forbidden_categories": ["healthy"],
        "forbidden_keywords": ["secret_word"],
        "required_queries": ["list_eks_pods", "query_datadog_metrics"],
    }
    write(broken, "answer.yml", truth)


async def test_required_findings_are_named_and_healthy_systems_left_alone(tmp_path: Path) -> None:
    write_incidents(tmp_path / "sre")

    done = await ran("opensre", tmp_path / "sre", tmp_path / "out")

    assert [line["case"] for line in done.lines] == ["eks/000-healthy", "eks/001-broken"]
    assert done.lines[1]["ranked"][0]["service"] == "app/till"
    names = ("category", "keywords", "evidence", "forbidden", "healthy_unblamed")
    assert [done.value(name) for name in names] == [1, 1, 0.75, 0, 1]


async def test_nothing_that_names_the_fault_is_read(tmp_path: Path) -> None:
    write_incidents(tmp_path / "sre")
    known = await ran("opensre", tmp_path / "sre", tmp_path / "out")
    for file in tmp_path.rglob("answer.yml"):
        file.unlink()

    sealed = await ran("opensre", tmp_path / "sre", tmp_path / "out")

    assert without_time(sealed.lines) == without_time(known.lines)
    assert (sealed.scores, "secret_word" in json.dumps(sealed.lines)) == (None, False)


async def test_other_names_find_the_same(tmp_path: Path) -> None:
    write_incidents(tmp_path / "sre")
    plain = await ran("opensre", tmp_path / "sre", tmp_path / "out")

    renamed = await ran("opensre", tmp_path / "sre", tmp_path / "out", rename=9)

    assert [line["ranked"] for line in renamed.lines] == [line["ranked"] for line in plain.lines]
    assert renamed.lines[1]["told"] == plain.lines[1]["told"]


@pytest.mark.parametrize("case", [*DATABASES, *WELL], ids=lambda case: case.name)
async def test_a_database_is_explained_by_its_limits_waits_and_events(case: Rds, tmp_path: Path) -> None:
    write_rds(tmp_path / "data" / "incident", case, 1)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert [one["cause"] for one in said["ranked"][:1]] == ([case.cause] if case.cause else [])
    assert [word for word in case.keywords if word.lower() not in said["told"].lower()] == []


@pytest.mark.parametrize("case", [*WORKLOADS, *CALM], ids=lambda case: case.name)
async def test_a_workload_is_explained_by_its_pods_events_and_logs(case: Workload, tmp_path: Path) -> None:
    write_workload(tmp_path / "data" / "incident", case)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert [one["cause"] for one in said["ranked"][:1]] == ([case.cause] if case.cause else [])
    assert [word for word in case.keywords if word.lower() not in said["told"].lower()] == []


async def test_an_alert_that_is_over_with_a_passing_error_blames_nothing_and_says_what_is_ok(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "eks" / "over"
    write_workload(folder, Workload("over", "till was slow.", lines=(("error", "connection reset by peer, retried"),)))
    alert = json.loads((folder / "alert.json").read_text())
    write(folder, "alert.json", {**alert, "state": "resolved"})

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert said["abstained"]
    assert all(word in said["told"] for word in ("normal", "is OK", "3/3", "Ready"))


async def test_a_kill_of_last_week_blames_nothing_of_today(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "eks" / "old"
    write_workload(folder, Workload("old", "Many warnings.", severity="warning", restarts=2))
    pods = json.loads((folder / "eks_pods.json").read_text())
    for one in pods["pods"]:
        state = {"terminated": True, "reason": "OOMKilled", "exit_code": 137, "finished_at": stamp(-9 * 24 * 60)}
        one["containers"][0]["last_state"] = state
    write(folder, "eks_pods.json", pods)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    assert done.lines[0]["abstained"]


async def test_who_fills_the_disk_of_a_node_is_told_beside_those_who_are_evicted(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "eks" / "disk"
    told = "The node was low on resource: ephemeral-storage. Container {} was using {}, request is 0."
    case = Workload(
        "disk",
        "Pods of till are gone.",
        phase="Failed",
        state={"terminated": True, "reason": "Error", "exit_code": 137},
        ready=False,
        conditions={"disk_pressure": "True"},
        events=(("Evicted", told.format("till", "212Ki"), 13),),
    )
    write_workload(folder, case)
    events = json.loads((folder / "eks_events.json").read_text())["warning_events"]
    greedy = {
        **events[0],
        "message": told.format("painter", "41883920Ki"),
        "involved_object": "Pod/painter-84d9b67d5c-gz6rh",
    }
    write(folder, "eks_events.json", {"warning_events": [*events, greedy]})

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert said["category"] == "resource_exhaustion"
    assert all(word in said["told"] for word in ("disk pressure", "ephemeral-storage", "eviction", "painter", "node-1"))


async def test_how_containers_ended_and_what_was_rolled_out_stand_beside_the_cause(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "eks" / "probe"
    case = Workload(
        "probe",
        "Pods of till restart.",
        state=waiting("CrashLoopBackOff", "back-off 40s restarting failed container"),
        restarts=9,
        ready=False,
        events=(
            ("Unhealthy", "Liveness probe failed: dial tcp 10.0.0.9:8081: connect: connection refused", 14),
            ("Killing", "Container till failed liveness probe, will be restarted", 14),
        ),
    )
    write_workload(folder, case)
    pods = json.loads((folder / "eks_pods.json").read_text())
    pods["pods"][0]["containers"][0]["last_state"] = {"terminated": True, "reason": "Error", "exit_code": 143}
    write(folder, "eks_pods.json", pods)
    rows = json.loads((folder / "eks_deployments.json").read_text())
    rows["deployments"][0]["liveness_probe"] = {"initialDelaySeconds": 10}
    rows["deployments"][0]["previous_liveness_probe"] = {"initialDelaySeconds": 120}
    write(folder, "eks_deployments.json", rows)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert said["category"] == "configuration_error"
    for word in ("exit code 143 (SIGTERM)", "initialDelaySeconds=120", "Killing", PODS[1], "2/3"):
        assert word in said["told"]
    assert said["claims"]["contradicted"] == said["claims"]["not_found"] == 0


async def test_a_planned_restart_that_finished_is_no_failure(tmp_path: Path) -> None:
    case = Rds(
        "kept",
        "RDSAvailability",
        "{db} was restarted.",
        severity="warning",
        events=(
            (3, "maintenance", "Planned maintenance of {db}: an update started in the maintenance window."),
            (5, "availability", "DB instance {db} restarted"),
        ),
    )
    write_rds(tmp_path / "data" / "incident", case, 1)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    assert (done.lines[0]["abstained"], "normal" in done.lines[0]["told"]) == (True, True)


async def test_where_all_is_well_the_levels_are_told_as_the_reason(tmp_path: Path) -> None:
    write_rds(tmp_path / "data" / "incident", WELL[0], 1)

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    said = done.lines[0]
    assert said["abstained"]
    assert all(
        word in said["told"] for word in ("No failure is seen", "normal", "CPUUtilization", "DatabaseConnections")
    )
    assert said["claims"]["verified"] >= 4


async def test_an_incident_that_cannot_be_read_is_abstained_from_and_the_others_go_on(tmp_path: Path) -> None:
    write_incidents(tmp_path / "data")
    (tmp_path / "data" / "eks" / "001-broken" / "alert.json").write_text("{")

    done = await ran("opensre", tmp_path / "data", tmp_path / "out")

    assert [(line["abstained"], line["told"] != "", line["category"]) for line in done.lines] == [
        (True, True, "healthy"),
        (True, False, "unknown"),
    ]
