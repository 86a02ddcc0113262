"""What a rule hands over before all rules are compared."""

from dataclasses import dataclass

from rootline.analysis.cluster.proof import LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A possible root cause with its lines; see `ClusterFinding` for the meaning of each field."""

    object: str
    cause: str
    score: float
    mechanism: str
    support: tuple[LineProof, ...]
    against: tuple[LineProof, ...] = ()
    still_present: bool = True
