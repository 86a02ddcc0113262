"""Steps that repair what a cluster's own state shows: a field, a missing object, a quota, a node."""

from collections.abc import Callable, Mapping, Sequence

from rootline.domain.plan import Action
from rootline.remediation.case import Case
from rootline.remediation.catalog import step
from rootline.remediation.fields import FIELDS, QUOTAS, Field
from rootline.remediation.in_words import more_room
from rootline.remediation.names import Open, is_object_name, kubectl, shell
from rootline.remediation.nodes import NODES, node_repaired, uncordoned
from rootline.remediation.undoing import without_command
from rootline.remediation.workload import workload_of

_MANIFEST = Open("MANIFEST", "path of the corrected manifest")
Repair = Callable[[Case], Sequence[Action]]


def repairs(case: Case) -> Sequence[Action]:
    """Return the steps for the named cause; none where the catalogue knows no repair of it.

    Where nothing tells of Kubernetes, no field, object or node of one is repaired: a database alone is.
    """
    cause = case.hypothesis.cause
    if cause in _DATABASE:
        return _DATABASE[cause](case)
    if not case.is_kubernetes:
        return ()
    if cause in FIELDS:
        return _field_fixed(case, FIELDS[cause])
    if cause in QUOTAS:
        return [_quota_raised(case, QUOTAS[cause])]
    if cause in NODES:
        return node_repaired(case)
    special = _SPECIAL.get(cause)
    return special(case) if special else ()


def _field_fixed(case: Case, field: Field) -> Sequence[Action]:
    ref = _object(case, field)
    is_refused = not ref and field.object == "workload"
    where = ref or f"the {_kind_words(field)} of {case.target.name}"
    again = "; Kubernetes fixes this field at creation, so the claim has to be made anew" if field.is_fixed else ""
    fixed = step(
        "fix_manifest",
        case.target.name,
        f"Correct {field.path} of {where}: it should {field.should}{again}"
        + without_command(is_refused, case.target.name),
        *(() if is_refused else _compared_and_applied(case, ref or field.object)),
        undo=_undone(case, ref, field),
        arguments={"field": field.path},
        reversibility="difficult" if field.is_fixed else None,
    )
    return [fixed, *_more_cpu(case)]


def _compared_and_applied(case: Case, ref: str) -> Sequence[str]:
    """Print the object, show what a corrected manifest would change, apply it."""
    space = case.target.namespace
    look = kubectl(space, "get", ref, "-o", "yaml")
    return [look, kubectl(space, "diff", "-f", _MANIFEST), kubectl(space, "apply", "-f", _MANIFEST)]


def _object(case: Case, field: Field) -> str:
    if field.object == "workload":
        workload = workload_of(case)
        return workload.ref if workload else ""
    name = case.proven(field.object) or (case.target.name if field.object == "service" else "")
    return f"{field.object}/{name}" if is_object_name(name) else ""


def _kind_words(field: Field) -> str:
    return {"persistentvolumeclaim": "volume claim", "ingress": "route"}.get(field.object, field.object)


def _undone(case: Case, ref: str, field: Field) -> str:
    if field.is_fixed:
        return (
            "Make the former claim again; keep the volume (reclaim policy Retain) until the data is seen to be there."
        )
    if field.object == "workload" and ref:
        return kubectl(case.target.namespace, "rollout", "undo", ref)
    return "Apply the manifest that the first command printed."


def _more_cpu(case: Case) -> Sequence[Action]:
    return [scaled(case)] if case.hypothesis.cause == "cpu_limit_reached" else ()


def scaled(case: Case) -> Action:
    """Run more replicas; how many is left to a person, who sees the present number first."""
    if not case.is_kubernetes:
        return more_room(case)
    workload = workload_of(case)
    replicas = Open("REPLICAS", "name how many", "--replicas=")
    look = workload.kubectl("get", workload.ref) if workload else ""
    scale = workload.kubectl("scale", workload.ref, replicas) if workload else ""
    return step(
        "scale_service",
        case.target.name,
        f"Run more replicas of {case.target.name}" + without_command(workload is None, case.target.name),
        look,
        scale,
    )


def _quota_raised(case: Case, resource: str) -> Action:
    quota = case.proven("resourcequota")
    ref = f"resourcequota/{quota}" if is_object_name(quota) else "resourcequota"
    space = case.target.name if case.target.kind == "namespace" else case.target.namespace
    return step(
        "raise_quota",
        case.target.name,
        f"Raise {resource} in spec.hard of {ref if '/' in ref else 'the quota'} of {space or 'its namespace'}, "
        "or remove what uses it",
        kubectl(space, "describe", ref),
        kubectl(space, "diff", "-f", _MANIFEST),
        kubectl(space, "apply", "-f", _MANIFEST),
        arguments={"resource": resource, **({"quota": quota} if quota else {})},
    )


