"""Database settings that differ from those of all neighbours."""

import re
from collections import Counter
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import Variable

_SETTING = re.compile(
    r"(?:^|_)((?:MYSQL|MARIADB|POSTGRES|PG|DB|DATABASE|DATASOURCE|MONGO|REDIS)_?(?:ROOT_)?"
    r"(PORT|USER|USERNAME|PASSWORD|PASS))$",
    re.IGNORECASE,
)
_FEWEST = 3
"""So many applications have to share a setting before one that differs stands out."""


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Blame an application that is unwell and connects with another port or user than its neighbours."""
    for setting, held in _by_setting(snapshot).items():
        usual, votes = Counter(v.value for v in held.values()).most_common(1)[0]
        for app, variable in held.items():
            unwell = _unwell(snapshot, app)
            if votes >= _FEWEST - 1 and len(held) >= _FEWEST and variable.value != usual and unwell:
                yield _odd_one(app, setting, variable, unwell)


def _by_setting(snapshot: Snapshot) -> dict[str, dict[str, Variable]]:
    found: dict[str, dict[str, Variable]] = {}
    for workload in snapshot.workloads():
        for variable in workload.env:
            named = _SETTING.search(variable.name[:200])
            if named and variable.value:
                found.setdefault(named.group(1).upper(), {})[workload.app] = variable
    return found


def _unwell(snapshot: Snapshot, app: str) -> list[LineProof]:
    return snapshot.unwell(app) + [p.proof for p in snapshot.logs if p.app == app]


def _odd_one(app: str, setting: str, variable: Variable, unwell: list[LineProof]) -> Candidate:
    by_port = setting.endswith("PORT")
    return Candidate(
        object=f"app/{app}",
        cause="database_port_wrong" if by_port else "database_login_refused",
        score=0.85,
        mechanism=f"{app} connects to its database with another {'port' if by_port else 'login'} than its neighbours.",
        support=(variable.proof, *unwell[:2]),
    )
