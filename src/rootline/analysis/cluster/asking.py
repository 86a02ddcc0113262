"""The questions that a lead turns into."""

from rootline.analysis.cluster.objects import Service
from rootline.analysis.cluster.query import ClusterQuery


def describe(kind: str, name: str, namespace: str) -> ClusterQuery:
    """Show one object."""
    return ClusterQuery(verb="describe", kind=kind, name=name, namespace=namespace)


def manifest(app: str) -> ClusterQuery:
    """What an application was installed with."""
    return ClusterQuery(verb="manifest", name=app)


def error_logs(app: str, namespace: str) -> ClusterQuery:
    """The errors that an application logged."""
    return ClusterQuery(verb="error_logs", name=app, namespace=namespace)


def dependencies(app: str) -> ClusterQuery:
    """Whom an application calls, and who calls it."""
    return ClusterQuery(verb="dependencies", name=app)


def node_service(node: str, service: str) -> ClusterQuery:
    """The state of a system service on a node."""
    return ClusterQuery(verb="node_service", kind=service, name=node)


def reach(service: Service, namespace: str) -> ClusterQuery:
    """Try a service's first port."""
    port = service.ports[0][0] if service.ports else 0
    return ClusterQuery(verb="connectivity", name=service.name, namespace=namespace, port=port)
