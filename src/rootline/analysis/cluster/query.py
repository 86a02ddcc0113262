"""What can be asked of a cluster, in our own words."""

from dataclasses import dataclass
from typing import Literal

ClusterVerb = Literal[
    "get",
    "describe",
    "manifest",
    "logs",
    "error_logs",
    "alerts",
    "dependencies",
    "node_service",
    "connectivity",
    "configuration",
]
View = Literal["", "wide", "labels"]
TO_CLUSTER = " --cluster "
"""How a query to one of several clusters ends when it is written for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterQuery:
    """One read of cluster state; equal queries have equal answers.

    Attributes:
        verb: What is done. `get` lists, `describe` shows one object, `manifest` is the YAML an
            application was installed with, `node_service` is a system service on a node.
        kind: The plural resource (`pods`), or the system service for `node_service` (`kubelet`).
        name: The object, application, service or node; empty for a list.
        namespace: Empty where the verb has none.
        view: Extra columns of a list.
        selector: A label selector of a list.
        port: The port of a connectivity check, 0 elsewhere.
        cluster: Which of several clusters is asked; empty where there is but one.

    """

    verb: ClusterVerb
    kind: str = ""
    name: str = ""
    namespace: str = ""
    view: View = ""
    selector: str = ""
    port: int = 0
    cluster: str = ""


def is_of_cluster(asked: str, cluster: str) -> bool:
    """Whether a query, as it is written for people, went to a cluster; to the only one where its name is empty."""
    return not cluster or asked.endswith(f"{TO_CLUSTER}{cluster}")


def listing(kind: str, namespace: str, view: View = "") -> ClusterQuery:
    """Ask for all objects of a kind."""
    return ClusterQuery(verb="get", kind=kind, namespace=namespace, view=view)


def overview(namespace: str) -> tuple[ClusterQuery, ...]:
    """The six reads every investigation starts with, in a fixed order."""
    return (
        listing("pods", namespace, "wide"),
        listing("services", namespace, "wide"),
        listing("deployments", namespace, "wide"),
        listing("nodes", namespace),
        listing("events", namespace),
        ClusterQuery(verb="alerts"),
    )
