"""Which live backends there are, by name, as the environment or a `rootline.yaml` says."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rootline.errors import Misconfigured
from rootline.sources.backend import Backend, backend
from rootline.sources.changes.settings import (
    FlagsEntry,
    GithubEntry,
    GrafanaEntry,
    Tokened,
    flags_of_file,
    flags_of_variables,
    github_of_file,
    github_of_variables,
    grafana_of_variables,
)
from rootline.sources.config_file import config_file, listed, read_config
from rootline.sources.flags.source import FlagsAccess
from rootline.sources.github.access import GithubAccess
from rootline.sources.kubernetes.access import Access, access
from rootline.sources.metrics.exporters.place import exporters_folder

KINDS: Mapping[str, str] = {
    "prometheus": "Prometheus",
    "alertmanager": "Alertmanager",
    "loki": "Loki",
    "victorialogs": "VictoriaLogs",
    "jaeger": "Jaeger",
    "tempo": "Tempo",
    "zipkin": "Zipkin",
}
NOUNS: Mapping[str, frozenset[str]] = {
    "logs": frozenset({"loki", "victorialogs", "files"}),
    "traces": frozenset({"jaeger", "tempo", "zipkin", "otlp"}),
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """A backend, the name its evidence carries, and its kind."""

    name: str
    kind: str
    backend: Backend


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The live backends of one cluster. `service_label` goes before the labels that usually name a service.

    `labels` are what a cluster can be chosen by, its region and environment among them. `exporters` is a folder of what
    is known of one's own.
    """

    cluster: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    service_label: str = ""
    backends: tuple[Named, ...] = ()
    otlp: Path | None = None
    log_files: tuple[Path, ...] = ()
    repositories: tuple[Path, ...] = ()
    kubernetes: Access | None = None
    github: GithubAccess | None = None
    flags: FlagsAccess | None = None
    exporters: Path | None = None

    def __bool__(self) -> bool:
        others = (self.otlp, self.log_files, self.repositories, self.kubernetes, self.github, self.flags)
        return bool(self.backends) or any(others)

    def of(self, kind: str) -> Named | None:
        """Return the backend of a kind."""
        return next((one for one in self.backends if one.kind == kind), None)


class _Source(Tokened):
    """A backend; its address alone will do. A number, such as a tenant's, is written without quotes as well."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    kind: str = ""
    url: str
    tenant: str = ""
    ca_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _address_alone(cls, given: object) -> object:
        return {"url": given} if isinstance(given, str) else given


class _Cluster(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    region: str = ""
    environment: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    service_label: str = ""
    ca_file: Path | None = None
    kubeconfig: Path | None = None
    kube_context: str = ""
    otlp: Path | None = None
    logs: Annotated[list[Path], BeforeValidator(listed)] = Field(default_factory=list)
    git: Annotated[list[Path], BeforeValidator(listed)] = Field(default_factory=list)
    github: GithubEntry | None = None
    flags: FlagsEntry | None = None
    grafana: GrafanaEntry | None = None
    sources: dict[str, _Source] = Field(default_factory=dict)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clusters: dict[str, _Cluster] = Field(default_factory=dict, min_length=1)
    exporters: object = Field(default=None, description="Read by rootline.sources.metrics.exporters.place")
    maintenance: object = Field(default=None, description="Read by rootline.intake.maintenance")
    runbooks: object = Field(default=None, description="Read by rootline.sources.runbooks.places")


@dataclass(frozen=True, kw_only=True)
class Given:
    """Where a stack may be described: the environment's variables for sources, and the rest of it for tokens."""

    variables: Mapping[str, str] = field(repr=False)
    folder: Path = Path()

    def __call__(self, name: str) -> str:
        """Return a variable, empty when it is not set."""
        return self.variables.get(f"ROOTLINE_{name}", "")


def stack(given: Given) -> Stack:
    """Read the stack: a variable of the environment goes before the file's entry of the same kind.

    Raises:
        Misconfigured: A file, an address or a name is wrong; the message says which.

    """
    file = config_file(given.variables, given.folder)
    filed = Stack(cluster=given("CLUSTER")) if file is None else _of_file(file, given)
    own = tuple(_of_variable(kind, given) for kind in KINDS if given(f"{kind.upper()}_URL"))
    replaced, grafana = {one.kind for one in own}, grafana_of_variables(given)
    whole = Stack(
        cluster=filed.cluster,
        labels=filed.labels,
        service_label=given("SERVICE_LABEL") or filed.service_label,
        backends=_seen((*own, *(one for one in filed.backends if one.kind not in replaced)), grafana),
        otlp=Path(given("OTLP_FILE")).expanduser() if given("OTLP_FILE") else filed.otlp,
        log_files=_paths("LOG_FILES", given) or filed.log_files,
        repositories=_paths("GIT_REPOSITORY", given) or filed.repositories,
        kubernetes=access(given.variables) or filed.kubernetes,
        github=github_of_variables(given, _ca_file(given)) or filed.github,
        flags=flags_of_variables(given, _ca_file(given)) or filed.flags,
        exporters=exporters_folder(given.variables, given.folder),
    )
    check(whole)
    return whole


def stacks(given: Given) -> tuple[Stack, ...]:
    """Read every cluster of the file, in its order; none where there is no file.

    Raises:
        Misconfigured: As `stack` does.

    """
    file = config_file(given.variables, given.folder)
    if file is None:
        return ()
    read = read_config(file, _File, "docs/sources.md")
    found = tuple(_of_cluster(file, name, one, given) for name, one in read.clusters.items())
    for one in found:
        check(one)
    return found


