"""Every service, pod, node, namespace, host and person under another name, consistently and before anything is read.

A score that moves under renaming has read names instead of evidence.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from rootline.evals.suite import Prediction, Ranked

LEAST_STEM = 3
_TEXT = {".json", ".ndjson", ".csv", ".yaml", ".yml", ".md", ".txt", ".jsonl"}
_NAMED = re.compile(
    r'\\?"(?:service|service_name|name|pod|pod_name|node|node_name|namespace|host|hostname|author|actor|app|callee|caller)\\?"'
    r'\s*:\s*\\?"([A-Za-z][\w.-]{2,80}?)\\?"'
)
_COLUMN = re.compile(r"(?:^|\\n)([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?=-[a-f0-9]{8,10}-[a-z0-9]{5}\b)")
_KEY = re.compile(r'"([A-Za-z_]{3,60})\\?"\s*:')
_PART = re.compile(r"[A-Za-z]{3,}")
_GENERIC = frozenset(files("rootline.evals").joinpath("generic_words.txt").read_text(encoding="utf-8").split())
Swap = Callable[[str], str]
_SYLLABLES = ("ba", "ko", "ri", "mu", "ta", "ve", "lo", "zi", "ne", "du", "pa", "shi", "gro", "fel", "wyn")


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
    """Copy the case into `scratch` with its names replaced by made-up ones, drawn by the seed."""
    copy = scratch / "case"
    shutil.copytree(folder, copy)
    files = [file for file in sorted(copy.rglob("*")) if file.suffix in _TEXT]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    names = _made_up(_stems(texts.values()), seed)
    replace = _replacer(names)
    for file, text in texts.items():
        file.chmod(0o644)
        file.write_text(replace(text), encoding="utf-8")
    return Renamed(folder=copy, names=names)


def _stems(texts: Iterable[str]) -> list[str]:
    """Find the telling parts of names: `checkout` in `checkoutservice`, `services/checkout` and `CheckoutHandler`."""
    found: set[str] = set()
    keys: set[str] = set()
    for text in texts:
        keys.update(word.lower() for key in _KEY.findall(text) for word in _PART.findall(key))
        for name in (*_NAMED.findall(text), *_COLUMN.findall(text)):
            found.update(_telling(name))
    return sorted(found - keys)


def _telling(name: str) -> Iterable[str]:
    for part in _PART.findall(name):
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
    pattern = re.compile(rf"(?<![A-Za-z])(?i:{plain})|(?<=[a-z])(?:{humps})")

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
