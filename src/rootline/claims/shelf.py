"""The stored evidence of one investigation, opened for reading; altered evidence stays shut."""

from collections.abc import Mapping

from pydantic import JsonValue

from rootline.claims.refusal import Missing
from rootline.domain.evidence import Evidence, JsonObject, is_intact


class Shelf:
    """Opens evidence by label, after its hash was recomputed once, and facts as the JSON that pointers walk."""

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self._evidence = evidence
        self._intact: dict[str, bool] = {}
        self._dumped: dict[tuple[str, int], JsonObject] = {}

    def open(self, label: str) -> Evidence:
        """Return the evidence, or raise Missing where there is none or it is not what was hashed."""
        found = self._evidence.get(label)
        if found is None or found.label != label:
            raise Missing(f"there is no {label}")
        if not self._is_intact(found):
            raise Missing(f"{label} is not what was stored: its hash differs")
        return found

    def fact(self, evidence: Evidence, index: int) -> JsonValue:
        """Return one fact of opened evidence as JSON."""
        key = (evidence.label, index)
        if key not in self._dumped:
            self._dumped[key] = evidence.reading.facts[index].model_dump(mode="json")
        return self._dumped[key]

    def opened(self) -> list[Evidence]:
        """Return all evidence that is intact and no note, in order of the mapping."""
        return [one for label, one in self._evidence.items() if one.label == label and self._counts(one)]

    def _counts(self, evidence: Evidence) -> bool:
        return not evidence.author and self._is_intact(evidence)

    def _is_intact(self, evidence: Evidence) -> bool:
        if evidence.label not in self._intact:
            self._intact[evidence.label] = is_intact(evidence)
        return self._intact[evidence.label]
