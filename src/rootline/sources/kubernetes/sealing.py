"""Values that must not be read on are replaced by short keyed hashes: equal values stay equal, none can be guessed."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rootline.sources.kubernetes.raw import Raw

_DATA = ("data", "stringData", "binaryData")
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_MARK_DIGITS = 8


@dataclass(frozen=True)
class Seal:
    """Hashes with one key; hashes of different keys cannot be compared."""

    key: bytes = field(repr=False)

    def mark(self, value: str) -> str:
        """The short hash of a value, and how long the value is."""
        digest = hmac.digest(self.key, value.encode(errors="surrogatepass"), "sha256").hex()[:_MARK_DIGITS]
        return f"hash:{digest} ({len(value)} characters)"

    def secret(self, object_: Raw) -> Raw:
        """A Secret without its values; annotations that may repeat them are left out as well."""
        held = object_.held if isinstance(object_.held, dict) else {}
        marks = {name: self._marks(Raw(held[name])) for name in _DATA if name in held}
        return Raw({**held, **marks, "metadata": _unapplied(held.get("metadata"))})

    def hidden(self, object_: Raw) -> list[tuple[str, str]]:
        """The keys of a ConfigMap or a Secret with the hashes of their values."""
        pairs = (pair for name in _DATA for pair in self._marks(object_.at(name)).items())
        return sorted(pairs)

    def _marks(self, data: Raw) -> dict[str, str]:
        held = data.held if isinstance(data.held, dict) else {}
        return {str(key): self._once(value) for key, value in _bounded(held.items())}

    def _once(self, value: Any) -> str:
        text = value if isinstance(value, str) else str(value)[:1_000]
        return text if text.startswith("hash:") else self.mark(text)


def _bounded(pairs: Iterable[tuple[Any, Any]], most: int = 2_000) -> Iterable[tuple[Any, Any]]:
    return (pair for _, pair in zip(range(most), pairs, strict=False))


def _unapplied(metadata: Any) -> Any:
    """Metadata without the annotations of a Secret, any of which may repeat its values."""
    if not isinstance(metadata, dict):
        return metadata
    kept = {key: value for key, value in metadata.items() if key != "annotations"}
    annotations = metadata.get("annotations")
    names = [key for key in annotations if key != _APPLIED] if isinstance(annotations, dict) else []
    return {**kept, "annotations": dict.fromkeys(names, "")} if names else kept
