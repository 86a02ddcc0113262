"""What is wrong with a GPU, told from DCGM's fields, and what is not."""

from typing import Any

import pytest

from rootline.analysis.gpu.faults import faults
from rootline.analysis.gpu.readings import GpuReading
from rootline.analysis.gpu.xids import xid
from rootline.domain.gpu import Gpu, GpuProcess

HOUR_S = 3600.0
HELD = (GpuProcess(process_name="ml/train-0/main"),)


def reading(**more: Any) -> GpuReading:
    gpu = Gpu(index=2, uuid="GPU-a", memory_total_mb=81_000, memory_used_mb=61_000, processes=HELD)
    return GpuReading(**{"node": "worker-1", "gpu": gpu, "highest": {"GPU_UTIL": 82.0}, "window_s": HOUR_S, **more})


def causes(**more: Any) -> list[str]:
    return [one.cause for one in faults([reading(**more)])]


def test_a_gpu_at_work_has_no_fault() -> None:
    assert causes(now={"XID_ERRORS": 0.0, "CLOCK_THROTTLE_REASONS": 0.0}, grew={"POWER_VIOLATION": 1e6}) == []


@pytest.mark.parametrize(("number", "cause"), [(79, "gpu_error"), (31, "gpu_program_error"), (999, "gpu_error")])
def test_an_error_of_the_driver_is_told_with_what_it_means(number: int, cause: str) -> None:
    (fault,) = faults([reading(highest={"XID_ERRORS": float(number), "GPU_UTIL": 50.0}, now={"XID_ERRORS": number})])

    assert fault.cause == cause
    assert str(number) in fault.words
    assert xid(number).words in fault.mechanism
    assert (fault.still_present, fault.was_before) == (True, False)


def test_an_error_that_was_there_before_the_window_comes_last() -> None:
    old = reading(highest={"XID_ERRORS": 79.0}, highest_before={"XID_ERRORS": 79.0})
    slow = reading(grew={"THERMAL_VIOLATION": 900e6})

    first, last = faults([old, slow])

    assert (first.cause, last.cause, last.was_before) == ("gpu_thermal_throttling", "gpu_error", True)


@pytest.mark.parametrize(
    ("grew", "cause"),
    [
        ({"ECC_DBE_VOL_TOTAL": 2.0}, "gpu_memory_broken"),
        ({"UNCORRECTABLE_REMAPPED_ROWS": 1.0}, "gpu_memory_broken"),
        ({"NVLINK_REPLAY_ERROR_COUNT_TOTAL": 40.0}, "gpu_link_errors"),
        ({"THERMAL_VIOLATION": 360e6}, "gpu_thermal_throttling"),
        ({"POWER_VIOLATION": 360e6}, "gpu_power_throttling"),
        ({"POWER_VIOLATION": 1800e9}, "gpu_power_throttling"),
    ],
)
def test_counters_that_grow_are_faults(grew: dict[str, float], cause: str) -> None:
    assert causes(grew=grew) == [cause]


@pytest.mark.parametrize("grew", [{"ECC_DBE_VOL_TOTAL": 0.4}, {"THERMAL_VIOLATION": 20e6}, {"POWER_VIOLATION": -5.0}])
def test_what_extrapolation_makes_of_nothing_is_no_fault(grew: dict[str, float]) -> None:
    assert causes(grew=grew) == []


def test_time_in_nanoseconds_is_understood() -> None:
    (fault,) = faults([reading(grew={"THERMAL_VIOLATION": 0.5 * HOUR_S * 1e9})])

    assert "THERMAL_VIOLATION 50.0% of the window" in fault.words


@pytest.mark.parametrize(
    ("bits", "found"),
    [
        (0x01, []),
        (0x40, ["gpu_thermal_throttling"]),
        (0x04, ["gpu_power_throttling"]),
        (0x24, ["gpu_power_throttling", "gpu_thermal_throttling"]),
    ],
)
@pytest.mark.parametrize("field", ["CLOCK_THROTTLE_REASONS", "CLOCKS_EVENT_REASONS"])
def test_the_reason_clocks_are_held_back_now_is_read_under_either_name(field: str, bits: int, found: list[str]) -> None:
    assert sorted(causes(now={field: float(bits)})) == found


def test_a_row_that_could_not_be_replaced_is_a_fault_of_the_board() -> None:
    assert causes(now={"ROW_REMAP_FAILURE": 1.0}) == ["gpu_memory_broken"]


@pytest.mark.parametrize(("used", "found"), [(80_000, ["gpu_memory_full"]), (70_000, []), (None, [])])
def test_memory_is_full_from_97_percent(used: int | None, found: list[str]) -> None:
    gpu = Gpu(index=0, uuid="a", memory_total_mb=81_000, memory_used_mb=used)

    assert causes(gpu=gpu) == found


@pytest.mark.parametrize(
    ("highest", "window_s", "held", "found"),
    [
        (0.0, HOUR_S, HELD, ["gpu_idle"]),
        (0.0, HOUR_S, (), []),
        (0.0, 600.0, HELD, []),
        (3.0, HOUR_S, HELD, []),
    ],
)
def test_a_gpu_is_idle_when_a_pod_holds_it_for_long_without_work(
    highest: float, window_s: float, held: tuple[GpuProcess, ...], found: list[str]
) -> None:
    gpu = Gpu(index=0, uuid="a", processes=held)

    assert causes(gpu=gpu, highest={"GPU_UTIL": highest}, window_s=window_s) == found


def test_what_is_broken_goes_before_what_is_slow_and_that_before_what_is_wasted() -> None:
    every = reading(
        highest={"XID_ERRORS": 79.0, "GPU_UTIL": 0.0},
        grew={"THERMAL_VIOLATION": 3600e6, "NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL": 9.0},
    )

    assert [one.cause for one in faults([every])] == [
        "gpu_error",
        "gpu_link_errors",
        "gpu_thermal_throttling",
        "gpu_idle",
    ]
