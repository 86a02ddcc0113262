"""Whose code a path is: the failing service's own, another service's, or a library that many inherit."""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from rootline.changes.words.tokens import PART
from rootline.domain.service_key import ServiceKey

Owner = Literal["own", "other", "shared", "unknown"]

GENERIC_WORDS = """
service services svc srv server app api prod production staging dev default main web http grpc cluster
"""
GENERIC = frozenset(GENERIC_WORDS.split())
SUFFIX = re.compile(r"(?:[-_.]?(?:micro)?services?|[-_.]svc|[-_.]srv|[-_.]?server|[-_.]app|[-_.]api)$")
HOMES_WORDS = """
services service apps app cmd charts helm microservices deployments workloads projects modules
"""
HOMES = frozenset(HOMES_WORDS.split())
LIBRARIES_WORDS = """
pkg lib libs library libraries common shared internal vendor core platform infra base third_party packages util
utils
"""
LIBRARIES = frozenset(LIBRARIES_WORDS.split())
ROOTS_WORDS = """
src app apps service services cmd internal deploy deployment deployments charts chart helm k8s kubernetes kustomize
config configs conf infra infrastructure terraform ansible docs doc flags features proto protos api apis schema schemas
db
migrations migrate scripts script tools test tests e2e ci build bin etc ops environments env envs observability
monitoring dashboards alerts policies policy gitops manifests argocd flux hieradata modules projects workloads
microservices public static assets spec config-repo gradle buildsrc
"""
ROOTS = frozenset(ROOTS_WORDS.split())
ROOT_FILES = re.compile(
    r"^(go\.(mod|sum)|package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml"
    r"|requirements[^/]*\.txt|poetry\.lock|uv\.lock|pyproject\.toml"
    r"|pipfile(\.lock)?|gemfile(\.lock)?|cargo\.(toml|lock)|pom\.xml"
    r"|build\.gradle(\.kts)?|dockerfile[^/]*|makefile)$"
)


@lru_cache(maxsize=4096)
def aliases(service: str) -> frozenset[str]:
    """The lowercase names under which a service's code may live.

    `cluster/namespace/name` counts by its name; `billingservice`, `billing-svc` and `BillingServer` all
    answer to `billing`. Generic words (api, web, app) never become an alias of their own.
    """
    name = service.rsplit("/", 1)[-1].strip()
    joined = "-".join(PART.findall(name)).lower()
    short = {SUFFIX.sub("", name.lower()), SUFFIX.sub("", joined)}
    full = {name.lower(), joined, *short}
    flat = {alias.replace("-", "").replace("_", "") for alias in full}
    return frozenset(alias for alias in full | flat if len(alias) > 1 and alias not in GENERIC)


def is_same_service(one: str, other: str, clusters: Collection[str] = ()) -> bool:
    """Whether two names are of one service: they share an alias, and no place that both tell differs."""
    here, there = ServiceKey.of(one, clusters), ServiceKey.of(other, clusters)
    return bool(aliases(one) & aliases(other)) and replace(here, name=there.name).is_same(there)


@lru_cache(maxsize=65_536)
def segments(path: str) -> tuple[str, ...]:
    """The folders and the file's stem, lowercase."""
    parts = path.lower().split("/")
    parts[-1] = parts[-1].split(".", 1)[0] or parts[-1]
    return tuple(parts)


def belongs(path: str, service: str) -> bool:
    """Whether a folder or file of the path carries the service's name."""
    names = aliases(service)
    return any(_same(segment, names) for segment in segments(path))


def _same(segment: str, names: frozenset[str]) -> bool:
    return segment in names or bool(aliases(segment) & names)


def is_shared(path: str) -> bool:
    """Whether many services build from this file: a library folder, or a manifest at the root."""
    folders = segments(path)[:-1]
    if not folders:
        return bool(ROOT_FILES.match(path.lower()))
    return any(folder in LIBRARIES for folder in folders[:3]) and not any(folder in HOMES for folder in folders[:1])


def owner(path: str, service: str, others: frozenset[str]) -> Owner:
    """Who owns a path, seen from the failing service; `others` are the names of all other known services.

    A folder right under `services/` or `apps/` belongs to a service even when nobody has named it.
    """
    if service and belongs(path, service):
        return "own"
    if any(belongs(path, other) for other in others):
        return "other"
    folders = segments(path)[:-1]
    if len(folders) > 1 and folders[0] in HOMES:
        return "other" if service else "unknown"
    return "shared" if is_shared(path) else "unknown"
