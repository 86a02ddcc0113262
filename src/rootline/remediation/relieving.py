"""Steps for faults that no change explains: more room, another way, another owner, cleaner data."""

from collections.abc import Callable, Mapping, Sequence

from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.plan import Action
from rootline.domain.service_key import is_named
from rootline.remediation import in_words
from rootline.remediation.case import Case
from rootline.remediation.catalog import step
from rootline.remediation.names import Open, kubectl, shell
from rootline.remediation.nodes import drained
from rootline.remediation.repairing import scaled
from rootline.remediation.undoing import config_reverted, flag_disabled, rolled_back, rolled_forward
from rootline.remediation.workload import workload_of

Steps = Callable[[Case], Sequence[Action]]
_STORAGE, _BUSY = ("disk", "storage", "room_used_up"), "disk_io"
"""What causes are called where there is no more room to write to, and where a disk is merely busy."""


def scaled_out(case: Case) -> Sequence[Action]:
    """Give more room: replicas, or storage and limits where those ran out; shed load where demand rose."""
    cause = case.hypothesis.cause
    if any(word in cause for word in _STORAGE) and not cause.startswith(_BUSY):
        return [_room_made(case)]
    if case.hypothesis.type == "traffic":
        return [scaled(case), _limited(case)]
    return [scaled(case)]


def _room_made(case: Case) -> Action:
    if not case.is_kubernetes:
        return in_words.more_storage(case)
    return step(
        "fix_manifest",
        case.target.name,
        f"Give {case.target.name} more storage (spec.resources.requests.storage of its claim, if its class allows "
        "expansion), after removing what may be removed",
        kubectl(case.target.namespace, "get", "persistentvolumeclaims"),
        shell("kubectl", "get", "storageclasses"),
        undo="A volume cannot be made smaller again.",
        arguments={"field": "spec.resources.requests.storage"},
        reversibility="irreversible",
    )


def _limited(case: Case) -> Action:
    return step(
        "limit_traffic",
        case.target.name,
        f"If that does not suffice, limit the requests to {case.target.name} at its gateway, cheapest clients first",
    )


def failed_over(case: Case) -> Sequence[Action]:
    """Send traffic to what is healthy, and tell the owner of what is not."""
    name, own = _outside(case), case.target.name
    what = f"the traffic of {name}" if name == own else f"what {own} asks of {name}"
    return [
        step(
            "failover",
            name,
            f"Send {what} to a healthy replica, region or provider; check first that it has caught up",
        ),
        _told(name),
    ]


def escalated(case: Case) -> Sequence[Action]:
    """Tell the owner, and take the strain off the callers meanwhile."""
    return [_told(_outside(case)), _cushioned(case)]


def _told(name: str) -> Action:
    return step(
        "escalate_upstream",
        name,
        f"Tell the owner of {name}: first seen, what fails, who is affected, and the evidence by its label",
    )


def _cushioned(case: Case) -> Action:
    return step(
        "limit_traffic",
        case.target.name,
        f"Until it is back, let the callers of {case.target.name} fail fast: shorter timeouts, open circuit breakers, "
        "fewer retries, a fallback where there is one",
    )


def _outside(case: Case) -> str:
    """The provider that the evidence names, else the one dependency that verified claims speak of, else the service."""
    if case.change is not None and case.change.change == "status":
        return case.change.label
    named = {one.label for one in case.entities.changes if one.change == "status"}
    if len(named) == 1:
        return named.pop()
    told = [one for one in case.hypothesis.support if one.is_fact and one.claim.predicate != "depends_on"]
    known = case.entities.dependencies(case.target)
    spoken = {name for name in known if any(is_named(name, one.sentence) for one in told)}
    return spoken.pop() if len(spoken) == 1 else case.target.name


def purged(case: Case) -> Sequence[Action]:
    """Set bad records aside, never delete them, and let the consumers go on."""
    return [
        step(
            "purge_bad_data",
            case.target.name,
            f"Copy the records that {case.target.name} cannot process to a dead-letter place, then skip them; "
            "delete nothing",
        ),
        restarted(case),
    ]


def restarted(case: Case) -> Action:
    """Replace what runs of the blamed service, one after the other."""
    if not case.is_kubernetes:
        return in_words.restarted(case)
    workload = workload_of(case)
    return step(
        "restart_service",
        case.target.name,
        f"Restart {case.target.name}, one pod after the other",
        workload.kubectl("rollout", "restart", workload.ref) if workload else "",
        workload.kubectl("rollout", "status", workload.ref, "--timeout=10m") if workload else "",
    )


def rotated(case: Case) -> Sequence[Action]:
    """Issue the certificate or credential anew and have it loaded."""
    served = Open("CERTIFICATE", "path of the certificate that is served")
    return [
        step(
            "rotate_certificate",
            case.target.name,
            f"Issue the expired certificate or credential of {case.target.name} anew, keeping its names and chain",
            shell("openssl", "x509", "-noout", "-subject", "-issuer", "-dates", "-in", served),
            kubectl(case.target.namespace, "get", "certificates,certificaterequests") if case.is_kubernetes else "",
        ),
        restarted(case),
    ]


def rescheduled(case: Case) -> Sequence[Action]:
    """Mend the machine where that can be done, and move what runs away from it."""
    mended = in_words.machine_mended(case)
    return [*([mended] if mended else []), *_moved(case)]


def _moved(case: Case) -> Sequence[Action]:
    """Move what runs off the failing node, or replace it where no node is named."""
    if not case.is_kubernetes:
        return [in_words.moved(case, case.target.name if case.target.kind == "node" else "")]
    if case.target.kind == "node" or case.proven("node"):
        return [drained(case)]
    workload = workload_of(case)
    return [
        step(
            "reschedule_pods",
            case.target.name,
            f"Let the pods of {case.target.name} start again on healthy nodes",
            shell("kubectl", "get", "nodes"),
            workload.kubectl("get", "pods", "-o", "wide") if workload else "",
            workload.kubectl("rollout", "restart", workload.ref) if workload else "",
        )
    ]


def observed(case: Case) -> Sequence[Action]:
    """Change nothing yet; say what to look at."""
    return [
        step(
            "observe",
            case.target.name,
            f"Change nothing yet: look at {case.target.name} and what it depends on, since the evidence bears no fix",
        )
    ]


BY_REMEDY: Mapping[Remediation, Steps] = {
    "rollback": rolled_back,
    "roll-forward": rolled_forward,
    "config-revert": config_reverted,
    "feature-flag-disable": flag_disabled,
    "scale": scaled_out,
    "failover": failed_over,
    "escalate-upstream": escalated,
    "purge-bad-data": purged,
    "rotate-cert": rotated,
    "reschedule": rescheduled,
}
BY_TYPE: Mapping[HypothesisType, Remediation] = {
    "release": "rollback",
    "config": "config-revert",
    "flag": "feature-flag-disable",
    "traffic": "scale",
    "dependency": "escalate-upstream",
    "external": "failover",
    "database": "escalate-upstream",
    "capacity": "scale",
    "infrastructure": "reschedule",
    "network": "escalate-upstream",
    "certificate": "rotate-cert",
    "data": "purge-bad-data",
}
