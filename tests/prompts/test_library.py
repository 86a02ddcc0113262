"""A prompt has named holes; each is filled once, and what is filled in is never read for holes of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.personas.library import built_in
from rootline.prompts.library import fill, system_prompt


@given(persona=st.text(max_size=60))
def test_what_is_filled_in_stands_there_as_it_is(persona: str) -> None:
    assert persona in fill("system", persona=persona)


@pytest.mark.parametrize("text", ["{persona}", "{0}", "{persona.__class__}", "{{", "}", "%s", "${HOME}"])
def test_holes_inside_of_what_is_filled_in_stay_words(text: str) -> None:
    assert text in fill("system", persona=text)


@pytest.mark.parametrize("holes", [{}, {"other": "x"}, {"persona": "x", "other": "y"}])
def test_a_hole_too_few_or_too_many_is_an_error_that_names_both(holes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"system\.md has the holes \['persona'\], not"):
        fill("system", **holes)


def test_a_prompt_that_does_not_ship_is_no_prompt() -> None:
    with pytest.raises(FileNotFoundError):
        fill("no-such-prompt")


def test_the_same_persona_has_the_same_words_so_that_they_are_cached() -> None:
    for persona in built_in().values():
        assert system_prompt(persona) == system_prompt(persona.model_copy())
