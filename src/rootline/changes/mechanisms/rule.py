"""A mechanism that shows on single lines: what has to come or to go, and what may follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, Side, lowered
from rootline.changes.mechanisms.mechanism import Mechanism

# A diff that only concerns a subject speaks less than one that does something known to break it.
TOUCHED = 0.6


@dataclass(frozen=True)
class Rule:
    """`came` or `went` has to occur more often on its side than on the other.

    `needs` must come along, `instead_of` must go and `unless` must not come; `either` asks for the words alone, however
    often.
    """

    name: str
    reason: str
    families: Mapping[str, float]
    came: re.Pattern[str] | None = None
    went: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    instead_of: re.Pattern[str] | None = None
    either: bool = False

    def judge(self, net: Net) -> Mechanism | None:
        """The mechanism with its lines, or None."""
        lines = self._more(self.came, net.added, net.removed) or self._more(self.went, net.removed, net.added)
        if not lines or not self._needed(net) or self._spared(net):
            return None
        return Mechanism(self.name, self.families, self.reason, lines)

    def _more(self, pattern: re.Pattern[str] | None, here: Side, there: Side) -> tuple[DiffLine, ...]:
        if pattern is None:
            return ()
        lines = here.find(pattern)
        enough = self.either or not lines or here.count(pattern) > there.count(pattern)
        return lines if enough else ()

    def _needed(self, net: Net) -> bool:
        came = self.needs is None or bool(self.needs.search(net.added.text))
        return came and (self.instead_of is None or bool(self.instead_of.search(net.removed.text)))

    def _spared(self, net: Net) -> bool:
        if self.unless is None:
            return False
        return bool(self.unless.search(net.added.text) or self.unless.search(net.around))


def touches(name: str, words: str, families: Mapping[str, float]) -> Rule:
    """A rule that holds when the words stand on any changed line."""
    weaker = {family: TOUCHED * weight for family, weight in families.items()}
    return Rule(
        f"change to {name}", f"the diff changes {name}", weaker, came=lowered(words), went=lowered(words), either=True
    )
