"""What was asked, empty, failed or out of reach, as a report lists it."""

from rootline.agent.coverage import coverage as coverage_of
from rootline.domain.hypothesis import CoverageItem
from rootline.store.journal import Record
from rootline.tools.registry import BY_NAME


def coverage(record: Record) -> tuple[CoverageItem, ...]:
    """Return what the answer lists; while there is no answer, what can be told from what is stored."""
    if record.answer is not None and record.answer.coverage:
        return record.answer.coverage
    return coverage_of(record.messages, record.evidence, BY_NAME)


def gaps(record: Record) -> tuple[CoverageItem, ...]:
    """List what did not come back whole."""
    return tuple(one for one in coverage(record) if one.status != "ok")
