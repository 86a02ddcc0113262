"""All root-cause suites as one, for what only many answers can tell: whether a confidence means what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rootline.evals.investigated import Investigated
from rootline.evals.measures import mean_of
from rootline.evals.suite import Case, Measure, Prediction, Solver, Verdict


@dataclass
class RootCauses:
    """The suite `root_cause`: every member whose folder lies below DIR under the member's name."""

    members: Sequence[Investigated]
    name: str = "root_cause"
    line: type[Prediction] = Prediction
    calibrated: bool = True
    _known: dict[str, tuple[Investigated, Case]] = field(default_factory=dict)

    def cases(self, data: Path) -> Sequence[Case]:
        """Return the cases of all members, with the member's name before theirs."""
        for member in self.members:
            folder = data / member.name
            for case in member.cases(folder) if folder.is_dir() else ():
                self._known[f"{member.name}/{case.name}"] = (member, case)
        return [replace(case, name=name) for name, (_, case) in self._known.items()]

    async def predict(self, case: Case, *, alias: str, solve: Solver, rename: int | None) -> Prediction:
        """Let the member answer."""
        member, inner = self._known[case.name]
        told = await member.predict(inner, alias=alias, solve=solve, rename=rename)
        return told.model_copy(update={"case": case.name})

    def judge(self, prediction: Prediction, case: Case) -> Verdict | None:
        """Let the member judge; its name is the kind."""
        member, inner = self._known[case.name]
        found = member.judge(prediction, inner)
        if found is None:
            return None
        return replace(found, case=case.name, kind=member.name, system="", numbers={"right": float(found.right)})

    def measures(self, verdicts: Sequence[Verdict]) -> Mapping[str, Measure]:  # noqa: ARG002 it is always this
        """Return how many first answers were right, silence in quiet times among them."""
        return {"right": mean_of("right")}

    def baselines(self, data: Path, cases: Sequence[Case]) -> Mapping[str, Mapping[str, float]]:  # noqa: ARG002 each member has its own
        """Return nothing: each member has its own."""
        return {}
