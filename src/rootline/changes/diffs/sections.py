"""Configuration of many services in one file: which lines are about which of them."""

import re
from collections.abc import Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.paths.kinds import kind_of
from rootline.changes.paths.ownership import is_same_service
from rootline.changes.symptom import Symptom

KEY = re.compile(r"^(\s*)(?:-\s+)?[\"']?([\w./-]{2,80})[\"']?\s*:\s*(?:#.*|&\w+\s*)?$")
MOST = 2_000


def about(net: Net, symptom: Symptom, known: frozenset[str]) -> Net:
    """The same without the lines that stand in the section of another known service which is well."""
    if not symptom.service or len(known) < 2:  # noqa: PLR2004 a service alone has no others
        return net
    hurt = (symptom.service, *symptom.services)
    others = [one for one in known if not any(is_same_service(one, ill, symptom.clusters) for ill in hurt)]
    return net.without(line for line, keys in _sectioned(net) if _names_one(keys, others))


def _names_one(keys: tuple[str, ...], services: list[str]) -> bool:
    return any(is_same_service(key, one) for key in keys for one in services)


def _sectioned(net: Net) -> Iterator[tuple[DiffLine, tuple[str, ...]]]:
    """Yield each changed line of a configuration file with the keys under which it stands."""
    file, open_keys = "", list[tuple[int, str]]()
    for line in net.whole.lines[:MOST]:
        if line.file != file:
            file, open_keys = line.file, []
        if kind_of(file) != "config" or not line.text.strip():
            continue
        indent = len(line.text) - len(line.text.lstrip())
        open_keys = [one for one in open_keys if one[0] < indent]
        if line.sign != " ":
            yield line, tuple(key for _, key in open_keys)
        if key := KEY.match(line.text[:200]):
            open_keys.append((indent, key[2]))
