import pytest

from rootline.errors import Misconfigured
from rootline.models.names import ModelName, parse_model_name


@pytest.mark.parametrize(
    ("text", "provider", "model"),
    [
        ("builtin", "builtin", ""),
        ("", "builtin", ""),
        ("openai:gpt-5", "openai", "gpt-5"),
        (" Anthropic : claude-opus-5 ", "anthropic", "claude-opus-5"),
        ("vllm:Qwen/Qwen3-8B", "vllm", "Qwen/Qwen3-8B"),
        ("vllm", "vllm", ""),
        ("openai-compatible:llama3:8b", "openai-compatible", "llama3:8b"),
    ],
)
def test_a_name_is_a_provider_and_a_model(text: str, provider: str, model: str) -> None:
    name = parse_model_name(text)

    assert (name.provider, name.model) == (provider, model)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gpt-5", "names no provider"),
        ("antropic:claude-opus-5", "Did you mean anthropic?"),
        ("openai:", "openai:<model>"),
        ("anthropic", "anthropic:<model>"),
        ("builtin:fast", "has no models"),
        ("openai:gpt\x1b[2J", "unprintable"),
        ("openai:" + "x" * 300, "over 200 characters"),
    ],
)
def test_a_bad_name_says_what_would_be_good(text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match="ROOTLINE_MODEL") as failure:
        parse_model_name(text)

    assert said in str(failure.value)


def test_a_name_prints_as_it_is_written() -> None:
    assert str(ModelName(provider="vllm", model="Qwen/Qwen3-8B")) == "vllm:Qwen/Qwen3-8B"
    assert str(ModelName(provider="builtin", model="")) == "builtin"
