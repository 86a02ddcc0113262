"""What a plan is made for: a hypothesis whose names have all been found in the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

from rootline.domain.evidence import Evidence
from rootline.domain.fact import ChangeFact, ConditionFact
from rootline.domain.hypothesis import Hypothesis
from rootline.remediation.delivery import is_for_kubernetes
from rootline.remediation.entities import Entities, Target, entities_of
from rootline.remediation.inside import bare, cluster_of, inside
from rootline.remediation.platform import is_kubernetes


@dataclass(frozen=True, kw_only=True)
class Case:
    """A hypothesis with the object it blames, the change it blames and the fault found in the cluster, if any.

    `cluster` is the one of several in which all of that is, under its names there; empty where there is but one.
    `is_kubernetes` says whether anything tells that it runs on Kubernetes: only then may a step be one of kubectl.
    """

    hypothesis: Hypothesis
    cluster: str = ""
    is_kubernetes: bool
    target: Target
    entities: Entities
    change: ChangeFact | None = None
    condition: ConditionFact | None = None

    @property
    def previous(self) -> str:
        """What ran before the blamed change, where the evidence says so; else empty."""
        return self.change.before if self.change and self.change.change in {"deployment", "commit"} else ""

    def proven(self, kind: str) -> str:
        """The bare name of the one object of a kind that proves the fault; empty where there is none or several."""
        proofs = self.condition.support if self.condition else []
        names = {proof.subject.partition("/")[2] for proof in proofs if proof.subject.startswith(f"{kind}/")}
        return names.pop() if len(names) == 1 else ""


def case_of(hypothesis: Hypothesis, evidence: Mapping[str, Evidence]) -> Case:
    """Find everything that the hypothesis names; ToolFault where the evidence does not know it."""
    cluster = cluster_of(hypothesis.subject, evidence)
    known = inside(cluster, evidence)
    entities = entities_of(known)
    target = entities.target(bare(hypothesis.subject, cluster))
    change = entities.change(hypothesis.change) if hypothesis.change else None
    return Case(
        hypothesis=hypothesis,
        cluster=cluster,
        is_kubernetes=is_kubernetes(known, cluster) or (change is not None and is_for_kubernetes(change.files)),
        target=target,
        entities=entities,
        change=change,
        condition=entities.condition(target, hypothesis.cause),
    )
