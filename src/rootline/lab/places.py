"""Where a laboratory keeps what it needs."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Everything lies in one folder, which is removed and made anew when a laboratory starts."""

    folder: Path

    @property
    def repository(self) -> Path:
        """The clone whose commits are what the services run."""
        return self.folder / "shop"

    @property
    def flags(self) -> Path:
        """Which feature flags are on."""
        return self.folder / "flags" / "shop.json"

    @property
    def running(self) -> Path:
        """A checkout for each deployment."""
        return self.folder / "running"

    @property
    def volume(self) -> Path:
        """The store's disk."""
        return self.folder / "volume"

    @property
    def output(self) -> Path:
        """What the processes print."""
        return self.folder / "output"

    @property
    def traces(self) -> Path:
        """Spans of all services."""
        return self.folder / "traces.jsonl"

    @property
    def logs(self) -> Path:
        """Log lines of all services."""
        return self.folder / "logs.jsonl"

    @property
    def mood(self) -> Path:
        """How the bank is."""
        return self.folder / "bank"

    @property
    def rates(self) -> Path:
        """How many visitors come."""
        return self.folder / "visitors.json"

    @property
    def config(self) -> Path:
        """Names the sources for `ROOTLINE_CONFIG`."""
        return self.folder / "rootline.yaml"

    @property
    def state(self) -> Path:
        """Where the laboratory can be spoken to."""
        return self.folder / "state.json"

    def drift(self, service: str) -> Path:
        """By how many seconds the clock of a service's host is ahead."""
        return self.folder / f"drift-{service}"
