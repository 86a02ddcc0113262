"""GPUs of a node, and what runs on them; `None` where the exporter does not say."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

ProcessType = Literal["compute", "graphics", "mixed"]


class GpuProcess(BaseModel):
    """Something that holds a GPU. DCGM's exporter names the container, as namespace/pod/container, and no pid."""

    model_config = ConfigDict(frozen=True)

    pid: int | None = None
    process_name: str
    used_memory_mb: int | None = None
    type: ProcessType = "compute"


class Gpu(BaseModel):
    """One GPU. Memory in MiB, shares in percent, power in watts."""

    model_config = ConfigDict(frozen=True)

    index: int
    uuid: str
    name: str = ""
    driver_version: str = ""
    cuda_version: str = ""
    memory_total_mb: int | None = None
    memory_used_mb: int | None = None
    memory_free_mb: int | None = None
    utilization_gpu_percent: int | None = Field(default=None, ge=0, le=100)
    utilization_memory_percent: int | None = Field(default=None, ge=0, le=100)
    temperature_celsius: int | None = None
    power_draw_watts: float | None = None
    power_limit_watts: float | None = None
    fan_speed_percent: int | None = Field(default=None, ge=0, le=100)
    processes: tuple[GpuProcess, ...] = ()


class GpuNode(BaseModel):
    """The GPUs of one node, by index."""

    model_config = ConfigDict(frozen=True)

    cluster_name: str = ""
    node_name: str
    gpus: tuple[Gpu, ...]
    last_updated: AwareDatetime
