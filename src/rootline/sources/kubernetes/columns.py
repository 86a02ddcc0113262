"""What stands in the columns of `kubectl get`, kind by kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.sources.kubernetes.ages import age
from rootline.sources.kubernetes.happenings import event_type, message, seen_last, subject
from rootline.sources.kubernetes.pods import ready, restarts, status
from rootline.sources.kubernetes.raw import Raw

NONE = "<none>"
_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}
_ROLE = "node-role.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `is_wide` ones are printed only when asked for. An empty cell is printed as `<none>`."""

    title: str
    cell: Callable[[Raw, datetime], str]
    is_wide: bool = False


def _at(title: str, *path: str, is_wide: bool = False) -> Column:
    return Column(title, lambda object_, _: object_.text(*path), is_wide)


def _count(title: str, *path: str, is_wide: bool = False) -> Column:
    return Column(title, lambda object_, _: str(object_.number(*path)), is_wide)


def born(object_: Raw, now: datetime) -> str:
    """The age of an object."""
    return age(object_.moment("metadata", "creationTimestamp"), now)


NAME = _at("NAME", "metadata", "name")
AGE = Column("AGE", born)


def selected(object_: Raw, *path: str) -> str:
    """A selector as `app=web,tier=front`, with the expressions of a label selector behind it."""
    held = object_.at(*path)
    pairs = held.pairs("matchLabels") if held.at("matchLabels") or held.at("matchExpressions") else held.pairs()
    told = [f"{key}={value}" for key, value in pairs.items()]
    for rule in held.each("matchExpressions"):
        values = ",".join(rule.words("values"))
        told.append(f"{rule.text('key')} {rule.text('operator').lower()} ({values})".removesuffix(" ()"))
    return ",".join(told)


def labels(object_: Raw) -> str:
    """The labels of an object as `a=b,c=d`."""
    return ",".join(f"{key}={value}" for key, value in object_.pairs("metadata", "labels").items())


def _containers(object_: Raw, field: str) -> str:
    return ",".join(one.text(field) for one in object_.each("spec", "template", "spec", "containers"))


_CONTAINERS = Column("CONTAINERS", lambda object_, _: _containers(object_, "name"), is_wide=True)
_IMAGES = Column("IMAGES", lambda object_, _: _containers(object_, "image"), is_wide=True)
_SELECTOR = Column("SELECTOR", lambda object_, _: selected(object_, "spec", "selector"), is_wide=True)


def _ready_of_wanted(object_: Raw, _: datetime) -> str:
    return f"{object_.number('status', 'readyReplicas')}/{object_.number('spec', 'replicas', default=1)}"


def _ports(service: Raw, _: datetime) -> str:
    written = []
    for port in service.each("spec", "ports"):
        outside = f":{port.number('nodePort')}" if port.number("nodePort") else ""
        written.append(f"{port.number('port')}{outside}/{port.text('protocol') or 'TCP'}")
    return ",".join(written)


def _outside(service: Raw, _: datetime) -> str:
    if service.text("spec", "type") == "ExternalName":
        return service.text("spec", "externalName")
    led = [one.text("ip") or one.text("hostname") for one in service.each("status", "loadBalancer", "ingress")]
    waiting = ["<pending>"] if service.text("spec", "type") == "LoadBalancer" and not led else []
    return ",".join([*service.words("spec", "externalIPs"), *led, *waiting])


def node_status(node: Raw) -> str:
    """`Ready`, `NotReady` or `Unknown`, and whether the node is cordoned."""
    found = node.condition("Ready")
    word = {"True": "Ready", "": "Unknown"}.get(found.text("status"), "NotReady")
    return word + (",SchedulingDisabled" if node.at("spec", "unschedulable").held is True else "")


def roles(node: Raw) -> str:
    """The roles of a node by its labels."""
    held = node.pairs("metadata", "labels")
    named = {key.removeprefix(_ROLE) for key in held if key.startswith(_ROLE)} | {held.get("kubernetes.io/role", "")}
    return ",".join(sorted(named - {""}))


