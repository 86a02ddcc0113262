"""A service's settings: its `settings.toml`, read once when it starts."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class PeerSettings:
    """How a peer is called. Times are seconds; `connections` is how many calls may be under way at once."""

    timeout_s: float = 2.0
    attempts: int = 1
    backoff_s: float = 0.05
    connections: int = 16
    wait_s: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a service serves: `workers` at once, `queue` waiting, the rest is refused. `own` are its own values."""

    workers: int = 8
    queue: int = 64
    log_level: str = "INFO"
    peers: dict[str, PeerSettings] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)


def read_settings(service: str) -> Settings:
    """Read the settings of a service; an unknown setting is an error, so that a typing mistake is seen at once."""
    told = tomllib.loads((_FOLDER / service / "settings.toml").read_text(encoding="utf-8"))
    peers = {name: PeerSettings(**values) for name, values in told.pop("peers", {}).items()}
    own = told.pop("own", {})
    return Settings(peers=peers, own=own, **told)
