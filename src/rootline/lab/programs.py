"""Finds Prometheus and Alertmanager, or says how to get them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rootline.errors import Misconfigured

_HOW = (
    "On Debian and Ubuntu: apt-get install --no-install-recommends prometheus prometheus-alertmanager. Elsewhere, "
    "unpack the releases of the Prometheus project and set ROOTLINE_LAB_PROMETHEUS and ROOTLINE_LAB_ALERTMANAGER to "
    "the two programs. No root is needed to run them."
)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The servers that a laboratory starts, and git."""

    prometheus: str
    alertmanager: str
    git: str


def find_programs(environment: Mapping[str, str]) -> Programs:
    """Find what is needed; raise Misconfigured that names everything missing and how to get it."""
    path = environment.get("PATH")
    found = {
        "prometheus": _find(environment.get("ROOTLINE_LAB_PROMETHEUS", ""), ("prometheus",), path),
        "alertmanager": _find(
            environment.get("ROOTLINE_LAB_ALERTMANAGER", ""), ("prometheus-alertmanager", "alertmanager"), path
        ),
        "git": _find("", ("git",), path),
    }
    missing = [name for name, program in found.items() if not program]
    if missing:
        raise Misconfigured(f"The laboratory needs {' and '.join(missing)}, which cannot be found. {_HOW}")
    return Programs(**found)


def _find(told: str, names: tuple[str, ...], path: str | None) -> str:
    if told and not Path(told).is_file():
        raise Misconfigured(f"{told} is no file; the laboratory was told to run it. {_HOW}")
    return told or next((found for name in names if (found := shutil.which(name, path=path))), "")
