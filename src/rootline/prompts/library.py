"""Fills the holes of a prompt."""

from functools import cache
from importlib.resources import files
from string import Formatter

from rootline.domain.persona import Persona


@cache
def _template(name: str) -> str:
    return files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")


def fill(name: str, **holes: str) -> str:
    """Return the prompt with its holes filled; every hole must be given, and no other.

    What is filled in is never read for holes of its own.
    """
    template = _template(name)
    wanted = {field for _, field, _, _ in Formatter().parse(template) if field}
    if wanted != set(holes):
        raise ValueError(f"{name}.md has the holes {sorted(wanted)}, not {sorted(holes)}")
    return template.format(**holes)


def system_prompt(persona: Persona) -> str:
    """Return the words that stand at the head of every conversation of a persona."""
    return fill("system", persona=f"{persona.title}. {persona.prompt.strip()}")
