"""Which cluster is read, and with whose rights, as the environment says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rootline.errors import Misconfigured

IN_CLUSTER = "in-cluster"
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Source: kubernetes.io/docs/tasks/run-application/access-api-from-pod/."""
DEADLINE_S = 20.0
"""Source: ours; below the thirty seconds that the loop gives one tool call."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """How to reach one cluster.

    Attributes:
        kubeconfig: A kubeconfig file, or several as in KUBECONFIG; empty inside of a pod of the cluster itself.
        context: The context of the kubeconfig; empty for its current one.
        namespace: The namespace of questions that name none; empty for all.
        account: The folder of the pod's service account.
        host: Address and port of the API server as a pod is told them.
        deadline_s: How long one request may take altogether.

    """

    kubeconfig: Path | None = None
    context: str = ""
    namespace: str = ""
    account: Path = SERVICE_ACCOUNT
    host: tuple[str, str] = ("", "")
    deadline_s: float = DEADLINE_S

    @property
    def setting(self) -> str:
        """What names the cluster, for messages."""
        return f"ROOTLINE_KUBECONFIG={self.kubeconfig or IN_CLUSTER}"


def access(variables: Mapping[str, str], *, must_exist: bool = True) -> Access | None:
    """Read the access; None when no variable of Rootline names a cluster.

    `ROOTLINE_KUBECONFIG` is a file or `in-cluster`. A context alone takes the kubeconfig that kubectl would take.

    Raises:
        Misconfigured: A context is named for a pod's own access, or the kubeconfig does not exist and must.

    """
    given, context = variables.get("ROOTLINE_KUBECONFIG", ""), variables.get("ROOTLINE_KUBE_CONTEXT", "")
    namespace = variables.get("ROOTLINE_KUBE_NAMESPACE", "")
    if not given and not context:
        return None
    if given == IN_CLUSTER:
        if context:
            raise Misconfigured("ROOTLINE_KUBE_CONTEXT names a context, but a pod's own access has none. Leave it out.")
        host = (variables.get("KUBERNETES_SERVICE_HOST", ""), variables.get("KUBERNETES_SERVICE_PORT", ""))
        return Access(namespace=namespace, host=host)
    usual = variables.get("KUBECONFIG") or str(Path(variables.get("HOME") or "~") / ".kube" / "config")
    files = [Path(one).expanduser() for one in (given or usual).split(os.pathsep) if one]
    if must_exist and not any(file.is_file() for file in files):
        named = os.pathsep.join(map(str, files))
        raise Misconfigured(f"The kubeconfig {named} does not exist. Set ROOTLINE_KUBECONFIG to one, or to in-cluster.")
    return Access(kubeconfig=Path(os.pathsep.join(map(str, files))), context=context, namespace=namespace)
