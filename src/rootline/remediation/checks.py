"""What to look at before a plan is carried out, and what shows afterwards that it helped."""

import re
from collections.abc import Iterator, Sequence

from rootline.changes.paths.kinds import kind_of
from rootline.domain.claim import Checked, Predicate
from rootline.domain.fact import AlertFact, ChangeFact
from rootline.domain.plan import Action, ActionKind, Check
from rootline.remediation.case import Case
from rootline.remediation.catalog import CATALOG
from rootline.remediation.inside import bare
from rootline.remediation.names import TO_FILL_IN, is_object_name, short
from rootline.remediation.workload import workload_of

_SYMPTOMS: frozenset[Predicate] = frozenset({"rose", "fell", "contains", "equals", "absent"})
_STATES = ("get pods", "get deployments", "get events", "get nodes", "alerts", "node_service", "connectivity", "logs",
           "error_logs", "app/")  # fmt: skip
_MOVES: frozenset[Predicate] = frozenset({"rose", "fell"})
_MOST = 4
_MOST_ALERTS = 3
_LONGEST, _LONGEST_SHOWN = 2000, 200
_WINDOW = re.compile(r" \([^()]{1,80} UTC\)\Z")
"""The window at the end of a claim's sentence, which says when it held and not when to look again."""
_UNDOING: frozenset[ActionKind] = frozenset({"rollback_deployment", "revert_commit", "revert_config"})
_RUNNING: frozenset[ActionKind] = frozenset(
    {"rollback_deployment", "revert_config", "scale_service", "restart_service", "reschedule_pods", "extend_storage"}
)


def preflight(case: Case, actions: Sequence[Action]) -> tuple[Check, ...]:
    """List what must hold before the first step; with a claim where stored evidence can be read again."""
    changing = [one for one in actions if CATALOG[one.kind].changes]
    found = [*_still_there(case)]
    if changing:
        found += [Check(title=f"What is done is done to the cluster {case.cluster}")] if case.cluster else []
        found += [*_in_effect(case), *_way_back(case, changing), *_collateral(case, changing), *_place(case, changing)]
        found.append(Check(title=f"The error budget of {case.target.name} bears the interruption"))
    return tuple(found)


def verification(case: Case, actions: Sequence[Action]) -> tuple[Check, ...]:
    """Read the evidence that supported the hypothesis again: what spoke of the symptom must be gone."""
    symptoms = _symptoms(case)
    fired = _firing(case)
    gone = [Check(title=f"The alert {short(one.name)} of {short(one.subject)} no longer fires") for one in fired]
    gone += [
        Check(title=f"No longer so: {_quoted(one)} ({_labels(one)}, read again)", claim=one.claim, expected="gone")
        for one in symptoms
    ]
    if case.condition is not None:
        gone.append(Check(title=f"Diagnose again: {case.hypothesis.cause} is no longer found on {case.target.spelled}"))
    gone += [Check(title=f"{name}, which depends on it, is as before the onset") for name in _affected(case)]
    steady = Check(title=f"{case.target.name} stays well for at least as long as the fault lasted")
    return (*gone, steady) if actions else tuple(gone)


def _symptoms(case: Case) -> list[Checked]:
    """Verified support that tells of harm, movements first; a diff line stays true after a rollback."""
    diffs = {one.label for one in case.entities.changes}
    told = [one for one in case.hypothesis.support if one.is_fact and one.claim.predicate in _SYMPTOMS]
    harm = [one for one in told if not _is_of_change(one, case, diffs) and _is_state(one, case) and _may_end(one)]
    own = [one for one in harm if _is_own(one, case)] if case.condition is None else []
    return sorted(own or harm, key=lambda one: one.claim.predicate not in _MOVES)[:_MOST]


def _is_own(one: Checked, case: Case) -> bool:
    """Whether it tells of the target itself: what others show may have other reasons to stay."""
    about = bare(one.claim.subject, case.cluster)
    return any(about == name or about.startswith(f"{name} ") for name in (case.target.name, case.target.spelled))


def _is_state(one: Checked, case: Case) -> bool:
    """Whether it tells how things are, not how they are set up: a taint may stay when a pod tolerates it."""
    return (
        case.condition is None
        or one.claim.predicate != "contains"
        or bare(one.claim.subject, case.cluster).startswith(_STATES)
    )


def _may_end(one: Checked) -> bool:
    """Whether it tells of a state: how versions compare stays true when the worse one is gone."""
    return not any(getattr(selector, "pointer", "").endswith("/version_contrast") for selector in one.claim.selectors)


def _is_of_change(one: Checked, case: Case, labels: set[str]) -> bool:
    pointers = [getattr(selector, "pointer", "") for selector in one.claim.selectors]
    in_diff = any("/diff/" in pointer or pointer.endswith(("/message", "/label", "/author")) for pointer in pointers)
    return in_diff or (case.change is not None and one.claim.value in labels)


