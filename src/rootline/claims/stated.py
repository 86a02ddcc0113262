"""Turns what a model stated into claims that can be checked."""

from collections.abc import Callable, Mapping

from rootline.claims import build
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Selector
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import DraftAnswer, DraftHypothesis
from rootline.domain.stated import StatedAnswer, StatedClaim, StatedHypothesis
from rootline.domain.window import Window

Builder = Callable[[StatedClaim, Evidence, Mapping[str, Evidence]], Claim | None]


def resolve(stated: StatedClaim, evidence: Mapping[str, Evidence], window: Window) -> Claim:
    """Make the full claim; one that cites what is not there becomes a claim that the checker will not find."""
    found = evidence.get(stated.evidence)
    claim = _BUILDERS[stated.predicate](stated, found, evidence) if found is not None else None
    if claim is None:
        return _unfounded(stated, window)
    given = {"subject": stated.subject} if stated.subject else {}
    if stated.value is not None:
        return claim.model_copy(update={**given, "value": stated.value})
    return claim.model_copy(update=given)


def draft(answer: StatedAnswer, evidence: Mapping[str, Evidence], window: Window) -> DraftAnswer:
    """Complete every claim of an answer."""
    return DraftAnswer(
        hypotheses=tuple(_hypothesis(one, evidence, window) for one in answer.hypotheses),
        claims=tuple(resolve(one, evidence, window) for one in answer.claims),
        none_probability=answer.none_probability,
        none_reasons=answer.none_reasons,
        first_failing_service=answer.first_failing_service,
        blast_radius=answer.blast_radius,
    )


def _hypothesis(stated: StatedHypothesis, evidence: Mapping[str, Evidence], window: Window) -> DraftHypothesis:
    fields = {name: getattr(stated, name) for name in StatedHypothesis.model_fields}
    claims = {side: tuple(resolve(one, evidence, window) for one in fields[side]) for side in ("support", "against")}
    return DraftHypothesis(**{**fields, **claims})


def _of_fact(constructor: Callable[[Evidence, int], Claim | None]) -> Builder:
    return lambda stated, found, _: constructor(found, stated.fact)


def _contains(stated: StatedClaim, found: Evidence, _: Mapping[str, Evidence]) -> Claim | None:
    quote = stated.value if isinstance(stated.value, str) else ""
    return build.contains_line(found, stated.fact, stated.line or 0, quote)


def _equals(stated: StatedClaim, found: Evidence, _: Mapping[str, Evidence]) -> Claim | None:
    return build.equals(found, stated.fact, stated.field or "current")


def _depends_on(stated: StatedClaim, found: Evidence, _: Mapping[str, Evidence]) -> Claim | None:
    return build.depends_on(found, stated.fact, stated.value if isinstance(stated.value, str) else "")


def _precedes(stated: StatedClaim, found: Evidence, evidence: Mapping[str, Evidence]) -> Claim | None:
    later = evidence.get(stated.other.evidence) if stated.other else None
    if stated.other is None or later is None:
        return None
    return build.precedes((found, stated.fact), (later, stated.other.fact))


def _unfounded(stated: StatedClaim, window: Window) -> Claim:
    pointer = f"/facts/{stated.fact}"
    value = stated.value if isinstance(stated.value, str) and stated.value else "?"
    selector: Selector = (
        LineSelector(evidence=stated.evidence, pointer=pointer, quote=value)
        if stated.predicate == "contains"
        else PointerSelector(evidence=stated.evidence, pointer=pointer, expected=None)
    )
    return Claim(
        subject=stated.subject or f"{stated.evidence} fact {stated.fact}",
        predicate=stated.predicate,
        value=stated.value,
        window=window,
        selectors=(selector,),
    )


_BUILDERS: Mapping[Predicate, Builder] = {
    "rose": _of_fact(build.rose),
    "fell": _of_fact(build.fell),
    "absent": _of_fact(build.absent),
    "started": _of_fact(build.started),
    "ended": _of_fact(build.ended),
    "changed": _of_fact(build.changed),
    "is_healthy": _of_fact(build.is_healthy),
    "depends_on": _depends_on,
    "contains": _contains,
    "equals": _equals,
    "precedes": _precedes,
}
