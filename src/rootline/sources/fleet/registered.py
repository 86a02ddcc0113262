"""A registered cluster becomes a stack, as one of a file does."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rootline.domain.fleet import Cluster
from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.metrics.exporters.place import exporters_folder
from rootline.sources.stack import KINDS, Given, Named, Stack, access_of, check

NOTHING: Mapping[str, str] = {}


def stack_of(
    cluster: Cluster,
    tokens: Mapping[str, str],
    given: Given,
    *,
    unusable: Mapping[str, str] = NOTHING,
    is_new: bool = False,
) -> Stack:
    """Describe the cluster's backends; `tokens` are its opened credentials by kind of source.

    What has become `unusable`, by kind with the reason, says so when it is asked, as does a kubeconfig that has gone:
    one cluster's trouble is not that of those beside it. Of a new one the kubeconfig has to be there.

    Raises:
        Misconfigured: An address, a token or a kind is wrong, or two sources are of one noun.

    """
    places = {"region": cluster.region, "environment": cluster.environment}
    found = Stack(
        cluster=cluster.name,
        labels={**cluster.labels, **{key: value for key, value in places.items() if value}},
        service_label=cluster.service_label,
        exporters=exporters_folder(given.variables, given.folder),
        backends=tuple(_named(cluster, at, tokens, unusable) for at in range(len(cluster.endpoints))),
        repositories=tuple(Path(one).expanduser() for one in cluster.repositories),
        kubernetes=access_of(
            Path(cluster.kubeconfig) if cluster.kubeconfig else None, cluster.kube_context, given, must_exist=is_new
        ),
    )
    check(found)
    return found


def _named(cluster: Cluster, at: int, tokens: Mapping[str, str], unusable: Mapping[str, str]) -> Named:
    one = cluster.endpoints[at]
    if one.kind not in KINDS:
        raise Misconfigured(f"{cluster.name} has a source of the kind {one.kind!r}. Known: {', '.join(KINDS)}.")
    where = backend(
        KINDS[one.kind],
        f"{one.kind} of {cluster.name}",
        one.url,
        token=tokens.get(one.kind, ""),
        ca_file=Path(cluster.ca_file).expanduser() if cluster.ca_file else None,
        tenant=one.tenant,
    )
    return Named(name=one.kind, kind=one.kind, backend=replace(where, unusable=unusable.get(one.kind, "")))
