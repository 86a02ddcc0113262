"""Spans in, findings out: what got slower or failed, where it began, and what calls what."""

from rootline.analysis.traces.analysis import TraceFindings, analyse
from rootline.analysis.traces.edges import edges

__all__ = ["TraceFindings", "analyse", "edges"]
