"""From a hypothesis to a plan: steps out of the catalogue, on names that the evidence knows. Nothing is run."""

from collections.abc import Mapping, Sequence

from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Hypothesis, Remediation
from rootline.domain.plan import Action, Plan
from rootline.remediation.case import Case, case_of
from rootline.remediation.checks import preflight, verification
from rootline.remediation.inside import addressed
from rootline.remediation.relieving import BY_REMEDY, BY_TYPE, observed
from rootline.remediation.repairing import repairs
from rootline.remediation.risk import assess


def plan_for(hypothesis: Hypothesis, evidence: Mapping[str, Evidence]) -> Plan:
    """Plan a fix of the hypothesis, as a draft.

    What is done follows from the cause where it is one of a cluster, else from the remediation, else from the
    type. Raises ToolFault, which says what is unknown, where the hypothesis names a subject or a change that
    no evidence names: nothing that a model or a log wrote can enter a command by itself.
    """
    case = case_of(hypothesis, evidence)
    remedy = _remedy(case)
    actions = addressed(_steps(case, remedy), case.cluster)
    risk = assess(case, actions)
    return Plan(
        hypothesis_rank=hypothesis.rank,
        subject=f"{case.cluster}/{case.target.spelled}" if case.cluster else case.target.spelled,
        remediation=remedy,
        actions=actions,
        preflight=preflight(case, actions),
        verification=verification(case, actions),
        risk=risk.risk,
        risk_score=risk.score,
        risk_reasons=risk.reasons,
    )


def _remedy(case: Case) -> Remediation:
    return case.hypothesis.remediation or BY_TYPE.get(case.hypothesis.type, "")


def _steps(case: Case, remedy: Remediation) -> Sequence[Action]:
    found = () if case.change is not None else repairs(case)
    if found:
        return found
    choose = BY_REMEDY.get(remedy)
    return choose(case) if choose else observed(case)
