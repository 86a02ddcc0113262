"""Steps on nodes: bring a component back, take a node out of use, put it back."""

from collections.abc import Mapping, Sequence

from rootline.domain.plan import Action
from rootline.remediation.case import Case
from rootline.remediation.catalog import step
from rootline.remediation.names import Open, is_object_name, shell

_NODE = Open("NODE", "name the node")
NODES: Mapping[str, str] = {
    "kubelet_down": "kubelet",
    "container_runtime_down": "containerd",
    "kube_proxy_down": "kube-proxy",
    "kube_scheduler_down": "kube-scheduler",
    "node_network_slow": "network",
    "node_network_loses_packets": "network",
}
_SYSTEM = "kube-system"


def node_repaired(case: Case) -> Sequence[Action]:
    """Bring back what is down on the blamed node; with a broken network, move the pods away first."""
    component, node = NODES[case.hypothesis.cause], node_of(case)
    if component == "network":
        return [drained(case), _network_checked(case, node)]
    if component == "kube-proxy":
        return [_proxy_back(case, node)]
    if component == "kube-scheduler":
        return [_scheduler_back(case, node)]
    return [_service_back(case, node, component)]


def node_of(case: Case) -> str:
    """The one node that the evidence blames; empty where it names none or several."""
    name = case.target.name if case.target.kind == "node" else case.proven("node")
    return name if is_object_name(name) else ""


def drained(case: Case) -> Action:
    """Take the node out of use, after showing what a drain would evict."""
    node = node_of(case) or _NODE
    drain = ("kubectl", "drain", node, "--ignore-daemonsets", "--timeout=5m")
    return step(
        "drain_node",
        node_of(case) or case.target.name,
        f"Move the pods away from {node_of(case) or 'the blamed node (not named by the evidence)'}",
        shell(*drain, "--dry-run=server"),
        shell(*drain),
        undo=shell("kubectl", "uncordon", node),
    )


def uncordoned(name: str, case: Case) -> Action:
    """Let the scheduler use a node again."""
    node = name if is_object_name(name) else _NODE
    return step(
        "restore_node",
        name or case.target.name,
        f"Uncordon {name or 'the node that the pod may run on (several or none are named)'}",
        shell("kubectl", "get", "nodes"),
        shell("kubectl", "uncordon", node),
        undo=shell("kubectl", "cordon", node),
        reversibility="instant",
    )


def _service_back(case: Case, node: str, unit: str) -> Action:
    host = node or _NODE
    return step(
        "restore_node",
        node or case.target.name,
        f"Start {unit} on {node or 'the node'} and read why it stopped",
        shell("ansible", host, "--become", "-m", "ansible.builtin.command", "-a", f"journalctl -u {unit} -n 200"),
        shell("ansible", host, "--become", "-m", "ansible.builtin.service", "-a", f"name={unit} state=started"),
        shell("kubectl", "get", "node", host),
        arguments={"component": unit},
    )


def _proxy_back(case: Case, node: str) -> Action:
    on = Open("NODE", "name the node", "--field-selector=spec.nodeName=")
    where = f"--field-selector=spec.nodeName={node}" if node else on
    pods = ("kubectl", "-n", _SYSTEM, "get", "pods", "-l", "k8s-app=kube-proxy", where)
    gone = ("kubectl", "-n", _SYSTEM, "delete", "pods", "-l", "k8s-app=kube-proxy", where)
    return step(
        "restore_node",
        node or case.target.name,
        f"Replace the kube-proxy pod on {node or 'the node'} (or start its service, where it runs as one)",
        shell(*pods),
        shell(*gone),
        undo="Nothing to undo: its daemon set starts it again.",
        arguments={"component": "kube-proxy"},
    )


def _scheduler_back(case: Case, node: str) -> Action:
    host = node or _NODE
    return step(
        "restore_node",
        node or case.target.name,
        f"Bring kube-scheduler back on {node or 'its node'}: its static pod manifest, image and certificates",
        shell("kubectl", "-n", _SYSTEM, "get", "pods", "-l", "component=kube-scheduler", "-o", "wide"),
        shell("ansible", host, "--become", "-m", "ansible.builtin.command", "-a", "ls -l /etc/kubernetes/manifests"),
        arguments={"component": "kube-scheduler"},
    )


def _network_checked(case: Case, node: str) -> Action:
    host = node or _NODE
    command = ("ansible", host, "--become", "-m", "ansible.builtin.command", "-a")
    return step(
        "restore_node",
        node or case.target.name,
        f"Repair the network of {node or 'the node'}: link errors, queueing rules, firewall, the network plugin's pod",
        shell(*command, "ip -s link"),
        shell(*command, "tc -s qdisc"),
        arguments={"component": "network"},
    )
