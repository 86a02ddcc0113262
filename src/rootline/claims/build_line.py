"""Claims that quote a line: of a cluster's text, a diff, a log, an alert or a runbook."""

from collections.abc import Iterable

from rootline.claims.cite import CannotCite, cited, fact_at, line_of, quotable, where_citable
from rootline.claims.place import says
from rootline.domain.claim import Claim
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, LineProof, TextFact

_LISTS = {"text": "lines", "change": "diff", "hunk": "text"}
_TEXTS = {"log": "exemplar", "alert": "summary", "runbook": "quote", "change": "message", "incident": "told"}


@where_citable
def contains_line(evidence: Evidence, index: int, line: int | None = None, quote: str = "") -> Claim:
    """Quote a fact's text, word for word.

    Args:
        evidence: The evidence that the fact stands in.
        index: The fact's place in it.
        line: The number from 0 of the line of a cluster's text or a diff; None looks for the quote.
        quote: What is quoted; by default the line's beginning, up to 300 characters.

    """
    fact = fact_at((evidence, index))
    for path, text in _texts(fact, line):
        words = quote or quotable(text)
        if words.strip() and says(text, words):
            return cited("contains", (evidence, index), words, line_of((evidence, index), *path, quote=words))
    raise CannotCite("it does not hold those words" if quote else "it has no such line")


def proof_line(proof: LineProof, evidence: Iterable[Evidence]) -> Claim | None:
    """Quote the line that a condition rests on, in the text where it was read; None where it was not."""
    for one in evidence:
        for index, fact in enumerate(one.reading.facts):
            if isinstance(fact, TextFact) and fact.asked == proof.asked:
                return contains_line(one, index, proof.line, quotable(proof.quote))
    return None


def _texts(fact: AnyFact, line: int | None) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """Yield the lines that may be quoted, with the path that leads from the fact to each."""
    name = _LISTS.get(fact.kind)
    lines: list[str] = getattr(fact, name) if name else []
    for number, text in enumerate(lines):
        if name and line in {None, number}:
            yield (name, number), text
    field = _TEXTS.get(fact.kind)
    if field and (line is None or not name):
        yield (field,), str(getattr(fact, field))
