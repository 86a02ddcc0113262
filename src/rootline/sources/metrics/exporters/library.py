"""Reads what is known of exporters: the files that ship with Rootline, and those of a folder of one's own."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.sources.config_file import read_config
from rootline.sources.metrics.exporters.signal import Exporter
from rootline.sources.metrics.formulas import Formula
from rootline.yaml_text import read_yaml

PAGE = "docs/sources.md"
MOST_FILES = 50
"""Source: ours; with sixty signals each more than a backend is asked for at once."""


@cache
def built_in() -> tuple[Formula, ...]:
    """Return the formulas that ship with Rootline, by the names of their files."""
    shipped = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    texts = [file.read_text(encoding="utf-8") for file in shipped if file.name.endswith(".yaml")]
    return tuple(one for text in texts for one in Exporter.model_validate(read_yaml(text)).formulas())


def load(folder: Path | None) -> tuple[Formula, ...]:
    """Return the formulas of a folder, one YAML file for each exporter, and those that ship with Rootline.

    Raises:
        Misconfigured: The folder is none, or a file of it is no exporter's; the message says which, and why.

    """
    if folder is None:
        return built_in()
    if not folder.is_dir():
        raise Misconfigured(f"exporters: {folder} is no folder. {PAGE} shows what it may hold.")
    found = sorted(folder.glob("*.y*ml"))
    if len(found) > MOST_FILES:
        raise Misconfigured(f"exporters: {folder} holds {len(found)} files, and at most {MOST_FILES} are read.")
    own: dict[str, Path] = {}
    formulas = [one for file in found for one in _new(file, own)]
    return (*formulas, *built_in())


def _new(file: Path, taken: dict[str, Path]) -> tuple[Formula, ...]:
    """Read a file whose signals are called otherwise than those of all others, and note what they are called."""
    formulas = read_config(file, Exporter, PAGE).formulas()
    shipped = {one.name for one in built_in()}
    for name in dict.fromkeys(one.name for one in formulas):
        if name in shipped:
            raise Misconfigured(f"{file}: {name!r} is a signal that Rootline knows already. Choose another name.")
        if name in taken:
            raise Misconfigured(f"{file}: {name!r} is also a signal of {taken[name]}. Choose another name.")
        taken[name] = file
    return formulas