def _address(node: Raw, kind: str) -> str:
    listed = node.each("status", "addresses")
    return next((one.text("address") for one in listed if one.text("type") == kind), "")


def modes(object_: Raw, *path: str) -> str:
    """Access modes by their short names."""
    return ",".join(_MODES.get(word, word) for word in object_.words(*path))


def _claim(volume: Raw, _: datetime) -> str:
    held = volume.at("spec", "claimRef")
    return f"{held.text('namespace')}/{held.text('name')}" if held else ""


def _quota(quota: Raw, prefix: str) -> str:
    hard, used = quota.pairs("spec", "hard") | quota.pairs("status", "hard"), quota.pairs("status", "used")
    named = [key for key in sorted(hard) if key.startswith("limits.") == (prefix == "limits.")]
    return ", ".join(f"{key}: {used.get(key) or '0'}/{hard[key]}" for key in named)


def _backends(ingress: Raw, _: datetime) -> str:
    return ",".join(dict.fromkeys(one.text("host") or "*" for one in ingress.each("spec", "rules"))) or "*"


def _held(object_: Raw, _: datetime) -> str:
    return str(sum(len(object_.fields(name)) for name in ("data", "binaryData")))


def _completions(job: Raw, _: datetime) -> str:
    return f"{job.number('status', 'succeeded')}/{job.number('spec', 'completions', default=1)}"


def _job_status(job: Raw, _: datetime) -> str:
    for kind, word in (("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended")):
        if job.condition(kind).text("status") == "True":
            return word
    return "Running"


def _storage(object_: Raw, _: datetime) -> str:
    return object_.text("status", "capacity", "storage")


