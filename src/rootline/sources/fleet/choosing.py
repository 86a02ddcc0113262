"""Which clusters a question goes to: by name, by label, or all."""

from collections.abc import Sequence

from rootline.errors import Misconfigured, NotFound
from rootline.sources.stack import Stack

ALL = "all"
LISTED = 20


def chosen(known: Sequence[Stack], names: Sequence[str], selectors: Sequence[str]) -> tuple[Stack, ...]:
    """Return the clusters that are named (`all` names each) and that carry every label, in the order of `known`.

    Args:
        known: Every cluster of the file and of the registry.
        names: Names; without any, all that carry the labels.
        selectors: Labels as `key=value`, region and environment among them.

    Raises:
        Misconfigured: Two clusters have one name, or a selector is no `key=value`.
        NotFound: A name is unknown, or nothing is left.

    """
    _refuse_twins(known)
    by_name = {one.cluster: one for one in known}
    unknown = [name for name in names if name != ALL and name not in by_name]
    if unknown:
        raise NotFound(f"There is no cluster {unknown[0][:80]!r}. Known: {_some(list(by_name))}.")
    labels = [_label(one) for one in selectors]
    named = {ALL} if not names else set(names)
    found = [one for name, one in by_name.items() if named & {ALL, name} and _carries(one, labels)]
    if not known:
        raise NotFound("No cluster is known; `rootline cluster add` makes one.")
    if not found:
        asked = ", ".join([*names, *selectors]) or ALL
        raise NotFound(f"No cluster fits {asked[:200]}. Known: {_some(list(by_name))}.")
    return tuple(found)


def _refuse_twins(known: Sequence[Stack]) -> None:
    names = [one.cluster for one in known]
    twin = next((name for name in names if names.count(name) > 1), "")
    if twin:
        raise Misconfigured(
            f"Two clusters are called {twin}: one in rootline.yaml, one registered. Rename one there, or "
            f"`rootline cluster remove {twin}`."
        )


def _label(selector: str) -> tuple[str, str]:
    key, equals, value = selector.partition("=")
    if not key or not equals:
        raise Misconfigured(f"{selector[:80]!r} is no label. Write --select key=value, such as --select region=eu.")
    return key, value


def _carries(one: Stack, labels: Sequence[tuple[str, str]]) -> bool:
    return all(one.labels.get(key) == value for key, value in labels)


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return (", ".join(names[:LISTED]) or "none; `rootline cluster add` makes one") + rest
