"""Where changes are read from besides clones and clusters, as variables or a cluster's part of a file say."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.config_file import Texts
from rootline.sources.flags.source import FlagsAccess
from rootline.sources.github.access import GithubAccess, github_access
from rootline.sources.web import Grafana

REPOSITORY = "ROOTLINE_GITHUB_REPOSITORY"
Get = Callable[[str], str]
"""Returns a variable by its name without `ROOTLINE_`, empty when it is not set."""


class Tokened(BaseModel):
    """Where a token is: in a variable or in a file."""

    model_config = ConfigDict(extra="forbid")

    token_variable: str = ""
    token_file: Path | None = None


class GithubEntry(Tokened):
    """GitHub in a cluster's part of the file."""

    repository: Texts = Field(min_length=1)
    url: str = ""
    environment: Texts = Field(default_factory=list)


class GrafanaEntry(BaseModel):
    """Grafana in a cluster's part of the file: its address, and the uid or name of each data source."""

    model_config = ConfigDict(extra="forbid")

    url: str
    prometheus: str = "prometheus"
    loki: str = "loki"
    tempo: str = "tempo"

    def of(self, kind: str, setting: str) -> Grafana | None:
        """Grafana for one kind of backend; None for a kind that it does not show."""
        sources = {"prometheus": self.prometheus, "loki": self.loki, "tempo": self.tempo}
        where = backend("Grafana", setting, self.url).url
        return Grafana(url=where, source=sources[kind][:200]) if kind in sources else None


def grafana_of_variables(given: Get) -> GrafanaEntry | None:
    """Grafana as the environment names it; None when it does not."""
    named = {kind: given(f"GRAFANA_{kind.upper()}") for kind in ("prometheus", "loki", "tempo")}
    chosen = {kind: source for kind, source in named.items() if source}
    return GrafanaEntry(url=given("GRAFANA_URL"), **chosen) if given("GRAFANA_URL") else None


class FlagsEntry(Tokened):
    """Feature flags in a cluster's part of the file: a file of definitions, or an address."""

    file: Path | None = None
    url: str = ""


def flags_of_variables(given: Get, ca_file: Path | None) -> FlagsAccess | None:
    """Flags as the environment names them; None when it names none."""
    file, url = given("FLAGS_FILE"), given("FLAGS_URL")
    where = Path(file).expanduser() if file else None
    return _flags("ROOTLINE_FLAGS_URL", where, url, given("FLAGS_TOKEN"), given, ca_file)


def flags_of_file(
    entry: FlagsEntry, place: Path | None, file: Path, token: str, given: Get, ca_file: Path | None
) -> FlagsAccess | None:
    """Flags as a file names them; `place` is the definitions' own file."""
    return _flags(f"flags in {file.name}", place, entry.url, token, given, ca_file)


def _flags(
    setting: str, file: Path | None, url: str, token: str, given: Get, ca_file: Path | None
) -> FlagsAccess | None:
    if file is not None and url:
        raise Misconfigured(f"{setting}: both a file and an address of flags are named; name one.")
    if file is None and not url:
        return None
    home = Path(given("HOME") or "~/.rootline").expanduser()
    where = backend("Flags", setting, url, token=token, ca_file=ca_file) if url else None
    return FlagsAccess(memory=home / "flags", file=file, backend=where)


def github_of_variables(given: Get, ca_file: Path | None) -> GithubAccess | None:
    """GitHub as the environment names it; None when it names no repository."""
    if not given("GITHUB_REPOSITORY"):
        return None
    return github_access(
        given("GITHUB_REPOSITORY"),
        setting=REPOSITORY,
        url=given("GITHUB_URL"),
        token=given("GITHUB_TOKEN"),
        environments=given("GITHUB_ENVIRONMENT"),
        ca_file=ca_file,
    )


def github_of_file(entry: GithubEntry, file: Path, token: str, ca_file: Path | None) -> GithubAccess:
    """GitHub as a file names it."""
    names: Sequence[str] = entry.repository
    return github_access(
        names,
        setting=f"github in {file.name}",
        url=entry.url,
        token=token,
        environments=entry.environment,
        ca_file=ca_file,
    )
