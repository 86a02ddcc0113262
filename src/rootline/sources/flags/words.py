"""YAML of flags, in which a word stays the word that was written: `off` is the name of a variant, not false.

Source: YAML 1.2, core schema, by which `true` and `false` alone are booleans, and no word is a date; flagd reads so.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml

_BOOLEAN, _TEXT, _NOTHING = (f"tag:yaml.org,2002:{name}" for name in ("bool", "str", "null"))
_LEFT_OUT = frozenset({_BOOLEAN, "tag:yaml.org,2002:timestamp"})
_NAMES = frozenset({"key", "state", "defaultVariant", "flagSetId", "service", "app", "component", "owner"})
"""Fields whose value is a name, whatever it looks like."""


class Words(yaml.SafeLoader):
    """Reads keys and names as they were written."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag not in _LEFT_OUT]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping whose keys are text."""
        self.flatten_mapping(node)
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = _TEXT
                if key.value in _NAMES and isinstance(value, yaml.ScalarNode) and value.tag != _NOTHING:
                    value.tag = _TEXT
        return super().construct_mapping(node, deep=deep)


Words.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
