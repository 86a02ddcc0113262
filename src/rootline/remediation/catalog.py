"""The closed catalogue: what each kind of action does to a system and how it is undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from rootline.domain.plan import Action, ActionKind, Reversibility

_LONGEST_TARGET = 300


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kind of action. `needs` are the names it takes from evidence; `undo` says how it is taken back."""

    does: str
    needs: str
    reversibility: Reversibility
    undo: str
    changes: bool = True
    writes_data: bool = False
    interrupts: bool = False


CATALOG: Mapping[ActionKind, Entry] = {
    "rollback_deployment": Entry(
        does="Run the release again that ran before the blamed one.",
        needs="service; change label; previous version where known",
        reversibility="instant",
        undo="Roll out the blamed release again.",
        interrupts=True,
    ),
    "roll_forward": Entry(
        does="Ship a correction on top of the blamed change.",
        needs="service; change label",
        reversibility="manual",
        undo="Roll back the correction.",
        interrupts=True,
    ),
    "revert_commit": Entry(
        does="Take a commit out of the branch, so that the next release does not bring it back.",
        needs="change label that is a commit",
        reversibility="instant",
        undo="Revert the revert.",
    ),
    "revert_config": Entry(
        does="Give a configuration key or file its earlier value.",
        needs="service; change label; earlier value where known",
        reversibility="instant",
        undo="Set the blamed value again.",
        interrupts=True,
    ),
    "disable_flag": Entry(
        does="Set a feature flag back to its earlier value.",
        needs="flag; service",
        reversibility="instant",
        undo="Set the flag again.",
    ),
    "scale_service": Entry(
        does="Run more replicas of a service.",
        needs="service",
        reversibility="instant",
        undo="Scale back to the present number of replicas.",
    ),
    "restart_service": Entry(
        does="Start a service anew, one instance after the other.",
        needs="service",
        reversibility="instant",
        undo="Nothing to undo: the same version runs again.",
        interrupts=True,
    ),
    "reschedule_pods": Entry(
        does="Let a service start on another machine.",
        needs="service or node",
        reversibility="instant",
        undo="Uncordon the node; the scheduler places pods there again.",
        interrupts=True,
    ),
    "raise_quota": Entry(
        does="Raise one hard limit of a namespace's quota.",
        needs="namespace; resource of the quota",
        reversibility="instant",
        undo="Apply the quota's present value again.",
    ),
    "fix_manifest": Entry(
        does="Correct one field of one object.",
        needs="object; field",
        reversibility="instant",
        undo="Apply the object's present manifest again (`kubectl rollout undo` for a workload).",
        interrupts=True,
    ),
    "extend_storage": Entry(
        does="Free a disk and give a service more storage.",
        needs="service",
        reversibility="irreversible",
        undo="What is removed and a volume that has grown do not come back: keep copies of what is removed.",
    ),
    "failover": Entry(
        does="Send traffic to a healthy replica, region or provider.",
        needs="service or provider",
        reversibility="manual",
        undo="Send traffic back once the first is healthy and has caught up.",
        interrupts=True,
    ),
    "escalate_upstream": Entry(
        does="Tell the owner of the dependency, with the evidence.",
        needs="service or provider",
        reversibility="instant",
        undo="Nothing to undo.",
        changes=False,
    ),
    "purge_bad_data": Entry(
        does="Take records that cannot be processed out of the way, into a place from which they can be replayed.",
        needs="service",
        reversibility="difficult",
        undo="Replay the records that were set aside.",
        writes_data=True,
    ),
    "rotate_certificate": Entry(
        does="Issue a certificate or credential anew and have it loaded.",
        needs="service",
        reversibility="manual",
        undo="Put the former certificate back while it is still valid.",
        interrupts=True,
    ),
    "restore_node": Entry(
        does="Bring a component of a node back.",
        needs="node; component",
        reversibility="manual",
        undo="Stop the component again, or cordon the node.",
        interrupts=True,
    ),
    "drain_node": Entry(
        does="Take a node out of use and move its pods away.",
        needs="node",
        reversibility="instant",
        undo="Uncordon the node.",
        interrupts=True,
    ),
    "create_object": Entry(
        does="Create an object that a workload refers to.",
        needs="service; kind of object",
        reversibility="instant",
        undo="Delete the object that was created.",
    ),
    "tune_database": Entry(
        does="Change one setting of a database.",
        needs="service; setting",
        reversibility="manual",
        undo="Set the present value again; note it down first.",
        interrupts=True,
    ),
    "apply_migration": Entry(
        does="Run schema migrations that the release needs.",
        needs="service; change label; migration files",
        reversibility="difficult",
        undo="Run the down migration, if there is one and nothing was written in the new form.",
        writes_data=True,
    ),
    "limit_traffic": Entry(
        does="Refuse or slow down a part of the requests, so that the rest succeeds.",
        needs="service",
        reversibility="instant",
        undo="Lift the limit.",
        interrupts=True,
    ),
    "observe": Entry(
        does="Look further before anything is changed.",
        needs="service",
        reversibility="instant",
        undo="Nothing to undo.",
        changes=False,
    ),
}


def step(
    kind: ActionKind,
    target: str,
    title: str,
    *commands: str,
    undo: str = "",
    arguments: Mapping[str, str] | None = None,
    reversibility: Reversibility | None = None,
) -> Action:
    """Write an action with what the catalogue knows of its kind."""
    entry = CATALOG[kind]
    return Action(
        kind=kind,
        target=target[:_LONGEST_TARGET],
        title=title,
        commands=tuple(command for command in commands if command),
        arguments=dict(arguments or {}),
        rollback=undo or entry.undo,
        reversibility=reversibility or entry.reversibility,
    )
