"""A described pod as typed objects."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.describe import Entry, TableLine, parse
from rootline.analysis.cluster.objects import Event
from rootline.analysis.cluster.proof import LineProof, proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.text import age_s, quantity, whole
from rootline.analysis.cluster.workload import (
    Container,
    PodDetail,
    Port,
    Probe,
    Reference,
    Toleration,
    Variable,
    Wish,
    Workload,
)

_PROBE = re.compile(r"^(http-get|tcp-socket|grpc|exec) (.{0,300}?) *delay=(\d+)s timeout=(\d+)s period=(\d+)s")
_FAILURES = re.compile(r"#failure=(\d+)")
_WHERE = re.compile(r":(\d+|[a-z][\w-]*)(/\S*)?$")
_HANDLERS = {"http-get": "http", "tcp-socket": "tcp", "grpc": "grpc", "exec": "exec"}
_PORT = re.compile(r"(\d{1,5})/(TCP|UDP|SCTP)(?: \(([\w-]+)\))?")
_TOLERATION = re.compile(r"^([^:=\s]*)(?:=([^:\s]*))?(?::(\w+))?(?: op=(\w+))?")
_PROBE_KEYS = {"Liveness": "liveness", "Readiness": "readiness", "Startup": "startup"}
_STATES = ("State", "Last State")


def events(query: ClusterQuery, subject: str, table: list[TableLine]) -> list[Event]:
    """The events table at the end of a description."""
    return [
        Event(
            subject=subject,
            warning=row.cells[0] == "Warning",
            reason=row.cells[1],
            message=row.cells[4],
            age_s=age_s(row.cells[2].split(" ", 1)[0]),
            proof=proof_at(query, row.line, subject),
        )
        for row in table
    ]


def pod_detail(query: ClusterQuery, text: str, app: str) -> PodDetail:
    """Read the description of a pod of an application."""
    tree, table = parse(text)
    subject = f"pod/{query.name}"
    held = tree.child("Containers")
    return PodDetail(
        name=query.name,
        app=app,
        workload=Workload(
            app=app,
            labels=dict(label.split("=", 1) for label, _ in tree.values("Labels") if "=" in label),
            containers=tuple(_container(query, entry, subject) for entry in held.below) if held else (),
            wishes=tuple(_wishes(query, tree, subject)),
            tolerations=tuple(_toleration(text) for text, _ in tree.values("Tolerations")),
            references=tuple(_references(query, tree, subject)),
            proof=proof_at(query, (tree.child("Name") or tree).line, subject),
        ),
        events=tuple(events(query, subject, table)),
    )


def _container(query: ClusterQuery, entry: Entry, subject: str) -> Container:
    amounts = {e.key: quantity(e.value) for e in (entry.child("Requests") or Entry("", "", entry.line, 0)).below}
    restarts = entry.text("Restart Count")
    return Container(
        name=entry.key,
        image=entry.text("Image"),
        ports=tuple(_ports(query, entry, subject)),
        probes=tuple(_probes(query, entry, subject)),
        env=tuple(_env(query, entry, subject)),
        requests={name: amount for name, amount in amounts.items() if amount is not None},
        states=tuple(_states(query, entry, subject)),
        restarts=whole(restarts),
        proof=proof_at(query, (entry.child("Image") or entry).line, subject),
    )


def _ports(query: ClusterQuery, entry: Entry, subject: str) -> Iterator[Port]:
    held = entry.child("Port") or entry.child("Ports")
    if held:
        proof = proof_at(query, held.line, subject)
        for number, protocol, name in _PORT.findall(held.value):
            yield Port(number=whole(number), name=name, protocol=protocol, proof=proof)


def _probes(query: ClusterQuery, entry: Entry, subject: str) -> Iterator[Probe]:
    for key, kind in _PROBE_KEYS.items():
        held = entry.child(key)
        found = _PROBE.match(held.value) if held else None
        if held and found:
            where = _WHERE.search(found.group(2))
            failures = _FAILURES.search(held.value)
            secure = found.group(2).startswith("https:")
            yield Probe(
                kind=kind,
                handler="https" if secure else _HANDLERS[found.group(1)],
                port=where.group(1) if where else "",
                path=(where.group(2) or "") if where else "",
                delay_s=float(found.group(3)),
                timeout_s=float(found.group(4)),
                period_s=float(found.group(5)),
                failures=whole(failures.group(1), 3) if failures else 3,
                proof=proof_at(query, held.line, subject),
            )


def _env(query: ClusterQuery, entry: Entry, subject: str) -> Iterator[Variable]:
    held = entry.child("Environment")
    for var in held.below if held else ():
        if var.key and not var.value.startswith("<set to"):
            yield Variable(name=var.key, value=var.value, proof=proof_at(query, var.line, subject))


def _states(query: ClusterQuery, entry: Entry, subject: str) -> Iterator[LineProof]:
    """What the container does and did last: the lines of its state, reasons and exit code."""
    for key in _STATES:
        held = entry.child(key)
        for part in held.walk() if held else ():
            if part.key in {key, "Reason", "Exit Code", "Message"}:
                yield proof_at(query, part.line, subject)


def _wishes(query: ClusterQuery, tree: Entry, subject: str) -> Iterator[Wish]:
    for text, line in tree.values("Node-Selectors"):
        key, _, value = text.partition("=")
        yield Wish(kind="selector", key=key.strip(), values=(value.strip(),), proof=proof_at(query, line, subject))


def _toleration(text: str) -> Toleration:
    found = _TOLERATION.match(text.split(" for ", 1)[0])
    key, value, effect, operator = found.groups() if found else ("", None, None, None)
    return Toleration(
        key=key or "",
        value=value or "",
        effect=effect or "",
        operator=operator or ("Equal" if value else "Exists"),
    )


def _references(query: ClusterQuery, tree: Entry, subject: str) -> Iterator[Reference]:
    account = tree.child("Service Account")
    if account and account.value:
        yield Reference(kind="account", name=account.value, proof=proof_at(query, account.line, subject))
    for key, kind in (("ClaimName", "claim"), ("SecretName", "secret"), ("Path", "host_path")):
        volumes = tree.child("Volumes")
        for entry in volumes.walk() if volumes else ():
            if entry.key == key and entry.value:
                yield Reference(kind=kind, name=entry.value, proof=proof_at(query, entry.line, subject))
