"""Settings become a model, an embedder, a key and an index; what is missing is said before anything is asked."""

import stat
from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.models.builtin.model import BuiltinModel
from rootline.models.names import parse_model_name
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.embedding import SpellingEmbedder
from rootline.wiring import KEY_BYTES, embedder_of, installation_key, wire


def settings(**more: object) -> Settings:
    return Settings(home=Path("/nowhere"), **more)  # type: ignore[arg-type]  # its own fields


def test_without_a_word_the_investigator_and_the_embedder_that_need_nothing_are_taken() -> None:
    assert isinstance(wire(parse_model_name(""), settings()), BuiltinModel)
    assert isinstance(embedder_of(settings()), SpellingEmbedder)


@pytest.mark.parametrize("name", ["vllm:qwen", "openai-compatible:llama", "vllm"])
def test_a_server_of_ones_own_needs_its_address(name: str) -> None:
    with pytest.raises(
        Misconfigured, match=rf"^{name} needs ROOTLINE_MODEL_URL, such as http://127\.0\.0\.1:8000/v1\.$"
    ):
        wire(parse_model_name(name), settings())


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("vllm:qwen", {"model_url": "http://127.0.0.1:8000/v1"}),
        ("openai-compatible:llama", {"model_url": "http://127.0.0.1:8000/v1", "model_key": "k"}),
        ("openai:gpt", {"vendor_keys": {"openai": "k"}}),
        ("anthropic:claude-opus-5", {"model_key": "k"}),
    ],
)
def test_a_configured_model_is_known_by_its_name_and_asks_nothing_yet(name: str, more: dict[str, object]) -> None:
    assert wire(parse_model_name(name), settings(**more)).name == name


def test_the_key_of_an_installation_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"

    first, again = installation_key(home), installation_key(home)

    assert first == again
    assert len(first) == KEY_BYTES
    assert stat.S_IMODE((home / "redaction.key").stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == ["redaction.key"]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert installation_key(tmp_path / "a") != installation_key(tmp_path / "b")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * (KEY_BYTES + 1)])
def test_a_damaged_key_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "redaction.key").write_bytes(content)

    with pytest.raises(Misconfigured, match=r"redaction\.key is damaged: it must hold 32 bytes\. Remove it to have"):
        installation_key(tmp_path)


def test_a_desk_in_memory_answers_with_the_model_that_is_asked_for() -> None:
    desk = memory_desk(settings())

    assert isinstance(desk.models("builtin"), BuiltinModel)
    with pytest.raises(Misconfigured, match="names no provider that is known"):
        desk.models("smoke:signals")
