"""YAML from outside: whatever it holds, reading it ends in a value or in one error."""

from typing import Any

import yaml

_LONGEST = 300


class NoYaml(ValueError):
    """A text is no YAML; says on one line why."""


def read_yaml(text: str | bytes, loader: type[yaml.SafeLoader] = yaml.SafeLoader) -> Any:
    """Read one document without making anything but plain values of it; a `loader` may read fewer words as values.

    Raises:
        NoYaml: It cannot be read: it is no YAML, no Unicode, nested too deep, or holds a date or a number that is none.

    """
    try:
        reading = loader(text)
        try:
            return reading.get_single_data()
        finally:
            reading.dispose()
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as bad:
        raise NoYaml(" ".join(str(bad).split())[:_LONGEST]) from bad
