"""Every service, pod, node, namespace, host and person under another name, consistently and before anything is read.

A score that moves under renaming has read names instead of evidence.
"""

import csv
import io
import json
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pydantic import JsonValue

from rootline.evals.suite import Prediction, Ranked

LEAST_STEM = 3
_JSON, _LINES, _TEXT = {".json"}, {".ndjson", ".jsonl"}, {".csv", ".yaml", ".yml", ".md", ".txt"}
_TRUTH_FILES = ("truth.json", "answer.yml")
_TRUTH_KEYS = frozenset({"result", "process"})
_NAMING = frozenset(
    ("service", "service_name", "name", "pod", "pod_name", "node", "node_name", "namespace", "host", "hostname")
) | {"author", "actor", "app", "caller", "callee"}
_OWNERS = frozenset(("service", "service_name", "serviceName"))
_POD = re.compile(r"(?m)^([a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*)-[a-f0-9]{6,10}-[a-z0-9]{5}\b")
_HASHES = re.compile(r"-[a-f0-9]{6,10}(-[a-z0-9]{5})?\Z")
_PART = re.compile(r"[A-Za-z]{3,}")
_SUFFIX = "(?i:s|services?|svc|server)"
_GENERIC = frozenset(files("rootline.evals").joinpath("generic_words.txt").read_text(encoding="utf-8").split())
_SYLLABLES = ("ba", "ko", "ri", "mu", "ta", "ve", "lo", "zi", "ne", "du", "pa", "shi", "gro", "fel", "wyn")
Swap = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A renamed copy of a case, and the way back."""

    folder: Path
    names: Mapping[str, str] = field(default_factory=dict)

    def back(self, prediction: Prediction) -> Prediction:
        """Return the prediction in the case's own names."""
        original = {new: old for old, new in self.names.items()}
        restore = _replacer(original)
        ranked = tuple(_restored(one, restore) for one in prediction.ranked)
        first, blast = prediction.first_failing_service, prediction.blast_radius
        return prediction.model_copy(
            update={
                "ranked": ranked,
                "first_failing_service": None if first is None else restore(first),
                "blast_radius": None if blast is None else tuple(restore(one) for one in blast),
            }
        )


def renamed(folder: Path, scratch: Path, seed: int) -> Renamed:
    """Copy the case, without its truth, into `scratch` with its names replaced by made-up ones, drawn by the seed."""
    copy = scratch / "case"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*_TRUTH_FILES))
    known = [file for file in sorted(copy.rglob("*")) if file.suffix in {*_JSON, *_LINES, *_TEXT}]
    names = _made_up(sorted({stem for file in known for stem in _stems(file)}), seed)
    swap = _replacer(names)
    for file in known:
        file.chmod(0o644)
        file.write_text(_rewritten(file, swap), encoding="utf-8")
    return Renamed(folder=copy, names=names)


def _values(file: Path) -> list[JsonValue]:
    text = file.read_text(encoding="utf-8")
    if file.suffix in _JSON:
        return [json.loads(text)]
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _rewritten(file: Path, swap: Swap) -> str:
    """Swap names in decoded strings, so that escapes in JSON hide none."""
    if file.suffix in _TEXT:
        return swap(file.read_text(encoding="utf-8"))
    changed = [json.dumps(_walked(value, swap), ensure_ascii=False) for value in _values(file)]
    return "\n".join(changed) + "\n"


def _walked(value: JsonValue, swap: Swap) -> JsonValue:
    if isinstance(value, str):
        return swap(value)
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key not in _TRUTH_KEYS}
        return {key if key.isidentifier() else swap(key): _walked(inner, swap) for key, inner in kept.items()}
    return [_walked(inner, swap) for inner in value] if isinstance(value, list) else value


def _stems(file: Path) -> Iterator[str]:
    """Find the telling parts of names: `checkout` of `checkoutservice`, which then goes from `CheckoutHandler` too."""
    if file.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
        names: Iterable[str] = {row.get("service") or "" for row in rows}
    elif file.suffix in _TEXT:
        names = ()
    else:
        names = [name for value in _values(file) for name in _named("", value)]
    for name in names:
        yield from _telling(name)


def _named(key: str, value: JsonValue) -> Iterator[str]:
    """Yield what services, pods, nodes and people are called; the name of what a service has is an operation's."""
    if isinstance(value, dict):
        owned = bool(_OWNERS & value.keys())
        for inner_key, inner in value.items():
            if inner_key not in _TRUTH_KEYS and not (owned and inner_key == "name"):
                yield from _named(inner_key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(key, inner)
    elif isinstance(value, str):
        yield from _POD.findall(value)
        if key in _NAMING:
            yield value


def _telling(name: str) -> Iterator[str]:
    for part in _PART.findall(_HASHES.sub("", name)):
        stem = re.sub(r"(?i)(service|svc|server)$", "", part).lower()
        if len(stem) >= LEAST_STEM and stem not in _GENERIC:
            yield stem


def _made_up(stems: list[str], seed: int) -> Mapping[str, str]:
    draw = random.Random(seed)  # noqa: S311 a seed makes the names repeatable
    taken: set[str] = set(stems)
    names: dict[str, str] = {}
    for stem in stems:
        name = stem
        while name in taken:
            name = "".join(draw.choices(_SYLLABLES, k=max(2, min(4, len(stem) // 2))))
        taken.add(name)
        names[stem] = name
    return names


def _replacer(names: Mapping[str, str]) -> Swap:
    if not names:
        return lambda text: text
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    plain = "|".join(re.escape(name) for name in longest_first)
    humps = "|".join(re.escape(name.capitalize()) for name in longest_first)
    start = r"(?<![A-Za-z])(?!(?i:order) +(?i:by)\b)"
    end = rf"(?:(?={_SUFFIX}?(?![A-Za-z]))|(?={_SUFFIX}?(?![a-z]))(?!(?<=[A-Z])[A-Z]))"
    pattern = re.compile(rf"{start}(?i:{plain}){end}|(?<=[a-z])(?:{humps}){end}")

    def swap(match: re.Match[str]) -> str:
        old, new = match.group(0), names[match.group(0).lower()]
        if old.isupper():
            return new.upper()
        return new.capitalize() if old[0].isupper() else new

    return lambda text: pattern.sub(swap, text)


def _restored(one: Ranked, restore: Swap) -> Ranked:
    return one.model_copy(
        update={name: restore(value) for name in ("service", "object") if (value := getattr(one, name)) is not None}
    )