def _still_there(case: Case) -> Iterator[Check]:
    for one in _symptoms(case)[:2]:
        yield Check(title=f"Symptom still present: {_quoted(one)} ({_labels(one)})", claim=one.claim)
    if case.condition is not None and not case.condition.still_present:
        yield Check(title=f"The state read last no longer shows {case.hypothesis.cause}: a fix may not be needed")


def _in_effect(case: Case) -> Iterator[Check]:
    if case.change is None or case.change.change == "status":
        return
    stated = next((one for one in case.hypothesis.support if one.is_fact and one.claim.predicate == "changed"), None)
    yield Check(
        title=f"{short(case.change.label)} is still in effect on {case.target.name}",
        claim=stated.claim if stated else None,
    )


def _way_back(case: Case, actions: Sequence[Action]) -> Iterator[Check]:
    if not any(one.kind == "rollback_deployment" for one in actions):
        return
    if case.previous:
        yield Check(title=f"The previous version, {short(case.previous)}, can still be deployed")
    else:
        unknown = "Previous revision unknown" if case.is_kubernetes else "Which release ran before is unknown"
        history = "rollout history" if case.is_kubernetes else "history of deployments"
        yield Check(title=f"{unknown}: no evidence names it; read it from the {history}")


def _collateral(case: Case, actions: Sequence[Action]) -> Iterator[Check]:
    change, kinds = case.change, {one.kind for one in actions}
    if change is None or not kinds & _UNDOING:
        return
    later = [
        one
        for one in case.entities.changes
        if one.subject == change.subject and one.at and change.at and one.at > change.at and one.change != "status"
    ]
    if "rollback_deployment" in kinds and later:
        yield Check(title=f"Going back undoes what came later on {change.subject} as well: {_named(later)}")
    if "revert_commit" in kinds and (alike := [one for one in later if set(one.files) & set(change.files)]):
        yield Check(title=f"The revert may conflict with what changed the same files later: {_named(alike)}")
    if any(kind_of(name) == "migration" for name in change.files[:200]):
        yield Check(title="The change has migrations: the former release works with the new schema")


def _named(changes: Sequence[ChangeFact]) -> str:
    labels = list(dict.fromkeys(short(one.label) for one in changes))
    return ", ".join(labels[:_MOST]) + (f" and {len(labels) - _MOST} more" if len(labels) > _MOST else "")


def _place(case: Case, actions: Sequence[Action]) -> Iterator[Check]:
    yield Check(title="The environment is not in the evidence: take it for production until somebody names it")
    yield from _objects(case, actions) if case.is_kubernetes else _in_words(case, actions)


def _objects(case: Case, actions: Sequence[Action]) -> Iterator[Check]:
    """What has to be known of the objects that kubectl is given."""
    commands = [command for one in actions for command in one.commands]
    if any("${NAMESPACE" in command for command in commands):
        yield Check(title=f"The namespace of {case.target.name} is known: set NAMESPACE")
    workload = workload_of(case)
    if workload is not None and not workload.is_known and any(workload.ref in command for command in commands):
        yield Check(title=f"{case.target.name} is a Deployment of that name: no evidence shows its kind")
    if not is_object_name(case.target.name):
        yield Check(title="Find the object by hand: its name in the evidence is none that Kubernetes accepts")
    if any(one.kind == "fix_manifest" for one in actions):
        yield Check(title="The live object equals the manifest in its repository (kubectl diff prints nothing)")


def _in_words(case: Case, actions: Sequence[Action]) -> Iterator[Check]:
    """That nobody told what runs it, and what a person has to fill in."""
    if any(one.kind in _RUNNING for one in actions):
        yield Check(
            title=f"What deploys and runs {case.target.name} is in no evidence (no Kubernetes is connected or seen): "
            "those steps are in words"
        )
    if any(TO_FILL_IN in one.title for one in actions):
        yield Check(title=f"Each {TO_FILL_IN}…] is filled in: no evidence tells it")


def _firing(case: Case) -> Sequence[AlertFact]:
    found = {(one.name, one.subject): one for one in case.entities.firing(case.target)}
    return list(found.values())[:_MOST_ALERTS]


def _affected(case: Case) -> Sequence[str]:
    return [name[:100] for name in case.entities.victims(case.target)[:_MOST]]


def _labels(one: Checked) -> str:
    return ", ".join(dict.fromkeys(selector.evidence for selector in one.claim.selectors))


def _quoted(one: Checked) -> str:
    said = _WINDOW.sub("", one.sentence[:_LONGEST])
    flat = " ".join("".join(char if char.isprintable() else " " for char in said).split()).rstrip(".")
    return flat if len(flat) <= _LONGEST_SHOWN else f"{flat[: _LONGEST_SHOWN - 1].rstrip()}…"
