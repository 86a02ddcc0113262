"""Flag definitions in flagd's format, and what differs between two of them.

Source: flagd.dev, "Flag Definitions", and its schema `flags.json`: flags are a map by key, or a list of flags with keys
that are unique within a flag set.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue, TypeAdapter

from rootline.redaction.keys import hold_of
from rootline.sources.flags.words import Words
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.parsing import parse
from rootline.yaml_text import NoYaml, read_yaml

MOST_BYTES = 1 * 2**20
MOST_YAML_BYTES = 256 * 2**10
MOST_FLAGS = 2_000
_MOST_VALUES = 50_000
_LONGEST = 300
DISABLED = "disabled"
"""What a flag is told to be that is switched off as a whole."""
_NAMES = ("service", "app", "component", "owner")


@dataclass(frozen=True, kw_only=True)
class Flag:
    """What a flag is set to: the variant that is served by default, its value, and a short hash of its targeting."""

    variant: str
    value: str = ""
    targeting: str = ""
    service: str = ""

    def told(self, other: "Flag | None") -> str:
        """The setting in words, as far as it is needed to tell it from another."""
        same_variant = other is not None and other.variant == self.variant
        value = f" = {self.value}" if same_variant and other is not None and other.value != self.value else ""
        differs = other is not None and other.targeting != self.targeting
        rule = f", targeting {self.targeting or 'none'}" if differs else ""
        return f"{self.variant}{value}{rule}"[:_LONGEST]


Flags = Mapping[str, Flag]
FLAGS = TypeAdapter(dict[str, Flag])
Difference = tuple[str, str, str, str]
"""Flag, service, before, after; before is empty for a new flag and after for one that is gone."""


class NoFlags(ValueError):
    """A text holds no flag definitions; says in words what is wrong with it."""


def differences(before: Flags, after: Flags) -> list[Difference]:
    """What was switched, added or removed, in the order of names."""
    found = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new and (old is None or new is None or old.told(new) != new.told(old)):
            service = (new or old or Flag(variant="")).service
            found.append((name, service, old.told(new) if old else "", new.told(old) if new else ""))
    return found


def read_definitions(body: bytes, *, is_yaml: bool) -> dict[str, Flag]:
    """Read a file of definitions; raise NoFlags that says what is wrong."""
    if len(body) > (MOST_YAML_BYTES if is_yaml else MOST_BYTES):
        raise NoFlags(f"it is larger than {(MOST_YAML_BYTES if is_yaml else MOST_BYTES):,} bytes")
    held = Raw(_yaml(body) if is_yaml else _json(body))
    if not isinstance(held.at("flags").held, dict | list):
        raise NoFlags("it has no `flags`")
    return dict(_flags(held, service_in(held.at("metadata"))))


def _json(body: bytes) -> Any:
    try:
        return parse(bytearray(body))
    except ValueError as bad:
        raise NoFlags("it is no JSON that can be read") from bad


def _yaml(body: bytes) -> Any:
    """Parse YAML whose values, aliases written out, are not too many."""
    try:
        found = read_yaml(body, Words)
    except NoYaml as bad:
        raise NoFlags("it is no YAML that can be read") from bad
    waiting, count = [found], 0
    while waiting:
        one, count = waiting.pop(), count + 1
        waiting.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        if count > _MOST_VALUES:
            raise NoFlags(f"it holds more than {_MOST_VALUES:,} values")
    return found


def _flags(held: Raw, usual: str) -> Iterator[tuple[str, Flag]]:
    for _, (name, one) in zip(range(MOST_FLAGS), _named(held), strict=False):
        variant = one.text("defaultVariant") or "no default"
        is_on = one.text("state").upper() != "DISABLED"
        yield (
            name,
            Flag(
                variant=variant if is_on else DISABLED,
                value=shown(name, one.at("variants", variant).held),
                targeting=_mark(_rules(one, held.at("$evaluators"))),
                service=service_in(one.at("metadata")) or usual,
            ),
        )


def _named(held: Raw) -> Iterator[tuple[str, Raw]]:
    """Yield each flag by its key; one whose key is in several sets of a list also by its set."""
    listed = held.each("flags")
    if isinstance(held.at("flags").held, dict):
        yield from ((name, one) for name, one in held.fields("flags") if name and isinstance(one.held, dict))
        return
    keys = Counter(one.text("key") for one in listed)
    if held.at("flags").held and not any(keys):
        raise NoFlags("its list `flags` has no flag with a `key`")
    for one in listed:
        key, own = one.text("key"), one.text("metadata", "flagSetId") or held.text("metadata", "flagSetId")
        if key:
            yield f"{own}/{key}" if keys[key] > 1 and own else key, one


def _rules(one: Raw, evaluators: Raw) -> JsonValue:
    """What decides besides the default: the targeting, the variants it may serve, and the shared rules it refers to."""
    targeting = one.at("targeting").held
    if not targeting:
        return None
    return [targeting, one.at("variants").held, evaluators.held if '"$ref"' in _written(targeting) else None]


def service_in(metadata: Raw) -> str:
    """The service that a flag's metadata name, or those of its set; empty where they name none."""
    told = (metadata.text(name) for name in _NAMES)
    return next((name for name in told if name), "")[:_LONGEST]


def shown(name: str, value: JsonValue) -> str:
    """A value as JSON; where the flag's name says that it is a secret, its hash."""
    text = "" if value is None else value if isinstance(value, str) else _written(value)
    return _mark(text) if text and hold_of(name) != "never" else text[:_LONGEST]


def _mark(value: JsonValue) -> str:
    return hashlib.sha256(_written(value).encode(errors="surrogatepass")).hexdigest()[:8] if value else ""


def _written(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
