"""YAML from outside: whatever it holds, reading it ends in a value or in one error."""

from typing import Any

import yaml

_LONGEST = 300


class NoYaml(ValueError):
    """A text is no YAML; says on one line why."""


def read_yaml(text: str | bytes) -> Any:
    """Read one document without making anything but plain values of it.

    Raises:
        NoYaml: It cannot be read: it is no YAML, no Unicode, nested too deep, or holds a date or a number that is none.

    """
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as bad:
        raise NoYaml(" ".join(str(bad).split())[:_LONGEST]) from bad
