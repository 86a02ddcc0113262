"""Reads a `rootline.yaml`: each part of Rootline takes out of it what it is about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError, model_validator

from rootline.errors import Misconfigured, UnreadableConfig
from rootline.sources.config_trouble import said
from rootline.yaml_text import NoYaml, read_yaml

LONGEST_FILE_BYTES = 256 * 2**10
USUAL_FILE = Path("rootline.yaml")
Config = TypeVar("Config", bound=BaseModel)


class Part(BaseModel):
    """What one part of Rootline takes out of the file; nothing where the file holds no keys."""

    @model_validator(mode="before")
    @classmethod
    def _without_keys(cls, found: object) -> object:
        return found if isinstance(found, dict) else {}


def listed(value: object) -> object:
    """One alone is a list of one."""
    return [value] if isinstance(value, str | dict) else value


Texts = Annotated[list[str], BeforeValidator(listed)]


def config_file(variables: Mapping[str, str], folder: Path = Path()) -> Path | None:
    """Return the file that ROOTLINE_CONFIG names, there or not, or the usual one where there is one."""
    file = config_place(variables, folder)
    return file if variables.get("ROOTLINE_CONFIG") or file.is_file() else None


def config_place(variables: Mapping[str, str], folder: Path = Path()) -> Path:
    """Return where the file is or may come to be."""
    named = variables.get("ROOTLINE_CONFIG", "")
    return Path(named).expanduser() if named else folder / USUAL_FILE


def read_config(file: Path, kind: type[Config], page: str) -> Config:
    """Read a file as a model of what it may hold.

    Args:
        file: The file, at most 256 KiB of YAML.
        kind: What is taken out of it.
        page: The page of the docs that shows one, for the message.

    Raises:
        UnreadableConfig: The file cannot be read, or is no YAML; the message is the same whatever is taken out of it.
        Misconfigured: It holds something that cannot be meant so; the message says what.

    """
    try:
        if file.stat().st_size > LONGEST_FILE_BYTES:
            raise UnreadableConfig(f"{file} is larger than {LONGEST_FILE_BYTES:,} bytes.")
        return kind.model_validate(read_yaml(file.read_text(encoding="utf-8")))
    except OSError as bad:
        raise UnreadableConfig(f"{file} cannot be read: {bad.strerror}.") from bad
    except (NoYaml, UnicodeDecodeError) as bad:
        raise UnreadableConfig(f"{file} is no YAML: {bad}. Mend it there; none of it counts until then.") from bad
    except ValidationError as bad:
        told = said(kind, bad)
        raise Misconfigured(f"{file}: {told}{'' if told.endswith('?') else '.'} {page} shows one.") from bad
