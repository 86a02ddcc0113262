"""Steps that take a change back: roll back, revert, switch off, ship a correction."""

from collections.abc import Sequence

from rootline.changes.paths.kinds import kind_of
from rootline.domain.fact import ChangeFact
from rootline.domain.plan import Action
from rootline.remediation.case import Case
from rootline.remediation.catalog import step
from rootline.remediation.delivery import dry_runs, migration_commands
from rootline.remediation.in_words import deployed_back, rolled_out
from rootline.remediation.names import Open, is_commit, is_flag, is_plain_value, shell, short
from rootline.remediation.put_back import put_back
from rootline.remediation.workload import workload_of

_REVISION = Open("REVISION", "take it from the rollout history", "--to-revision=")
_LONGEST_PLACE = 300
# Source: git-merge(1), git-revert(1) and GitHub, on the messages of merges and on which side of one to keep.
_MERGES = ("Merge branch ", "Merge remote-tracking ", "Merge pull request ", "Merge tag ", "Merge commit ")


def rolled_back(case: Case) -> Sequence[Action]:
    """Run the release before the change again, then take the change out of the branch."""
    steps = [_deployment_back(case)]
    if case.change is not None and is_commit(case.change.label):
        steps.append(reverted(case.change))
    return steps


def _deployment_back(case: Case) -> Action:
    if not case.is_kubernetes:
        return deployed_back(case)
    workload, previous = workload_of(case), case.previous
    label = short(case.change.label) if case.change else "the present release"
    to = f"to {short(previous)}" if previous else "to the release before it (previous revision unknown)"
    arguments = {"from": case.change.label if case.change else "", "to": previous}
    history = workload.kubectl("rollout", "history", workload.ref) if workload else ""
    back = workload.kubectl("rollout", "undo", workload.ref, _REVISION) if workload else ""
    wait = workload.kubectl("rollout", "status", workload.ref, "--timeout=10m") if workload else ""
    return step(
        "rollback_deployment",
        case.target.name,
        f"Roll {case.target.name} back from {label} {to}" + without_command(workload is None, case.target.name),
        history,
        back,
        wait,
        undo=f"Roll out {label} again.",
        arguments={key: value for key, value in arguments.items() if value},
    )


def reverted(change: ChangeFact) -> Action:
    """Take the commit out of the branch; its rendering tools are run dry where its files show which they are.

    A merge is reverted to the branch that it was merged into.
    """
    files, back = tuple(change.files[:200]), put_back(change)
    what = f": it sets {back}" if back else ", so that the next release does not bring it back"
    mainline = ("-m", "1") if change.message.startswith(_MERGES) else ()
    return step(
        "revert_commit",
        change.subject,
        f"Revert commit {short(change.label)} in {short(change.repository) or 'its repository'}{what}",
        shell("git", "revert", "--no-edit", *mainline, change.label),
        *dry_runs(files),
        arguments={"commit": change.label},
    )


def config_reverted(case: Case) -> Sequence[Action]:
    """Give the configuration its earlier value: by reverting the commit, or by hand where a store holds it."""
    change = case.change
    if change is None:
        return [_config_by_hand(case)]
    if is_commit(change.label):
        return [reverted(change), _rolled_out(case)]
    return [_switched_back(case, change)]


def flag_disabled(case: Case) -> Sequence[Action]:
    """Set the flag back; a flag inside a commit is switched off where it is kept."""
    change = case.change
    if change is not None and change.change == "flag":
        return [_switched_back(case, change)]
    if change is None:
        return [
            step(
                "disable_flag",
                case.target.name,
                f"Switch off the flag that guards the failing path of {case.target.name} (no flag is in the evidence)",
            )
        ]
    switched = step(
        "disable_flag",
        case.target.name,
        f"Switch off the flag that {short(change.label)} introduced or turned on, where {case.target.name} keeps flags",
        arguments={"change": change.label},
    )
    return [switched, *([reverted(change)] if is_commit(change.label) else [])]


def rolled_forward(case: Case) -> Sequence[Action]:
    """Ship what is missing: migrations that the change needs, else a correction of the change."""
    change = case.change
    if change is None:
        return [_corrected(case, "the fault", {})]
    migrations = [name for name in change.files[:200] if kind_of(name) == "migration"]
    missing = {"schema_used_without_a_migration", "missing_migration"} & {case.hypothesis.cause}
    if migrations or missing:
        return [_migrated(case, change, migrations), _corrected(case, short(change.label), {"change": change.label})]
    return [_corrected(case, short(change.label), {"change": change.label})]


def _migrated(case: Case, change: ChangeFact, migrations: Sequence[str]) -> Action:
    commands = migration_commands(migrations)
    missing = "" if migrations else " (the change brings none along: write it first)"
    return step(
        "apply_migration",
        case.target.name,
        f"Apply the schema migration that {short(change.label)} needs{missing}",
        *commands,
        arguments={"change": change.label},
    )


def _corrected(case: Case, what: str, arguments: dict[str, str]) -> Action:
    return step(
        "roll_forward",
        case.target.name,
        f"Ship a correction of {what} for {case.target.name}; undoing it would not restore what it has already changed",
        arguments=arguments,
    )


def _switched_back(case: Case, change: ChangeFact) -> Action:
    is_switch = change.change == "flag"
    what = "flag" if is_switch else "key"
    name = change.label if is_flag(change.label) else f"the {what} named in the evidence"
    before, after = (_value(change, one) for one in (change.before, change.after))
    value = f"to {before}" if before else "to its earlier value (see the evidence)"
    arguments = {what: change.label, "from": after, "to": before}
    return step(
        "disable_flag" if is_switch else "revert_config",
        case.target.name,
        f"Set {what} {name} of {case.target.name} back {value}, in {_kept_in(change)}",
        undo=f"Set {name} to {after or 'the blamed value'} again.",
        arguments={key: kept for key, kept in arguments.items() if kept},
    )


def _value(change: ChangeFact, told: str) -> str:
    """A value that a step may repeat; that of a setting is told behind its key."""
    value = told.removeprefix(f"{change.label}=")
    return value if is_plain_value(value) else ""


def _kept_in(change: ChangeFact) -> str:
    """Where the flag was read, or in words."""
    place = "".join(char if char.isprintable() else " " for char in "".join(change.files[:1])[:_LONGEST_PLACE])
    return f"{place}, where it was read" if place else "the system that holds it"


def _config_by_hand(case: Case) -> Action:
    return step(
        "revert_config",
        case.target.name,
        f"Give the configuration of {case.target.name} the last values with which it worked "
        "(no change is named by the evidence, so the earlier values are unknown)",
    )


def _rolled_out(case: Case) -> Action:
    if not case.is_kubernetes:
        return rolled_out(case)
    workload = workload_of(case)
    wait = workload.kubectl("rollout", "status", workload.ref, "--timeout=10m") if workload else ""
    return step(
        "revert_config",
        case.target.name,
        f"Roll the reverted configuration out to {case.target.name} the way it is usually delivered",
        wait,
        arguments={"change": case.change.label} if case.change else {},
    )


def without_command(is_missing: bool, name: str) -> str:
    """Say why a step has no command."""
    return f" (no command: {name[:60]!r} is no name that Kubernetes accepts)" if is_missing else ""
