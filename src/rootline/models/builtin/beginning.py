"""In which service the trouble seems to begin, as far as that is told by everything but the changes."""

from collections.abc import Mapping
from math import log

from rootline.analysis.joining.combining import shares
from rootline.analysis.topology import blast_radius, downstream
from rootline.domain.fact import ScoreComponent
from rootline.models.builtin.agreeing import harms, is_shown
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.from_services import weighed_services
from rootline.models.builtin.passing_on import may_have_handed
from rootline.models.builtin.seen import Seen

# Source: own choices, in logits: a change counts less where the trouble is only felt than where it begins, but a good
# mechanism outweighs that, since a caller can hurt whom it calls. What the service depends on can hurt it unseen.
# Whoever handed on what is failed over looks well, and so does whoever answered before.
WEIGHT, MOST, BELOW, HANDED = 1.0, 3.0, 0.4, 0.2
_SEVERAL = 3


def origins(seen: Seen) -> Mapping[str, float]:
    """Return for each service of the call graph how likely the trouble begins there, beside the likeliest one (0 to 1).

    Nothing where fewer than three services are known, or nothing of them moved: then there is nothing to compare.
    """
    names = seen.graph.services
    if len(names) < _SEVERAL or not (seen.suspects or seen.roots or seen.delays.slower):
        return {}
    found = weighed_services(seen, names)
    portions = shares([one.score for one in found])
    most = max(portions)
    return {one.subject: portion / most for one, portion in zip(found, portions, strict=True)}


def begins_there(one: Candidate, known: Mapping[str, float], seen: Seen) -> list[ScoreComponent]:
    """Hold it against a change that the trouble begins elsewhere than in the service that it was made to."""
    name = seen.service(one.subject)
    share = known.get(name, 0.0)
    if not one.change or not 0 < share < 1 or is_shown(one):
        return []
    first = max(known, key=lambda name: known[name])
    reason = f"by numbers, traces and logs the trouble begins in {first} sooner than in {name}"
    near = name in downstream(seen.graph, first) or (name in blast_radius(seen.graph, first) and harms(one))
    weight = HANDED if may_have_handed(seen, name, first) else WEIGHT * (BELOW if near else 1.0)
    return [part("where it begins", weight * max(-MOST, log(share)), reason)]
