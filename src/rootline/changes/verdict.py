"""What a ranking of changes says: who, how sure, and which lines speak for and against."""

from dataclasses import dataclass
from datetime import datetime

from rootline.domain.change import ChangeKind
from rootline.domain.hypothesis import Remediation


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """A line of a stored diff, word for word: `line` counts from 1 in the stored text, not in the file."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Component:
    """One reason for or against: `contribution` in logits, negative when it speaks against."""

    name: str
    contribution: float
    reason: str
    lines: tuple[QuotedLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RankedChange:
    """One candidate. `label` is a commit's sha, a flag or a config key; `took_effect_at` None when unknown.

    `score` is the sum of the components; `probability` (0 to 1) shares what `none_confidence` leaves over.
    `families` are the families of symptom that a mechanism of this change can produce and that were seen.
    """

    label: str
    kind: ChangeKind
    service: str
    took_effect_at: datetime | None
    score: float
    probability: float
    components: tuple[Component, ...]
    remedy: Remediation
    families: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoneReason:
    """One reason why no change may explain the symptom; `weight` in logits.

    `families` are the families of symptom that it would explain, and that a change could explain instead.
    """

    name: str
    weight: float
    reason: str
    families: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangeRanking:
    """Candidates, most likely first, and how likely it is that none of them is the cause (0 to 1)."""

    ranked: tuple[RankedChange, ...]
    none_confidence: float
    none_reasons: tuple[NoneReason, ...]
    remedy: Remediation
