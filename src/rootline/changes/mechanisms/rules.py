"""All rules that look at single lines."""

from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.rule import Rule
from rootline.changes.mechanisms.rules_doing import DOING
from rootline.changes.mechanisms.rules_of_data import DATA
from rootline.changes.mechanisms.rules_of_roads import ROADS
from rootline.changes.mechanisms.rules_of_rooms import ROOMS
from rootline.changes.mechanisms.rules_touching import TOUCHING

ACTS: tuple[Rule, ...] = (*DOING, *DATA, *ROADS, *ROOMS)


def rules(net: Net, rest: Net, families: frozenset[str]) -> list[Mechanism]:
    """The rules that hold, of those that could produce one of the families.

    What a diff does is looked for in all of `net`; what it merely touches only in the `rest`, the lines that no
    other mechanism has explained.
    """
    doing = [rule.judge(net) for rule in ACTS if not families.isdisjoint(rule.families)]
    touching = [rule.judge(rest) for rule in TOUCHING if not families.isdisjoint(rule.families)]
    return [found for found in (*doing, *touching) if found is not None]
