"""Containers and volumes in `kubectl describe`: what was asked for, and how it went."""

from collections.abc import Iterator

from rootline.sources.kubernetes.blocks import pair
from rootline.sources.kubernetes.columns import NONE
from rootline.sources.kubernetes.raw import Raw

_MOST_CONTAINERS = 40
_MOST_VARIABLES = 200
_PROBES = {"Liveness": "livenessProbe", "Readiness": "readinessProbe", "Startup": "startupProbe"}
_VOLUMES = {
    "persistentVolumeClaim": (("ClaimName", "claimName"), ("ReadOnly", "readOnly")),
    "secret": (("SecretName", "secretName"), ("Optional", "optional")),
    "configMap": (("Name", "name"), ("Optional", "optional")),
    "hostPath": (("Path", "path"), ("HostPathType", "type")),
    "emptyDir": (("Medium", "medium"), ("SizeLimit", "sizeLimit")),
    "nfs": (("Server", "server"), ("Path", "path")),
}


def containers(title: str, spec: Raw, status: Raw, indent: int = 0) -> Iterator[str]:
    """The block of the containers of a pod or of a template, whose status is empty."""
    field, states = ("initContainers", "initContainerStatuses") if title == "Init Containers" else _PLAIN
    held = spec.each(field)[:_MOST_CONTAINERS]
    told = {one.text("name"): one for one in status.each(states)}
    if held:
        yield f"{' ' * indent}{title}:"
    for one in held:
        yield f"{' ' * (indent + 2)}{one.text('name') or 'unnamed'}:"
        yield from _container(one, told.get(one.text("name"), Raw(None)), indent + 4)


_PLAIN = ("containers", "containerStatuses")


def _container(one: Raw, status: Raw, indent: int) -> Iterator[str]:
    yield pair("Image", one.text("image") or NONE, indent)
    if status.text("imageID"):
        yield pair("Image ID", status.text("imageID"), indent)
    ports = [_port(port) for port in one.each("ports")]
    yield pair("Port" if len(ports) < 2 else "Ports", ", ".join(ports) or NONE, indent)  # noqa: PLR2004 one or more
    for title, field in (("Command", "command"), ("Args", "args")):
        words = one.words(field)
        if words:
            yield f"{' ' * indent}{title}:"
            yield from (f"{' ' * (indent + 2)}{word}" for word in words[:_MOST_CONTAINERS])
    yield from _states(status, indent)
    for title in ("Limits", "Requests"):
        yield from _amounts(title, one.pairs("resources", title.lower()), indent)
    for title, field in _PROBES.items():
        if one.at(field):
            yield pair(title, probe(one.at(field)), indent)
    yield from _environment(one, indent)
    yield from _mounts(one, indent)


def _port(port: Raw) -> str:
    name = f" ({port.text('name')})" if port.text("name") else ""
    return f"{port.number('containerPort')}/{port.text('protocol') or 'TCP'}{name}"


def _states(status: Raw, indent: int) -> Iterator[str]:
    if not status:
        return
    yield from _state("State", status.at("state"), indent)
    if status.at("lastState"):
        yield from _state("Last State", status.at("lastState"), indent)
    yield pair("Ready", str(status.at("ready").held is True), indent)
    yield pair("Restart Count", str(status.number("restartCount")), indent)


def _state(title: str, state: Raw, indent: int) -> Iterator[str]:
    kind = next((name for name, held in state.fields() if held.held is not None), "")
    yield pair(title, kind.capitalize() or "Waiting", indent)
    held = state.at(kind)
    fields = (("Reason", "reason"), ("Message", "message"), ("Exit Code", "exitCode"))
    for key, field in (*fields, ("Signal", "signal"), ("Started", "startedAt"), ("Finished", "finishedAt")):
        if held.text(field):
            yield pair(key, held.text(field), indent + 2)


