"""Objects as YAML that a person would have written: without what the API server adds."""

from typing import Any

import yaml

from rootline.sources.kubernetes.raw import Raw

_DEEPEST = 40
_MOST_MEMBERS = 2_000
_LONGEST_SCALAR = 20_000
_ADDED = frozenset({"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"})
_NOISE = ("kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/")


def stripped(object_: Raw) -> Raw:
    """An object without its status and without what the API server added."""
    held = object_.held if isinstance(object_.held, dict) else {}
    metadata = held.get("metadata")
    kept = {key: value for key, value in held.items() if key not in {"status", "metadata"}}
    if isinstance(metadata, dict):
        own = {key: value for key, value in metadata.items() if key not in _ADDED}
        notes = own.get("annotations")
        if isinstance(notes, dict):
            own["annotations"] = {key: value for key, value in notes.items() if not str(key).startswith(_NOISE)}
        kept["metadata"] = {key: value for key, value in own.items() if value not in ({}, [], None)}
    first = [key for key in ("apiVersion", "kind", "metadata") if key in kept]
    return Raw({key: kept[key] for key in (*first, *(key for key in kept if key not in first))})


def as_yaml(object_: Raw) -> str:
    """Write an object as one YAML document; what nests too deeply or is too long is cut."""
    return yaml.dump(
        _bounded(object_.held, _DEEPEST),
        Dumper=_DUMPER,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=100_000,
    )


_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _bounded(value: Any, depth: int) -> Any:
    """A copy in which no part occurs twice, so that the YAML has no aliases."""
    if isinstance(value, dict):
        pairs = list(value.items())[:_MOST_MEMBERS] if depth else []
        return {str(key): _bounded(inner, depth - 1) for key, inner in pairs}
    if isinstance(value, list):
        return [_bounded(inner, depth - 1) for inner in value[:_MOST_MEMBERS]] if depth else []
    return value[:_LONGEST_SCALAR].encode(errors="replace").decode() if isinstance(value, str) else value
