"""Objects of a cluster written as `kubectl` prints them, so that one parser reads every cluster."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.domain.moment import read_moment
from rootline.tapes.recording import ClusterRead

Object = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cluster_reads(
    *,
    namespace: str,
    pods: Sequence[Object],
    deployments: Sequence[Object],
    nodes: Sequence[Object],
    events: Sequence[Object],
    seen_at: datetime | None = None,
) -> Iterator[ClusterRead]:
    """Yield the lists of a namespace and a description of every pod, read after whatever is known to have been."""
    now = _now([*(one.get("last_time") for one in events), *(one.get("start_time") for one in pods), seen_at])
    yield ClusterRead(query=listing("pods", namespace, "wide"), text=_table(_PODS, [_pod(one, now) for one in pods]))
    yield ClusterRead(
        query=listing("deployments", namespace, "wide"),
        text=_table(_DEPLOYMENTS, [_deployment(one) for one in deployments]),
    )
    yield ClusterRead(query=listing("nodes", ""), text=_table(_NODES, [_node(one) for one in nodes]))
    yield ClusterRead(query=listing("nodes", namespace), text=_table(_NODES, [_node(one) for one in nodes]))
    yield ClusterRead(
        query=ClusterQuery(verb="configuration"), text="\n".join(line for one in nodes for line in _facts(one))
    )
    yield ClusterRead(query=listing("events", namespace), text=_table(_EVENTS, [_event(one, now) for one in events]))
    for one in deployments:
        asked = ClusterQuery(verb="describe", kind="deployments", name=str(one.get("name", "")), namespace=namespace)
        yield ClusterRead(query=asked, text="\n".join(_rollout(one)))
    for one in pods:
        asked = ClusterQuery(verb="describe", kind="pods", name=str(one.get("name", "")), namespace=namespace)
        yield ClusterRead(query=asked, text="\n".join(_description(one)))


_PODS = ("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE")
_DEPLOYMENTS = ("NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE")
_NODES = ("NAME", "STATUS", "ROLES", "AGE", "VERSION")
_CONDITIONS = {
    "ready": "Ready",
    "memory_pressure": "MemoryPressure",
    "disk_pressure": "DiskPressure",
    "pid_pressure": "PIDPressure",
    "network_unavailable": "NetworkUnavailable",
}
_LONGEST_REST = 1_000
_TOLD_OF_A_DEPLOYMENT = frozenset(
    {"name", "namespace", "desired", "updated", "ready", "available", "unavailable", "progressing", "conditions"}
)
_TOLD_OF_A_CONTAINER = frozenset({"name", "image", "state", "last_state", "lastState", "ready", "restart_count"})
_TOLD_OF_A_POD = frozenset(
    {
        *("name", "namespace", "phase", "node_name", "start_time", "reason", "status_reason", "status_message"),
        *("containers", "conditions", "labels"),
    }
)
_COUNTS = ("desired", "updated", "ready", "available", "unavailable")
_STATE = (
    ("Reason", "reason"),
    ("Message", "message"),
    ("Exit Code", "exit_code"),
    ("Started", "started_at"),
    ("Finished", "finished_at"),
)
_EVENTS = ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE")


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [titles, *rows]
    widths = [max(len(row[at]) for row in cells) + 3 for at in range(len(titles))]
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _pod(one: Object, now: datetime) -> Sequence[str]:
    held = _containers(one)
    ready = sum(bool(container.get("ready")) for container in held)
    waiting = next((reason for container in held if (reason := _reason(_state(container)))), "")
    name, node = str(one.get("name", "")), str(one.get("node_name") or "<none>")
    status = str(one.get("status_reason") or waiting or one.get("reason") or one.get("phase", ""))
    return (
        name,
        f"{ready}/{len(held)}",
        status,
        _restarts(held, now),
        _age(one.get("start_time"), now),
        "<none>",
        node,
    )


def _restarts(held: Sequence[Object], now: datetime) -> str:
    """How often the containers were restarted, and how long ago the last time where that is known."""
    count = sum(int(container.get("restart_count") or 0) for container in held)
    ended = [_ended(_state(container, "last_state")) for container in held if container.get("restart_count")]
    last = max((at for at in ended if at is not None), default=None)
    return f"{count} ({_age(last, now)} ago)" if count and last is not None else str(count)


def _ended(state: Object) -> datetime | None:
    inner = state.get("terminated")
    return _moment({**state, **inner}.get("finished_at") if isinstance(inner, dict) else state.get("finished_at"))


def _reason(state: Object) -> str:
    """Why a container waits or ended; both layouts are read, the reason beside the state or inside it."""
    inner = [state.get(kind) for kind in ("waiting", "terminated")]
    told = [one.get("reason") for one in (state, *(one for one in inner if isinstance(one, dict)))]
    return next((str(one) for one in told if one), "")


def _deployment(one: Object) -> Sequence[str]:
    wanted, available = int(one.get("desired") or 0), str(one.get("available", 0))
    return (str(one.get("name", "")), f"{one.get('ready', 0)}/{wanted}", str(wanted), available, "<unknown>")


def _node(one: Object) -> Sequence[str]:
    status = "Ready" if str(one.get("ready")) == "True" else "NotReady"
    return (str(one.get("name", "")), status, "<none>", "<unknown>", "<unknown>")


def _facts(one: Object) -> Iterator[str]:
    """The conditions, taints, labels and sizes of a node, one a line."""
    name = str(one.get("name", ""))
    for key, condition in _CONDITIONS.items():
        if one.get(key) is not None:
            yield f"node/{name} condition {condition}={one[key]}"
    for key in ("cpu", "memory"):
        if one.get(f"allocatable_{key}"):
            yield f"node/{name} allocatable {key}={one[f'allocatable_{key}']}"
        if one.get(f"allocated_{key}_requests"):
            yield f"node/{name} allocated {key}={one[f'allocated_{key}_requests']}"
    held = one.get("labels")
    for key, value in held.items() if isinstance(held, dict) else ():
        yield f"node/{name} label {key}={value}"
    for taint in one.get("taints") or []:
        if isinstance(taint, dict):
            value = f"={taint['value']}" if taint.get("value") else ""
            yield f"node/{name} taint {taint.get('key', '')}{value}:{taint.get('effect', '')}"


def _event(one: Object, now: datetime) -> Sequence[str]:
    kind, _, name = str(one.get("involved_object", "")).partition("/")
    message = " ".join(str(one.get("message", "")).split())
    about = f"{kind.lower()}/{name}"
    return (
        _age(one.get("last_time"), now),
        str(one.get("type", "Warning")),
        str(one.get("reason", "")),
        about,
        message,
    )


def _description(one: Object) -> Iterator[str]:
    yield f"Name:         {one.get('name', '')}"
    yield f"Namespace:    {one.get('namespace', '')}"
    yield f"Node:         {one.get('node_name', '')}"
    yield f"Status:       {one.get('phase', '')}"
    for name, key in (("Reason", "status_reason"), ("Message", "status_message")):
        if one.get(key):
            yield f"{name}:      {' '.join(str(one[key]).split())}"
    yield "Containers:"
    for container in _containers(one):
        yield f"  {container.get('name', '')}:"
        if container.get("image"):
            yield f"    Image:          {container['image']}"
        yield from _states(_state(container))
        yield from _states(_state(container, "last_state"), "Last State")
        yield f"    Ready:          {bool(container.get('ready'))}"
        yield f"    Restart Count:  {container.get('restart_count', 0)}"
        yield from (f"    {line}" for line in _rest(container, _TOLD_OF_A_CONTAINER))
    yield from _rest(one, _TOLD_OF_A_POD)
    yield "Conditions:"
    yield from (_condition(condition) for condition in one.get("conditions") or [] if isinstance(condition, dict))


def _rest(one: Object, told: frozenset[str]) -> Iterator[str]:
    """Whatever else was recorded of an object, one line a field, so that nothing is lost."""
    for key, value in one.items():
        if key not in told and value not in (None, "", [], {}):
            yield f"{key.replace('_', ' ').capitalize()}:  {_flat(value)[:_LONGEST_REST]}"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={_flat(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "; ".join(_flat(inner) for inner in value)
    return " ".join(str(value).split())


def _condition(one: Object) -> str:
    told = " ".join(str(one.get(key) or "") for key in ("reason", "message")).strip()
    return f"  {one.get('type', '')}   {one.get('status', '')}   {told}".rstrip()


def _rollout(one: Object) -> Iterator[str]:
    """A deployment as far as it is known: its image, its replicas, and how its rollout goes."""
    yield f"Name:         {one.get('name', '')}"
    yield f"Namespace:    {one.get('namespace', '')}"
    yield f"Replicas:     {', '.join(f'{one[key]} {key}' for key in _COUNTS if key in one)}"
    yield from _rest(one, _TOLD_OF_A_DEPLOYMENT)
    going = one.get("progressing")
    held = [*(one.get("conditions") or []), *([{"type": "Progressing", **going}] if isinstance(going, dict) else [])]
    yield "Conditions:"
    yield from (_condition(condition) for condition in held if isinstance(condition, dict))


def _states(state: Object, title: str = "State") -> Iterator[str]:
    kind = next((name for name in ("waiting", "running", "terminated") if state.get(name)), "")
    if not kind and title != "State":
        return
    inner = state.get(kind)
    state = {**state, **inner} if isinstance(inner, dict) else state
    yield f"    {title}:          {(kind or 'unknown').capitalize()}"
    for name, key in _STATE:
        if state.get(key) is not None:
            yield f"      {name}:  {' '.join(str(state[key]).split())}"


def _containers(one: Object) -> Sequence[Object]:
    return [container for container in one.get("containers") or [] if isinstance(container, dict)]


def _state(container: Object, key: str = "state") -> Object:
    found = container.get(key) or container.get("lastState" if key == "last_state" else key)
    return found if isinstance(found, dict) else {}


def _now(stamps: Iterable[Any]) -> datetime:
    known = [found for stamp in stamps if (found := _moment(stamp)) is not None]
    return max(known, default=_EPOCH) + timedelta(seconds=1)


def _moment(stamp: Any) -> datetime | None:
    try:
        return read_moment(str(stamp))
    except ValueError:
        return None


def _age(stamp: Any, now: datetime) -> str:
    """Write how long ago a moment was, as kubectl does: `90s`, `25m`, `4h`, `5d`."""
    at = _moment(stamp)
    if at is None:
        return "<unknown>"
    seconds = int((now - at).total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{max(seconds, 0)}s"
