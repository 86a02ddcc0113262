"""Holds a claim against the same evidence read again: what no longer holds is stale, not false."""

from collections.abc import Mapping

from rootline.claims.checker import Checker
from rootline.claims.pointer import Unresolved, index_of, pointer_to, tokens_of
from rootline.domain.claim import Checked, Claim, Selector, SeriesSelector
from rootline.domain.evidence import Evidence

_ANSWERED = frozenset({"ok", "no_data"})
_MOST_TRIED = 20


def recheck(claim: Claim, fresh: Mapping[str, Evidence]) -> Checked:
    """Check a claim against fresh evidence, which has the labels of the evidence it re-runs.

    Returns verified where it still holds, wherever its fact now stands; stale, with what is there now, where
    the source answers something else; not_found where the source did not answer in full.
    """
    checker = Checker(fresh)
    silent = [one.evidence for one in claim.selectors if not _is_answered(fresh.get(one.evidence))]
    now = checker.check(claim)
    if silent:
        return now.model_copy(update={"mark": "not_found", "reason": f"{silent[0]} could not be read again"})
    if now.is_fact or any(checker.check(moved).is_fact for moved in _elsewhere(claim, fresh)):
        return now.model_copy(update={"mark": "verified", "reason": ""})
    return now.model_copy(update={"mark": "stale", "reason": f"read again: {now.reason}"})


def _is_answered(evidence: Evidence | None) -> bool:
    return evidence is not None and evidence.reading.status in _ANSWERED


def _elsewhere(claim: Claim, fresh: Mapping[str, Evidence]) -> list[Claim]:
    """The claim with its selectors pointing at the facts about the same subjects, wherever they stand now."""
    choices = [_moved(one, _wanted(claim, number), fresh) for number, one in enumerate(claim.selectors)]
    longest = min(max((len(one) for one in choices), default=0), _MOST_TRIED)
    return [
        claim.model_copy(update={"selectors": tuple(one[min(nth, len(one) - 1)] for one in choices)})
        for nth in range(longest)
        if all(choices)
    ]


def _wanted(claim: Claim, number: int) -> object:
    return claim.value if number and claim.predicate == "precedes" else claim.subject


def _moved(selector: Selector, subject: object, fresh: Mapping[str, Evidence]) -> list[Selector]:
    """The selector at every fact about the subject in the fresh evidence, at most twenty."""
    if isinstance(selector, SeriesSelector) or not _points_into_facts(selector.pointer):
        return [selector]
    rest = tokens_of(selector.pointer)[2:]
    facts = enumerate(fresh[selector.evidence].reading.facts)
    places = [index for index, fact in facts if fact.subject == subject][:_MOST_TRIED]
    return [selector.model_copy(update={"pointer": pointer_to("facts", index, *rest)}) for index in places]


def _points_into_facts(pointer: str) -> bool:
    try:
        tokens = tokens_of(pointer)
    except Unresolved:
        return False
    return len(tokens) > 1 and tokens[0] == "facts" and index_of(tokens[1]) is not None
