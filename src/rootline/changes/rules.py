"""All rules that look at single lines."""

from rootline.changes.mechanism import Mechanism
from rootline.changes.net import Net
from rootline.changes.rules_doing import DOING
from rootline.changes.rules_touching import TOUCHING


def rules(net: Net, families: frozenset[str]) -> list[Mechanism]:
    """The rules that hold, of those that could produce one of the families."""
    relevant = (rule for rule in (*DOING, *TOUCHING) if not families.isdisjoint(rule.families))
    return [found for rule in relevant if (found := rule.judge(net)) is not None]
