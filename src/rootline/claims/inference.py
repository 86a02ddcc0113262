"""From a draft to an answer: only what was verified counts, and what is concluded is marked as an inference."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rootline.claims.causal import is_proven, names, speaks_of
from rootline.claims.checker import Checker
from rootline.claims.confidence import calibrate, lowered
from rootline.claims.independence import measured, of_this_incident, rests_on_words_alone
from rootline.claims.outcome import outcome_of
from rootline.claims.prose import Vocabulary, marked, vocabulary
from rootline.claims.statement import statement
from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence, clusters_of
from rootline.domain.hypothesis import Answer, DraftAnswer, DraftHypothesis, Hypothesis

# Source: own choice. Of several explanations over an order in time and a mechanism, only one can be likelier than not.
LEAST_TO_SAY_CAUSED = 0.5


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A drafted hypothesis with its claims checked."""

    draft: DraftHypothesis
    support: tuple[Checked, ...]
    against: tuple[Checked, ...]
    clusters: frozenset[str]

    def stands(self, evidence: Mapping[str, Evidence]) -> bool:
        """Whether at least one verified claim for it speaks of what it blames, and not of the past alone."""
        own = of_this_incident(self.support, evidence)
        return speaks_of(own, self.draft.subject, self.draft.change, self.clusters)


def verify(draft: DraftAnswer, evidence: Mapping[str, Evidence]) -> Answer:
    """Check every claim of a draft and keep what stands; the caller adds coverage and who wrote it.

    Hypotheses without a verified claim that speaks of what they blame are dropped, the others ranked anew from 1 by
    their confidence; every claim that failed is kept in `failed`. Free text that says what no evidence does is marked,
    and services that no evidence names are left out.
    """
    checker = Checker(evidence)
    clusters = clusters_of(evidence.values())
    judged = [_judge(one, checker, clusters) for one in draft.hypotheses]
    alone = tuple(checker.check(one) for one in draft.claims)
    checked = [*(claim for one in judged for claim in (*one.support, *one.against)), *alone]
    known = _vocabulary(draft, evidence)
    hypotheses = _ranked([_hypothesis(one, evidence, known) for one in judged if one.stands(evidence)])
    claims = tuple(one for one in alone if one.is_fact)
    verified = any(one.is_fact for one in checked)
    return Answer(
        outcome=outcome_of(draft, hypotheses, verified=verified, answered=bool(claims)),
        hypotheses=hypotheses,
        claims=claims,
        failed=_once(one for one in checked if not one.is_fact),
        none_confidence=calibrate(draft.none_probability).value,
        none_reasons=tuple(marked(one, known) for one in draft.none_reasons),
        first_failing_service=draft.first_failing_service if known.has_name(draft.first_failing_service) else "",
        blast_radius=tuple(one for one in draft.blast_radius if known.has_name(one)),
    )


def _vocabulary(draft: DraftAnswer, evidence: Mapping[str, Evidence]) -> Vocabulary:
    """Gather what the evidence says, where the draft holds words that have to be found in it."""
    words = (draft.none_reasons, draft.first_failing_service, draft.blast_radius)
    is_needed = any(words) or any(one.why_not for one in draft.hypotheses)
    return vocabulary(evidence.values() if is_needed else ())


def _judge(draft: DraftHypothesis, checker: Checker, clusters: frozenset[str]) -> _Judged:
    return _Judged(
        draft=draft,
        support=_once(checker.check(one) for one in draft.support),
        against=_once(checker.check(one) for one in draft.against),
        clusters=clusters,
    )


def _hypothesis(one: _Judged, evidence: Mapping[str, Evidence], known: Vocabulary) -> Hypothesis:
    """Make what is stored; its rank is given later."""
    draft, support = one.draft, tuple(claim for claim in one.support if claim.is_fact)
    sound, where = measured(support, evidence), one.clusters
    proven = draft.type != "none" and is_proven(sound, where) and names(sound, draft.subject, draft.change, where)
    lowering = lowered(
        draft.probability,
        verified=len(support),
        failed=len(one.support) - len(support),
        is_proven=proven or draft.type == "none",
        on_words_alone=rests_on_words_alone(support, evidence),
    )
    value = draft.probability + sum(part.contribution for part in lowering)
    confidence = calibrate(value, (*draft.components, *lowering))
    is_cause = proven and confidence.value >= LEAST_TO_SAY_CAUSED
    return Hypothesis(
        rank=1,
        type=draft.type,
        subject=draft.subject,
        cause=draft.cause,
        change=draft.change,
        statement=statement(draft, proven=is_cause, verified=[one.claim for one in support]),
        is_proven=is_cause,
        remediation=draft.remediation,
        confidence=confidence,
        support=support,
        against=tuple(claim for claim in one.against if claim.is_fact),
        why_not=marked(draft.why_not, known),
    )


def _ranked(hypotheses: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Rank by confidence from 1; of equals, the one drafted first."""
    ordered = sorted(hypotheses, key=lambda one: -one.confidence.value)
    return tuple(one.model_copy(update={"rank": rank}) for rank, one in enumerate(ordered, start=1))


def _once(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    """Each claim once, in order."""
    return tuple({one.claim: one for one in checked}.values())
