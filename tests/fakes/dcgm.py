"""What DCGM's exporter exposes, two hours of it, as OpenMetrics: our own numbers in its documented names and labels."""

from collections.abc import Callable, Iterator, Mapping

from tests.fakes.incident import HOUR

EVERY_S = 30
BEGIN, MIDDLE = HOUR.start.timestamp(), HOUR.start.timestamp() + 1800
Value = Callable[[int], float]
HEALTHY: Mapping[str, float] = {
    "GPU_UTIL": 82,
    "MEM_COPY_UTIL": 40,
    "GPU_TEMP": 61,
    "POWER_USAGE": 290.5,
    "POWER_MGMT_LIMIT": 400,
    "FB_USED": 61_000,
    "FB_FREE": 20_000,
    "XID_ERRORS": 0,
    "CLOCK_THROTTLE_REASONS": 0,
}
COUNTERS = ("ECC_DBE_VOL_TOTAL", "THERMAL_VIOLATION", "POWER_VIOLATION", "NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL")


def board(node: str, index: int, *, pod: str = "", **fields: float | Value) -> dict[tuple[str, str], Value]:
    """One GPU: healthy and at work but for the fields given, as numbers or as functions of time."""
    labels = (
        f'gpu="{index}",UUID="GPU-{node}-{index}",device="nvidia{index}",modelName="NVIDIA A100-SXM4-80GB",'
        f'Hostname="{node}",DCGM_FI_DRIVER_VERSION="535.104.12"'
    )
    held = f',namespace="ml",pod="{pod}",container="main"' if pod else ""
    known = {**HEALTHY, **dict.fromkeys(COUNTERS, 0.0), **fields}
    return {(name, labels + held): _function(value) for name, value in known.items()}


def since(moment: float, after: float, before: float = 0.0) -> Value:
    return lambda at: after if at >= moment else before


def growing(moment: float, each_second: float) -> Value:
    return lambda at: max(0.0, at - moment) * each_second


def exposition(*boards: Mapping[tuple[str, str], Value]) -> str:
    return "".join(_lines({key: value for one in boards for key, value in one.items()}))


def _lines(series: Mapping[tuple[str, str], Value]) -> Iterator[str]:
    times = [*range(round(BEGIN) - 3600, round(HOUR.end.timestamp()), EVERY_S)]
    for name in sorted({name for name, _ in series}):
        yield f"# TYPE DCGM_FI_DEV_{name} unknown\n"
        for (own, labels), value in series.items():
            if own == name:
                yield from (f"DCGM_FI_DEV_{name}{{{labels}}} {value(at)} {at}\n" for at in times)


def _function(value: float | Value) -> Value:
    return value if callable(value) else lambda _: value
