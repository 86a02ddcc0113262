"""What differs between two pod templates, as changes of settings with their old and new values."""

from collections.abc import Iterator

from rootline.redaction.keys import hold_of
from rootline.sources.kubernetes.raw import Raw, line
from rootline.sources.kubernetes.sealing import Seal

_DEEPEST = 12
_MOST = 400
_NAMED = ("name", "containerPort", "key", "mountPath")
_GENERATED = frozenset({"metadata.labels.pod-template-hash", "metadata.creationTimestamp"})
Difference = tuple[str, str, str]


def differences(before: Raw, after: Raw, seal: Seal) -> list[Difference]:
    """Paths with the value before and after, such as `containers[web].image`; empty where there was none.

    Values under names that hold secrets are hashes.
    """
    old, new = dict(flat(before)), dict(flat(after))
    paths = [path for path in dict.fromkeys((*old, *new)) if old.get(path, "") != new.get(path, "")]
    kept = [path for path in paths if path not in _GENERATED][:_MOST]
    return [(_short(path), _told(path, old.get(path, ""), seal), _told(path, new.get(path, ""), seal)) for path in kept]


def _short(path: str) -> str:
    return path.removeprefix("spec.").removesuffix(".value")


def _told(path: str, value: str, seal: Seal) -> str:
    return seal.mark(value) if value and is_secret(_short(path).rstrip("]").replace("[", ".")) else value


def is_secret(name: str) -> bool:
    """Whether the last part of a path names something that is not shown."""
    return hold_of(name.rpartition(".")[2]) != "never"


def flat(held: Raw) -> Iterator[tuple[str, str]]:
    """Every scalar with its path, such as `containers[web].image`."""
    return _flat(held, "", _DEEPEST)


def _flat(held: Raw, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(held.held, dict) and depth:
        for key, inner in held.fields():
            yield from _flat(inner, f"{path}.{key}" if path else key, depth - 1)
    elif isinstance(held.held, list) and depth:
        for place, item in enumerate(held.held[:_MOST]):
            yield from _flat(Raw(item), f"{path}[{_label(Raw(item), place)}]", depth - 1)
    elif line(held.held):
        yield path, line(held.held)


def _label(item: Raw, place: int) -> str:
    """How an item of a list is told from others: by its name, or else by its place."""
    return next((item.text(key) for key in _NAMED if item.text(key)), str(place))