def _cordon_lifted(case: Case) -> Sequence[Action]:
    return [uncordoned(case.proven("node") or (case.target.name if case.target.kind == "node" else ""), case)]


def _some_replicas(case: Case) -> Sequence[Action]:
    return [scaled(case)]


def _account_made(case: Case) -> Sequence[Action]:
    name = Open("ACCOUNT", "name the account as the pod template does")
    return [_made(case, "service account", "get", "serviceaccounts", "create", "serviceaccount", name)]


def _secret_made(case: Case) -> Sequence[Action]:
    return [_made(case, "secret or key that the pod refers to", "get", "secrets")]


def _pull_secret_made(case: Case) -> Sequence[Action]:
    return [_made(case, "image pull secret, and name it in spec.template.spec.imagePullSecrets", "get", "secrets")]


def _made(case: Case, what: str, look: str, kinds: str, *create: str | Open) -> Action:
    workload = workload_of(case)
    spec = workload.kubectl("get", workload.ref, "-o", "yaml") if workload else ""
    return step(
        "create_object",
        case.target.name,
        f"Create the {what} of {case.target.name}, or correct the name by which it refers to it",
        spec,
        kubectl(case.target.namespace, look, kinds),
        kubectl(case.target.namespace, *create) if create else "",
    )


def _connections_raised(case: Case) -> Sequence[Action]:
    looked = step(
        "tune_database",
        case.target.name,
        f"Find who holds the connections of {case.target.name}, close idle ones, then lower the pools of its callers "
        "or raise its limit (max_connections)",
        *_sql(case, "SELECT state, count(*) FROM pg_stat_activity GROUP BY state", "SHOW FULL PROCESSLIST"),
        arguments={"setting": "max_connections"},
    )
    return [looked]


def _writes_allowed(case: Case) -> Sequence[Action]:
    return [
        step(
            "tune_database",
            case.target.name,
            f"Make {case.target.name} accept writes again, after making sure that it is the primary and has disk left",
            *_sql(case, "SELECT pg_is_in_recovery(), current_setting($$default_transaction_read_only$$)",
                  "SELECT @@global.read_only, @@global.super_read_only"),
            arguments={"setting": "read_only"},
        )
    ]  # fmt: skip


def _sql(case: Case, postgres: str, mysql: str) -> list[str]:
    """The reading statement for the engine that the evidence names; both where it names none or both."""
    words = f"{case.hypothesis.cause} {case.target.name}".lower()
    is_mysql, is_postgres = (
        any(one in words for one in ("mysql", "maria")),
        any(one in words for one in ("pg", "postg")),
    )
    both = is_mysql == is_postgres
    found = [shell("psql", "-c", postgres)] if both or is_postgres else []
    return [*found, *([shell("mysql", "-e", mysql)] if both or is_mysql else [])]


def _credentials_fixed(case: Case) -> Sequence[Action]:
    workload = workload_of(case)
    return [
        step(
            "fix_manifest",
            case.target.name,
            f"Correct the user or password that {case.target.name} connects with (the secret that its env or volume "
            "names), then restart it; the value itself is in no evidence",
            workload.kubectl("get", workload.ref, "-o", "yaml") if workload else "",
            workload.kubectl("rollout", "restart", workload.ref) if workload else "",
            arguments={"field": "spec.template.spec.containers[*].env"},
        )
    ]


def _pod_replaced(case: Case) -> Sequence[Action]:
    workload = workload_of(case)
    return [
        step(
            "reschedule_pods",
            case.target.name,
            f"Replace the pods of {case.target.name}, on another node if the delay stays with the node",
            workload.kubectl("get", "pods", "-o", "wide") if workload else "",
            workload.kubectl("rollout", "restart", workload.ref) if workload else "",
        )
    ]


_DATABASE: Mapping[str, Repair] = {
    "database_connections_used_up": _connections_raised,
    "connection_exhaustion": _connections_raised,
    "connection_exhaustion_from_idle_client_sessions": _connections_raised,
    "database_refuses_writes": _writes_allowed,
}
_SPECIAL: Mapping[str, Repair] = {
    "node_is_cordoned": _cordon_lifted,
    "scaled_to_zero": _some_replicas,
    "service_account_missing": _account_made,
    "secret_missing": _secret_made,
    "pull_secret_missing": _pull_secret_made,
    "database_login_refused": _credentials_fixed,
    "pod_network_slow": _pod_replaced,
}
