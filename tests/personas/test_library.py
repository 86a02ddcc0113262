"""Personas: those that ship, those of a folder, and what is said where one cannot be used."""

from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.personas.library import DEFAULT, LARGEST_BYTES, built_in, choose, load
from rootline.prompts.library import system_prompt
from rootline.tools.registry import TOOLS

OWN = """id: night-shift
title: Night shift
description: Alone at night
prompt: Be brief.
capabilities: [metrics, logs]
"""


def test_the_default_persona_ships_and_each_has_words_and_tools() -> None:
    assert DEFAULT in built_in()
    for name, persona in built_in().items():
        assert persona.id == name
        assert persona.title
        assert persona.prompt.strip()
        assert any(tool.capability in persona.capabilities for tool in TOOLS)
        assert persona.title in system_prompt(persona)


def test_without_a_folder_there_are_those_that_ship() -> None:
    assert load(None) == built_in()


def test_a_persona_of_ones_own_is_added_to_those_that_ship(tmp_path: Path) -> None:
    (tmp_path / "night.yaml").write_text(OWN)
    (tmp_path / "notes.txt").write_text("no persona")

    found = load(tmp_path)

    assert set(found) == {*built_in(), "night-shift"}
    assert set(found["night-shift"].capabilities) == {"metrics", "logs"}


def test_no_own_persona_takes_the_place_of_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(OWN.replace("night-shift", DEFAULT))

    with pytest.raises(Misconfigured, match=rf"'{DEFAULT}' is the id of a built-in persona\. Choose another id\."):
        load(tmp_path)


def test_two_own_personas_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN)
    (tmp_path / "b.yaml").write_text(OWN)

    with pytest.raises(Misconfigured, match=r"'night-shift' is the id of two personas\. Choose another id\."):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no persona"),
        ("just words", "is no persona"),
        (OWN + "colour: red\n", "colour: Extra inputs are not permitted"),
        (OWN.replace("[metrics, logs]", "[metrcs]"), r"capabilities\.0: .* Did you mean metrics\?"),
        (OWN.replace("[metrics, logs]", "[zzzzzz]"), "capabilities.0: Input should be"),
        (OWN.replace("title: Night shift\n", ""), "title: Field required"),
        ("id: [", "is no persona: while parsing"),
    ],
)
def test_a_persona_that_cannot_be_read_is_named_with_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "own.yaml").write_text(text)

    with pytest.raises(Misconfigured, match=why) as told:
        load(tmp_path)

    assert str(tmp_path / "own.yaml") in str(told.value)


def test_a_persona_that_is_no_text_too_long_or_a_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Misconfigured, match=r"own\.yaml cannot be read"):
        load(tmp_path)
    file.write_text("#" * (LARGEST_BYTES + 1))
    with pytest.raises(Misconfigured, match=r"own\.yaml is larger than 32,768 bytes\. A persona is a short text\."):
        load(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(Misconfigured, match=r"own\.yaml cannot be read"):
        load(tmp_path)


def test_a_persona_is_chosen_by_its_id_and_a_slip_is_answered_with_the_one_meant() -> None:
    assert choose(built_in(), DEFAULT).id == DEFAULT
    with pytest.raises(Misconfigured, match=rf"There is no persona 'on-call-sra'\. Did you mean {DEFAULT}\?"):
        choose(built_in(), "on-call-sra")
    with pytest.raises(Misconfigured, match=rf"There is no persona 'zzz'\. Known: .*{DEFAULT}"):
        choose(built_in(), "zzz")
