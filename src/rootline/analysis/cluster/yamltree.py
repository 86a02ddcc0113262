"""YAML whose every value still knows its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from rootline.analysis.cluster.text import Line

_DEEPEST = 200
_BRACKET = re.compile(r"[\[\]{}]")
_LISTS_IN_LISTS = re.compile(r"(?:[-?] ){100}")
_TEXT_LIMIT = 200_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Tree:
    """A value in a YAML document and the line it stands on.

    Attributes:
        text: The scalar as written; empty for a mapping or a list.
        fields: The members of a mapping.
        items: The members of a list.
        line: Where the value, or the key it belongs to, stands.

    """

    text: str
    fields: dict[str, "Tree"]
    items: tuple["Tree", ...]
    line: Line

    def at(self, *keys: str) -> "Tree | None":
        """The value reached by following keys downwards."""
        here: Tree | None = self
        for key in keys:
            here = here.fields.get(key) if here else None
        return here

    def word(self, *keys: str, default: str = "") -> str:
        """The scalar reached by following keys downwards."""
        found = self.at(*keys)
        return found.text if found and found.text else default

    def each(self, *keys: str) -> tuple["Tree", ...]:
        """The list reached by following keys downwards; empty when there is none."""
        found = self.at(*keys)
        return found.items if found else ()

    def mapping(self, *keys: str) -> dict[str, str]:
        """The scalars of the mapping reached by following keys downwards."""
        found = self.at(*keys)
        return {k: v.text for k, v in found.fields.items()} if found else {}

    def walk(self) -> Iterator["Tree"]:
        """Yield the value and all inside it."""
        yield self
        for inner in (*self.fields.values(), *self.items):
            yield from inner.walk()


def documents(text: str) -> list[Tree]:
    """Read every document that can be read; what comes after a broken one is lost.

    A value that is repeated by an alias is read once, so that a small text cannot grow without end.
    """
    bounded = text[:_TEXT_LIMIT]
    if _nests_deeply(bounded):
        return []
    lines = bounded.split("\n")
    found: list[Tree] = []
    try:
        for node in yaml.compose_all(bounded, Loader=_LOADER):
            if node is not None:
                found.append(_tree(node, lines, None, set()))  # noqa: PERF401 what was read before an error is kept
    except (yaml.YAMLError, RecursionError):
        return found
    return found


def _nests_deeply(text: str) -> bool:
    """Whether a text opens so many brackets or lists inside each other that reading it could overflow."""
    if _LISTS_IN_LISTS.search(text):
        return True
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _tree(node: yaml.Node, lines: list[str], key_line: int | None, seen: set[int]) -> Tree:
    at = node.start_mark.line if key_line is None else key_line
    line = Line(at + 1, lines[at] if at < len(lines) else "")
    if isinstance(node, yaml.ScalarNode):
        return Tree(str(node.value), {}, (), line)
    if id(node) in seen:
        return Tree("", {}, (), line)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        held = {str(k.value): _tree(v, lines, k.start_mark.line, seen) for k, v in node.value}
        return Tree("", held, (), line)
    return Tree("", {}, tuple(_tree(item, lines, None, seen) for item in node.value), line)
