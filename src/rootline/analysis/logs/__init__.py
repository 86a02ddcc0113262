"""Log lines in, counted templates out: masked, de-duplicated, then templated, then compared with before."""

from rootline.analysis.logs.findings import Exemplar, LogFinding
from rootline.analysis.logs.mining import Mined, mine
from rootline.analysis.logs.stream import summarise_json
from rootline.analysis.logs.summary import summarise

__all__ = ["Exemplar", "LogFinding", "Mined", "mine", "summarise", "summarise_json"]