def _amounts(title: str, amounts: dict[str, str], indent: int) -> Iterator[str]:
    if amounts:
        yield f"{' ' * indent}{title}:"
        yield from (pair(name, amount, indent + 2, 16) for name, amount in sorted(amounts.items()))


def probe(held: Raw) -> str:
    """A health check on one line.

    Source: k8s.io/kubectl, pkg/describe, DescribeProbe; defaults of k8s.io/kubernetes, pkg/apis/core/v1.
    """
    times = (
        f"delay={held.number('initialDelaySeconds')}s timeout={held.number('timeoutSeconds', default=1)}s "
        f"period={held.number('periodSeconds', default=10)}s #success={held.number('successThreshold', default=1)} "
        f"#failure={held.number('failureThreshold', default=3)}"
    )
    return f"{_handler(held)} {times}"


def _handler(held: Raw) -> str:
    http, tcp, grpc = held.at("httpGet"), held.at("tcpSocket"), held.at("grpc")
    if http:
        scheme = http.text("scheme").lower() or "http"
        return f"http-get {scheme}://{http.text('host')}:{http.text('port')}{http.text('path')}"
    if tcp:
        return f"tcp-socket {tcp.text('host')}:{tcp.text('port')}"
    if grpc:
        return f"grpc <pod>:{grpc.text('port')} {grpc.text('service')}"
    return f"exec [{' '.join(held.words('exec', 'command'))[:200]}]"


def _environment(one: Raw, indent: int) -> Iterator[str]:
    taken = one.each("envFrom")
    if taken:
        yield f"{' ' * indent}Environment Variables from:"
    for source in taken:
        kind, field = ("Secret", "secretRef") if source.at("secretRef") else ("ConfigMap", "configMapRef")
        optional = source.text(field, "optional") or "false"
        yield f"{' ' * (indent + 2)}{source.text(field, 'name')}  {kind}  Optional: {optional}"
    variables = one.each("env")[:_MOST_VARIABLES]
    if not variables:
        yield pair("Environment", NONE, indent)
        return
    yield f"{' ' * indent}Environment:"
    width = max(len(variable.text("name")[:60]) for variable in variables) + 3
    for variable in variables:
        yield pair(variable.text("name") or "unnamed", _value(variable), indent + 2, width)


def _value(variable: Raw) -> str:
    source = variable.at("valueFrom")
    for field, kind in (("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")):
        held = source.at(field)
        if held:
            optional = held.text("optional") or "false"
            return f"<set to the key '{held.text('key')}' {kind} '{held.text('name')}'>  Optional: {optional}"
    if source:
        path = source.text("fieldRef", "fieldPath") or source.text("resourceFieldRef", "resource")
        return f"<set to {path or 'something else'}>"
    return variable.text("value")[:300]


def _mounts(one: Raw, indent: int) -> Iterator[str]:
    mounts = one.each("volumeMounts")
    if not mounts:
        yield pair("Mounts", NONE, indent)
        return
    yield f"{' ' * indent}Mounts:"
    for mount in mounts[:_MOST_CONTAINERS]:
        way = "ro" if mount.at("readOnly").held is True else "rw"
        yield f"{' ' * (indent + 2)}{mount.text('mountPath')} from {mount.text('name')} ({way})"


def volumes(spec: Raw, indent: int = 0) -> Iterator[str]:
    """The volumes of a pod, by what they are made of."""
    held = spec.each("volumes")[:_MOST_CONTAINERS]
    if not held:
        yield pair("Volumes", NONE, indent)
        return
    yield f"{' ' * indent}Volumes:"
    for volume in held:
        yield f"{' ' * (indent + 2)}{volume.text('name') or 'unnamed'}:"
        kind = next((key for key, _ in volume.fields() if key != "name"), "unknown")
        yield pair("Type", f"{kind[:1].upper()}{kind[1:]}", indent + 4)
        for key, field in _VOLUMES.get(kind, ()):
            if volume.text(kind, field):
                yield pair(key, volume.text(kind, field), indent + 4)