_UNNAMED: Sequence[Column] = (NAME, AGE)
_COLUMNS: Mapping[str, Sequence[Column]] = {
    "pods": (
        NAME,
        Column("READY", lambda pod, _: ready(pod)),
        Column("STATUS", lambda pod, _: status(pod)),
        Column("RESTARTS", restarts),
        AGE,
        _at("IP", "status", "podIP", is_wide=True),
        _at("NODE", "spec", "nodeName", is_wide=True),
        _at("NOMINATED NODE", "status", "nominatedNodeName", is_wide=True),
        Column("READINESS GATES", lambda pod, _: str(len(pod.each("spec", "readinessGates")) or ""), is_wide=True),
    ),
    "services": (
        NAME,
        Column("TYPE", lambda service, _: service.text("spec", "type") or "ClusterIP"),
        _at("CLUSTER-IP", "spec", "clusterIP"),
        Column("EXTERNAL-IP", _outside),
        Column("PORT(S)", _ports),
        AGE,
        _SELECTOR,
    ),
    "deployments": (
        NAME,
        Column("READY", _ready_of_wanted),
        _count("UP-TO-DATE", "status", "updatedReplicas"),
        _count("AVAILABLE", "status", "availableReplicas"),
        AGE,
        _CONTAINERS,
        _IMAGES,
        _SELECTOR,
    ),
    "statefulsets": (NAME, Column("READY", _ready_of_wanted), AGE, _CONTAINERS, _IMAGES),
    "replicasets": (
        NAME,
        _count("DESIRED", "spec", "replicas"),
        _count("CURRENT", "status", "replicas"),
        _count("READY", "status", "readyReplicas"),
        AGE,
        _CONTAINERS,
        _IMAGES,
        _SELECTOR,
    ),
    "daemonsets": (
        NAME,
        _count("DESIRED", "status", "desiredNumberScheduled"),
        _count("CURRENT", "status", "currentNumberScheduled"),
        _count("READY", "status", "numberReady"),
        _count("UP-TO-DATE", "status", "updatedNumberScheduled"),
        _count("AVAILABLE", "status", "numberAvailable"),
        Column("NODE SELECTOR", lambda one, _: selected(one, "spec", "template", "spec", "nodeSelector")),
        AGE,
        _CONTAINERS,
        _IMAGES,
        _SELECTOR,
    ),
    "nodes": (
        NAME,
        Column("STATUS", lambda node, _: node_status(node)),
        Column("ROLES", lambda node, _: roles(node)),
        AGE,
        _at("VERSION", "status", "nodeInfo", "kubeletVersion"),
        Column("INTERNAL-IP", lambda node, _: _address(node, "InternalIP"), is_wide=True),
        Column("EXTERNAL-IP", lambda node, _: _address(node, "ExternalIP"), is_wide=True),
        _at("OS-IMAGE", "status", "nodeInfo", "osImage", is_wide=True),
        _at("KERNEL-VERSION", "status", "nodeInfo", "kernelVersion", is_wide=True),
        _at("CONTAINER-RUNTIME", "status", "nodeInfo", "containerRuntimeVersion", is_wide=True),
    ),
    "events": (
        Column("LAST SEEN", lambda event, now: age(seen_last(event), now)),
        Column("TYPE", lambda event, _: event_type(event)),
        Column("REASON", lambda event, _: event.text("reason").replace(" ", "")),
        Column("OBJECT", lambda event, _: subject(event)),
        Column("MESSAGE", lambda event, _: message(event)),
    ),
    "configmaps": (NAME, Column("DATA", _held), AGE),
    "secrets": (NAME, _at("TYPE", "type"), Column("DATA", _held), AGE),
    "persistentvolumeclaims": (
        NAME,
        _at("STATUS", "status", "phase"),
        _at("VOLUME", "spec", "volumeName"),
        Column("CAPACITY", _storage),
        Column("ACCESS MODES", lambda claim, _: modes(claim, "status", "accessModes")),
        _at("STORAGECLASS", "spec", "storageClassName"),
        AGE,
    ),
    "persistentvolumes": (
        NAME,
        _at("CAPACITY", "spec", "capacity", "storage"),
        Column("ACCESS MODES", lambda volume, _: modes(volume, "spec", "accessModes")),
        _at("RECLAIM POLICY", "spec", "persistentVolumeReclaimPolicy"),
        _at("STATUS", "status", "phase"),
        Column("CLAIM", _claim),
        _at("STORAGECLASS", "spec", "storageClassName"),
        _at("REASON", "status", "reason"),
        AGE,
    ),
    "resourcequotas": (
        NAME,
        AGE,
        Column("REQUEST", lambda quota, _: _quota(quota, "")),
        Column("LIMIT", lambda quota, _: _quota(quota, "limits.")),
    ),
    "ingresses": (
        NAME,
        _at("CLASS", "spec", "ingressClassName"),
        Column("HOSTS", _backends),
        AGE,
    ),
    "jobs": (NAME, Column("STATUS", _job_status), Column("COMPLETIONS", _completions), AGE),
    "cronjobs": (
        NAME,
        _at("SCHEDULE", "spec", "schedule"),
        _at("SUSPEND", "spec", "suspend"),
        AGE,
    ),
    "horizontalpodautoscalers": (
        NAME,
        Column(
            "REFERENCE",
            lambda one, _: "/".join(one.pairs("spec", "scaleTargetRef").get(k, "") for k in ("kind", "name")),
        ),
        _count("MINPODS", "spec", "minReplicas"),
        _count("MAXPODS", "spec", "maxReplicas"),
        _count("REPLICAS", "status", "currentReplicas"),
        AGE,
    ),
    "storageclasses": (
        NAME,
        _at("PROVISIONER", "provisioner"),
        _at("RECLAIMPOLICY", "reclaimPolicy"),
        _at("VOLUMEBINDINGMODE", "volumeBindingMode"),
        AGE,
    ),
    "namespaces": (NAME, _at("STATUS", "status", "phase"), AGE),
}


def columns(plural: str) -> Sequence[Column]:
    """The columns of a kind; name and age for one that has no own."""
    return _COLUMNS.get(plural, _UNNAMED)
