"""Steps where nothing tells of Kubernetes: what to do with whatever deploys and runs the service, in words."""

from collections.abc import Mapping

from rootline.domain.fact import ChangeFact
from rootline.domain.plan import Action
from rootline.remediation.case import Case
from rootline.remediation.catalog import step
from rootline.remediation.names import Open, is_commit, is_path, is_plain_value, shell, short

_RELEASE = Open("RELEASE", "which release that was, from the history of deployments")
_SIZE = Open("SIZE", "how many, or how large")
_NODE = Open("NODE", "which machine")
_EARLIER = 5
# Source: systemd, timedatectl(1); chrony, chronyc(1).
_MACHINES: Mapping[str, tuple[str, str]] = {
    "clock_drift": (
        "Set the clock of {where} right (`timedatectl`, `chronyc tracking`) and start its time service again",
        "Nothing to undo: a clock that is right stays so.",
    ),
    "noisy_neighbour": (
        "Find what else takes the CPU of {where} (`top` shows it), and stop it or let it have less",
        "Let it run again as before.",
    ),
}


def deployed_back(case: Case) -> Action:
    """Deploy again what ran before; where nobody told what that was, the history shows which releases there are."""
    name, change, previous = case.target.name, case.change, case.previous
    blamed = running(change) if change else "the present release"
    what = f"{short(previous)} of {name} again, which ran before {blamed}" if previous else _unknown(name, blamed)
    return step(
        "rollback_deployment",
        name,
        f"Deploy {what}, with whatever deploys {name}",
        _history(change, previous),
        undo=f"Deploy {blamed} again.",
        arguments={"from": change.label if change else "", "to": previous},
    )


def rolled_out(case: Case) -> Action:
    """Deploy the service anew with the configuration that was put back."""
    name, change, previous = case.target.name, case.change, case.previous
    sooner = f"; until then {short(previous)}, which ran before, can be deployed again" if previous else ""
    return step(
        "revert_config",
        name,
        f"Deploy the reverted {name}, with whatever deploys it{sooner}",
        undo=f"Deploy {running(change)} again." if change else "",
        arguments={"change": change.label} if change else {},
    )


def more_room(case: Case) -> Action:
    """Give a service more to run on; how much is for a person to say, who sees first how much it has."""
    name = case.target.name
    return step(
        "scale_service",
        name,
        f"Give {name} more to run on, with whatever runs it: more instances, or a larger one where it cannot be "
        f"doubled {_SIZE.words}; note down first what it has now",
        undo="Give it back what it had.",
    )


def more_storage(case: Case) -> Action:
    """Free a disk, then make it larger."""
    name = case.target.name
    return step(
        "extend_storage",
        name,
        f"Make room on the disk that {name} writes to: remove or move away what may go (`df -h` on its machine shows "
        "which disk is full), then give it more storage",
    )


def restarted(case: Case) -> Action:
    """Restart a service without stopping all of it at once."""
    name = case.target.name
    return step("restart_service", name, f"Restart {name}, one instance after the other, with whatever runs it")


def moved(case: Case, machine: str) -> Action:
    """Let a service run on other machines than the failing one."""
    name, where = case.target.name, machine or _NODE.words
    is_machine = case.target.kind == "node"
    what = "what runs there" if is_machine else name
    return step(
        "reschedule_pods",
        name,
        f"Take the machine {where} out of use and start {what} on healthy ones, with whatever runs it",
        undo=f"Take the machine {where} into use again.",
    )


def machine_mended(case: Case) -> Action | None:
    """Mend what is wrong with the machine itself; None where the cause names no such thing."""
    found = _MACHINES.get(case.hypothesis.cause)
    if found is None:
        return None
    name = case.target.name
    where = f"the machine {name}" if case.target.kind == "node" else f"the machine that {name} runs on"
    return step("restore_node", name, found[0].format(where=where), undo=found[1])


def running(change: ChangeFact) -> str:
    """A change as a person tells it from others: its label, and what people call the release that it runs in."""
    called = change.after if is_path(change.after) or is_plain_value(change.after) else ""
    is_told = called and called != change.label and change.change in {"commit", "deployment"}
    return f"{short(change.label)} ({called})" if is_told else short(change.label)


def _unknown(name: str, blamed: str) -> str:
    return f"the release of {name} again that ran before {blamed} {_RELEASE.words}"


def _history(change: ChangeFact | None, previous: str) -> str:
    """What going back takes out, or of what one may choose; nothing where no commit is known."""
    if change is None or not is_commit(change.label):
        return ""
    if is_commit(previous):
        return shell("git", "log", "--oneline", f"{previous}..{change.label}")
    return shell("git", "log", "--oneline", "--skip=1", f"--max-count={_EARLIER}", change.label)
