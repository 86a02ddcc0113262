"""What the doctor says of a cluster: its version, what it holds, and what we may not read."""

from collections.abc import Sequence

from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.trouble import FORBIDDEN, Wanted

NEEDED = (
    "pods",
    "events",
    "nodes",
    "services",
    "endpointslices",
    "deployments",
    "statefulsets",
    "daemonsets",
    "replicasets",
    "controllerrevisions",
    "configmaps",
    "secrets",
    "resourcequotas",
    "persistentvolumeclaims",
    "ingresses",
)
"""What investigations read; each is tried with a list of one."""
_FEW = 4


async def check(access: Access) -> str:
    """Return one line about a cluster.

    Raises:
        SourceFailed: It does not answer, or does not let us list pods.
        Misconfigured: The kubeconfig cannot be used.

    """
    reader = Reader(Connection(access), Seal(b""))
    version = await reader.version()
    refused = [one for one in [await _try(reader, plural, access.namespace) for plural in NEEDED] if one]
    where = f"Kubernetes {version}, {await _spaces(reader, access.namespace)}"
    if not refused:
        return f"{where}; everything needed may be read"
    missing = "; ".join(one.grant for one in refused[:_FEW])
    rest = f" and {len(refused) - _FEW} more" if len(refused) > _FEW else ""
    return f"{where}; read without what is forbidden, grant: {missing}{rest}"


async def _try(reader: Reader, plural: str, namespace: str) -> Wanted | None:
    try:
        await reader.each(RESOURCES[plural], Choice(namespace=namespace, most=1))
    except SourceFailed as failed:
        if failed.status != FORBIDDEN or plural == "pods":
            raise
        scope = namespace if RESOURCES[plural].is_namespaced else ""
        return Wanted(verb="list", resource=RESOURCES[plural], namespace=scope)
    return None


async def _spaces(reader: Reader, namespace: str) -> str:
    if namespace:
        return f"namespace {namespace}"
    try:
        found = await reader.kept(RESOURCES["namespaces"], Choice(most=200), lambda one: one.name)
    except SourceFailed:
        return "namespaces unknown (set ROOTLINE_KUBE_NAMESPACE)"
    return f"{len(found.items)} namespaces ({_some(found.items)})"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_FEW]) + (", …" if len(names) > _FEW else "")