def _of_variable(kind: str, given: Given) -> Named:
    name = kind.upper()
    where = backend(
        KINDS[kind],
        f"ROOTLINE_{name}_URL",
        given(f"{name}_URL"),
        token=given(f"{name}_TOKEN"),
        ca_file=_ca_file(given),
        tenant=given(f"{name}_TENANT"),
    )
    return Named(name=kind, kind=kind, backend=where)


def _ca_file(given: Given) -> Path | None:
    return Path(given("CA_FILE")).expanduser() if given("CA_FILE") else None


def _of_file(file: Path, given: Given) -> Stack:
    read = read_config(file, _File, "docs/sources.md")
    cluster = given("CLUSTER") or next(iter(read.clusters), "")
    if not read.clusters:
        return Stack(cluster=cluster)
    if cluster not in read.clusters:
        raise Misconfigured(f"ROOTLINE_CLUSTER={cluster} is not in {file}. Known: {', '.join(read.clusters)}.")
    return _of_cluster(file, cluster, read.clusters[cluster], given)


def _of_cluster(file: Path, cluster: str, one: _Cluster, given: Given) -> Stack:
    places = {"region": one.region, "environment": one.environment}
    return Stack(
        cluster=cluster,
        labels={**one.labels, **{key: value for key, value in places.items() if value}},
        service_label=one.service_label,
        backends=_seen([_named(name, source, one, file, given) for name, source in one.sources.items()], one.grafana),
        otlp=_beside(file, one.otlp),
        log_files=tuple(path for path in (_beside(file, logs) for logs in one.logs) if path),
        repositories=tuple(path for path in (_beside(file, folder) for folder in one.git) if path),
        kubernetes=access_of(_beside(file, one.kubeconfig), one.kube_context, given),
        github=_github(one, file, given),
        flags=_flags(one, file, given),
        exporters=exporters_folder(given.variables, given.folder),
    )


def _seen(backends: Sequence[Named], grafana: GrafanaEntry | None) -> tuple[Named, ...]:
    """The backends, each with where people look at it if Grafana was named beside them."""
    if grafana is None:
        return tuple(backends)
    return tuple(
        replace(one, backend=replace(one.backend, grafana=grafana.of(one.kind, "ROOTLINE_GRAFANA_URL")))
        for one in backends
    )


def access_of(kubeconfig: Path | None, context: str, given: Given, *, must_exist: bool = True) -> Access | None:
    """Read with whose rights one cluster of several is read; a context alone takes kubectl's own kubeconfig."""
    named = {"ROOTLINE_KUBECONFIG": str(kubeconfig or ""), "ROOTLINE_KUBE_CONTEXT": context}
    return access({**given.variables, **named}, must_exist=must_exist) if kubeconfig or context else None


def _flags(one: _Cluster, file: Path, given: Given) -> FlagsAccess | None:
    if one.flags is None:
        return None
    token, ca_file = _token(one.flags, file, given), _beside(file, one.ca_file)
    return flags_of_file(one.flags, _beside(file, one.flags.file), file, token, given, ca_file)


def _github(one: _Cluster, file: Path, given: Given) -> GithubAccess | None:
    if one.github is None:
        return None
    return github_of_file(one.github, file, _token(one.github, file, given), _beside(file, one.ca_file))


def _named(name: str, source: _Source, cluster: _Cluster, file: Path, given: Given) -> Named:
    kind = source.kind or name
    if kind not in KINDS:
        raise Misconfigured(f"{file}: {name} is of the kind {kind!r}. Known: {', '.join(KINDS)}.")
    where = backend(
        KINDS[kind],
        f"{name} in {file.name}",
        source.url,
        token=_token(source, file, given),
        ca_file=_beside(file, source.ca_file or cluster.ca_file),
        tenant=source.tenant,
    )
    return Named(name=name, kind=kind, backend=where)


def _token(source: Tokened, file: Path, given: Given) -> str:
    if source.token_variable:
        if source.token_variable not in given.variables:
            raise Misconfigured(f"{file} takes a token from {source.token_variable}, which is not set.")
        return given.variables[source.token_variable]
    if source.token_file is None:
        return ""
    where = _beside(file, source.token_file) or source.token_file
    try:
        return where.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise Misconfigured(f"{file} takes a token from {where}, which cannot be read.") from bad


def _beside(file: Path, path: Path | None) -> Path | None:
    return None if path is None else file.parent / path.expanduser()


def _paths(name: str, given: Given) -> tuple[Path, ...]:
    text = given(name)
    if "://" in text:
        helps = " ROOTLINE_GITHUB_REPOSITORY takes owner/name on GitHub." if name == "GIT_REPOSITORY" else ""
        raise Misconfigured(f"ROOTLINE_{name} names what lies on this machine, and no address.{helps}")
    return tuple(Path(part).expanduser() for part in text.split(os.pathsep) if part)


def check(whole: Stack) -> None:
    """Refuse two sources of one noun, or one kind named twice."""
    kinds = [one.kind for one in whole.backends] + (["otlp"] if whole.otlp else [])
    kinds += ["files"] if whole.log_files else []
    for noun, among in NOUNS.items():
        same = [kind for kind in kinds if kind in among]
        if len(same) > 1:
            raise Misconfigured(f"{' and '.join(same)} are both sources of {noun}; name one a cluster.")
    twice = next((kind for kind in kinds if kinds.count(kind) > 1), "")
    if twice:
        raise Misconfigured(f"{twice} is named twice in {whole.cluster or 'one cluster'}; name one a cluster.")
