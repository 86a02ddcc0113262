"""Code that only moved into a function or a file of its own."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net

LEAST = 3
DEFINES = re.compile(
    r"^\s*(?:(?:export|pub(?:\(\w+\))?|public|private|protected|internal|static|final|async|override|default|inline)\s+)*"
    r"(?:func(?:\s*\([^)]*\))?|function|def|defp?|fn|fun|sub|class|struct|object|module|trait|impl|interface|namespace)\s+"
    r"(?:self\.)?(\w+)"
)
TYPED = re.compile(r"^\s*(?:(?:public|private|protected|internal|static|final|async)\s+)+[\w<>\[\],. ?]+\s(\w+)\s*\(")
BRINGS = re.compile(
    r"^\s*(?:import|from|use|using|require\w*|package|module|include|open|alias|mod)\b|^\s*(?:const|let|var)\b.*require\("
)


def extracts(net: Net) -> bool:
    """Whether lines stay word for word and only get a definition around them, which is called where they stood."""
    kept = len(net.whole.added) - len(net.added.lines)
    if net.removed.lines or net.reordered or kept < LEAST:
        return False
    told = [line for line in net.added.lines if re.search(r"\w", line.text[:300])]
    names = {name for line in told if (name := _defined(line))}
    return bool(names) and all(_defined(line) or BRINGS.match(line.text[:300]) or _calls(line, names) for line in told)


def _defined(line: DiffLine) -> str:
    match = DEFINES.match(line.text[:300]) or TYPED.match(line.text[:300])
    return match[1] if match else ""


def _calls(line: DiffLine, names: set[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", line.text[:300]) for name in names)
