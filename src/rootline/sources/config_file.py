"""Reads a `rootline.yaml`: each part of Rootline takes out of it what it is about."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rootline.errors import Misconfigured
from rootline.sources.config_trouble import said
from rootline.yaml_text import NoYaml, read_yaml

LONGEST_FILE_BYTES = 256 * 2**10
Config = TypeVar("Config", bound=BaseModel)


def read_config(file: Path, kind: type[Config], page: str) -> Config:
    """Read a file as a model of what it may hold.

    Args:
        file: The file, at most 256 KiB of YAML.
        kind: What is taken out of it.
        page: The page of the docs that shows one, for the message.

    Raises:
        Misconfigured: The file cannot be read, or holds something that cannot be meant so; the message says which.

    """
    try:
        if file.stat().st_size > LONGEST_FILE_BYTES:
            raise Misconfigured(f"{file} is larger than {LONGEST_FILE_BYTES:,} bytes.")
        return kind.model_validate(read_yaml(file.read_text(encoding="utf-8")))
    except OSError as bad:
        raise Misconfigured(f"{file} cannot be read: {bad.strerror}.") from bad
    except (NoYaml, UnicodeDecodeError) as bad:
        raise Misconfigured(f"{file} is no YAML: {bad}. {page} shows one.") from bad
    except ValidationError as bad:
        raise Misconfigured(f"{file}: {said(kind, bad)}. {page} shows one.") from bad
