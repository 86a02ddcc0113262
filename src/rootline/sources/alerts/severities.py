"""The words that alerting systems use for how bad it is, as ours."""

from collections.abc import Mapping

from rootline.domain.signal import Severity

_WORDS: Mapping[Severity, str] = {
    "critical": "critical crit page paging emergency emerg fatal disaster p0 p1 sev0 sev1 1",
    "high": "high error err major p2 sev2 2",
    "medium": "medium warning warn moderate ticket average p3 sev3 3",
    "low": "low minor notice p4 sev4 4",
    "info": "info information informational none debug p5 sev5 5",
}
_OURS: Mapping[str, Severity] = {word: ours for ours, words in _WORDS.items() for word in words.split()}


def severity_of(labels: Mapping[str, str]) -> Severity:
    """Read the severity, priority or level of an alert; medium where it says nothing that is known."""
    told = next((labels[key] for key in ("severity", "priority", "level") if labels.get(key)), "")
    return _OURS.get(told.strip().lower()[:20], "medium")
