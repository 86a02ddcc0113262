"""DCGM's fields through a real Prometheus, up to what a tool answers."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.fakes.dcgm import MIDDLE, board, exposition, growing, since
from tests.fakes.incident import HOUR
from tests.fakes.observability import prometheus
from tests.fakes.scene import scene_of
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.fact import ConditionFact, TextFact
from rootline.domain.window import Window
from rootline.sources.backend import Backend, backend
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning
from rootline.sources.metrics.dcgm import DcgmGpus
from rootline.sources.metrics.gpus import RecordedGpus
from rootline.sources.prometheus import Prometheus
from rootline.tools.get_cluster_state import get_cluster_state
from rootline.tools.gpu_state import gpu_state, nodes

pytestmark = pytest.mark.anyio
BOARDS = (
    board("worker-1", 0, pod="train-0"),
    board("worker-1", 1, pod="train-1", XID_ERRORS=since(MIDDLE, 79)),
    board("worker-1", 2, THERMAL_VIOLATION=growing(MIDDLE, 500_000), CLOCK_THROTTLE_REASONS=since(MIDDLE, 0x40)),
    board("worker-2", 0, pod="idle-0", GPU_UTIL=0.0),
    board("worker-2", 1, FB_USED=80_500, FB_FREE=500, FAN_SPEED=1.8446744073709552e19),
    board("worker-2", 2, NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL=growing(MIDDLE, 0.1)),
    board("worker-2", 3, ECC_DBE_VOL_TOTAL=since(MIDDLE, 3)),
)


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with prometheus(tmp_path_factory.mktemp("farm"), exposition(*BOARDS)) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


async def test_nodes_have_their_gpus_with_what_holds_them(farm: Backend) -> None:
    found = nodes(await DcgmGpus(Prometheus(farm)).gpus(HOUR), HOUR, "prod")

    assert [(one.node_name, [gpu.index for gpu in one.gpus]) for one in found] == [
        ("worker-1", [0, 1, 2]),
        ("worker-2", [0, 1, 2, 3]),
    ]
    assert found[0].gpus[0].model_dump(exclude_none=True) == {
        "index": 0,
        "uuid": "GPU-worker-1-0",
        "name": "NVIDIA A100-SXM4-80GB",
        "driver_version": "535.104.12",
        "cuda_version": "",
        "memory_total_mb": 81_000,
        "memory_used_mb": 61_000,
        "memory_free_mb": 20_000,
        "utilization_gpu_percent": 82,
        "utilization_memory_percent": 40,
        "temperature_celsius": 61,
        "power_draw_watts": 290.5,
        "power_limit_watts": 400.0,
        "processes": ({"process_name": "ml/train-0/main", "used_memory_mb": 61_000, "type": "compute"},),
    }
    assert (found[0].cluster_name, found[0].last_updated) == ("prod", HOUR.end)


async def test_a_number_that_means_unknown_is_none(farm: Backend) -> None:
    found = await DcgmGpus(Prometheus(farm)).gpus(HOUR)

    assert [one.gpu.fan_speed_percent for one in found] == [None] * 7


async def test_each_fault_is_found_on_its_gpu_and_no_other(farm: Backend) -> None:
    state = gpu_state(await DcgmGpus(Prometheus(farm)).gpus(HOUR), HOUR)

    quotes = [one.support[0].quote for one in state.conditions]
    assert [quote.split(" ")[:4] for quote in quotes] == [
        ["gpu_error:", "worker-1", "gpu", "1"],
        ["gpu_memory_broken:", "worker-2", "gpu", "3"],
        ["gpu_link_errors:", "worker-2", "gpu", "2"],
        ["gpu_thermal_throttling:", "worker-1", "gpu", "2"],
        ["gpu_memory_full:", "worker-2", "gpu", "1"],
        ["gpu_idle:", "worker-2", "gpu", "0"],
    ]
    assert "XID_ERRORS 79 (the GPU has fallen off the bus), before 0" in quotes[0]


async def test_every_fault_cites_the_line_it_quotes(farm: Backend) -> None:
    state = gpu_state(await DcgmGpus(Prometheus(farm)).gpus(HOUR), HOUR)

    assert [state.text.lines[proof.line] for one in state.conditions for proof in one.support] == [
        proof.quote for one in state.conditions for proof in one.support
    ]


async def test_before_the_faults_nothing_is_wrong_but_what_always_was(farm: Backend) -> None:
    early = Window(start=HOUR.start - timedelta(minutes=30), end=HOUR.start + timedelta(minutes=25))

    state = gpu_state(await DcgmGpus(Prometheus(farm)).gpus(early), early)

    assert {one.cause for one in state.conditions} == {"gpu_memory_full", "gpu_idle"}


async def test_gpus_are_a_kind_of_cluster_state(farm: Backend) -> None:
    sources = Sources(cluster_name="prod", gpus=DcgmGpus(Prometheus(farm)))

    reading = await get_cluster_state(verb="get", kind="gpus", scene=scene_of(sources))

    assert reading.status == "ok"
    assert reading.summary.startswith("7 GPUs, 6 faults\n[0] gpu_error: worker-1 gpu 1 XID_ERRORS 79")
    assert "worker-2 0 NVIDIA-A100-SXM4-80GB 0 61000/81000 61 290/400 ml/idle-0/main" in reading.summary
    assert isinstance(reading.facts[-1], TextFact)
    assert len(reading.summary) < 2_500


async def test_one_node_can_be_asked_for_and_a_wrong_one_is_told(farm: Backend) -> None:
    sources = Sources(gpus=DcgmGpus(Prometheus(farm)))

    one = await get_cluster_state(verb="get", kind="gpus", name="worker-1", scene=scene_of(sources))
    none = await get_cluster_state(verb="get", kind="gpu", name="worker-9", scene=scene_of(sources))

    assert one.summary.startswith("3 GPUs, 2 faults")
    assert (none.status, none.hints) == ("no_data", ("Nodes with GPUs: worker-1, worker-2",))


async def test_a_diagnosis_names_broken_boards_and_leaves_slow_and_idle_ones_out(farm: Backend) -> None:
    reading = await get_cluster_state(scene=scene_of(Sources(gpus=DcgmGpus(Prometheus(farm)))))

    found = [fact.cause for fact in reading.facts if isinstance(fact, ConditionFact)]
    assert (reading.status, found) == ("ok", ["gpu_error", "gpu_memory_broken", "gpu_link_errors"])


async def test_without_an_exporter_nothing_is_found_and_it_is_said_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with prometheus(tmp_path_factory.mktemp("bare"), "") as url:
        bare = Sources(gpus=DcgmGpus(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))))

        asked = await get_cluster_state(verb="get", kind="gpus", scene=scene_of(bare))
        diagnosed = await get_cluster_state(scene=scene_of(bare))

    assert asked.summary == "no data for gpus: no DCGM exporter is scraped"
    assert diagnosed.status == "no_data"
    assert "no source of cluster state" in diagnosed.summary


async def test_a_fleet_names_the_cluster_of_each_node(farm: Backend) -> None:
    readings = await DcgmGpus(Prometheus(farm)).gpus(HOUR)
    east, west = (Sources(cluster_name=name, gpus=RecordedGpus(readings[:1])) for name in ("east", "west"))

    both = spanning([east, west])

    assert both.gpus is not None
    assert [one.node for one in await both.gpus.gpus(HOUR)] == ["east/worker-1", "west/worker-1"]


@pytest.mark.parametrize("order", [1, -1])
async def test_of_a_divided_gpu_the_fullest_part_and_the_error_of_any_part_are_told(order: int) -> None:
    def sample(name: str, part: str, value: float) -> tuple[dict[str, str], float]:
        known = {"gpu": "0", "UUID": "GPU-1", "Hostname": "worker-1", "GPU_I_ID": part, "pod": f"train-{part}"}
        return {"__name__": f"DCGM_FI_DEV_{name}", **known}, value

    of_parts = {"1": {"FB_USED": 9_000, "FB_FREE": 100, "XID_ERRORS": 79}, "2": {"FB_USED": 50, "FB_FREE": 19_000}}
    told = [sample(name, part, value) for part, fields in of_parts.items() for name, value in fields.items()]
    body = [{"metric": labels, "value": [HOUR.end.timestamp(), str(value)]} for labels, value in told[::order]]

    def answer(asked: Asked) -> Said:
        found = [] if "increase" in f"{asked.query} {asked.body!r}" else body
        return said(json.dumps({"status": "success", "data": {"resultType": "vector", "result": found}}))

    with answering(answer) as url:
        (one,) = await DcgmGpus(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))).gpus(HOUR)

    assert (one.gpu.memory_used_mb, one.gpu.memory_free_mb, one.gpu.memory_total_mb) == (9_000, 100, 9_100)
    assert one.now["XID_ERRORS"] == 79
    assert [held.process_name for held in one.gpu.processes] == ["train-1", "train-2"]
