"""What was read of one GPU: how it stands now, and what its fields did in the window and in the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rootline.domain.gpu import Gpu

PREFIX = "DCGM_FI_DEV_"


@dataclass(frozen=True, kw_only=True)
class GpuReading:
    """One GPU. Fields are DCGM's, without `DCGM_FI_DEV_`.

    Attributes:
        node: Where it is.
        gpu: How it stood at the end of the window.
        now: The fields at the end of the window.
        highest: The highest value of a gauge in the window.
        grew: How much a counter grew in the window.
        highest_before: As `highest`, of the window before.
        grew_before: As `grew`, of the window before.
        window_s: How long the window is, in seconds.

    """

    node: str
    gpu: Gpu
    now: Mapping[str, float] = field(default_factory=dict)
    highest: Mapping[str, float] = field(default_factory=dict)
    grew: Mapping[str, float] = field(default_factory=dict)
    highest_before: Mapping[str, float] = field(default_factory=dict)
    grew_before: Mapping[str, float] = field(default_factory=dict)
    window_s: float
