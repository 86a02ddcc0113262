"""Addresses in the environment of an application."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.text import whole
from rootline.analysis.cluster.workload import Variable, Workload

_ADDRESS = re.compile(
    r"^(?:jdbc:)?(?:[a-z][a-z0-9+]{1,15}://)?(?:[^@/\s]{1,80}@)?([a-z][a-z0-9-]{0,62})((?:\.[a-z0-9-]{1,63}){0,6})"
    r"(?::(\d{2,5}))?(?:/\S{0,300})?$"
)
_HOST_NAME = re.compile(r"(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$", re.IGNORECASE)
_MOST = 5
_PORT_NAME = re.compile(r"PORT$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Whom an application calls: port 0 when none is given, `domain` what follows the host's name."""

    app: str
    variable: str
    host: str
    domain: str
    port: int
    proof: LineProof
    port_proof: LineProof


def addresses(workload: Workload) -> list[Address]:
    """The addresses in a workload's environment: `host:port`, URLs, and hosts whose port stands beside them."""
    ports = {v.name: v for v in workload.env if _PORT_NAME.search(v.name) and v.value.isdecimal()}
    return [a for v in workload.env for a in _read(workload.app, v, ports)]


def _read(app: str, variable: Variable, ports: dict[str, Variable]) -> Iterator[Address]:
    beside = ports.get(_HOST_NAME.sub("PORT", variable.name)) if _HOST_NAME.search(variable.name) else None
    for part in variable.value[:1000].split(",")[:_MOST]:
        found = _ADDRESS.match(part.strip()[:400])
        if found is None or (found.group(3) is None and not _HOST_NAME.search(variable.name)):
            continue
        host, domain, port = found.groups()
        yield Address(
            app=app,
            variable=variable.name,
            host=host,
            domain=domain.lstrip("."),
            port=whole(port or (beside.value if beside else "")),
            proof=variable.proof,
            port_proof=variable.proof if port or beside is None else beside.proof,
        )
