"""Which model is meant: the text of ROOTLINE_MODEL, read into a provider and a model."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from rootline.errors import Misconfigured

Provider = Literal["builtin", "vllm", "openai-compatible", "openai", "anthropic"]

PROVIDERS: tuple[Provider, ...] = get_args(Provider)
LISTS_ITS_MODELS: tuple[Provider, ...] = ("vllm", "openai-compatible")
LONGEST_NAME = 200
HOW = "Set it to builtin, vllm:<model>, openai-compatible:<model>, openai:<model> or anthropic:<model>."


@dataclass(frozen=True, kw_only=True)
class ModelName:
    """Who answers. An empty `model` is the first that the server lists; `builtin` has none."""

    provider: Provider
    model: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}" if self.model else self.provider


def parse_model_name(text: str) -> ModelName:
    """Read `provider:model`, as ROOTLINE_MODEL holds it. Nothing at all is the built-in investigator.

    Raises:
        Misconfigured: The provider is unknown, or the model is missing, superfluous or unprintable.

    """
    asked = text.strip()
    if len(asked) > LONGEST_NAME or not asked.isprintable():
        raise Misconfigured(f"ROOTLINE_MODEL is no model name: unprintable, or over {LONGEST_NAME} characters. {HOW}")
    head, _, tail = asked.partition(":")
    provider, model = _provider(head.strip().lower() or "builtin", asked), tail.strip()
    if provider == "builtin" and model:
        raise Misconfigured(f"ROOTLINE_MODEL is {asked!r}, but the built-in investigator has no models. {HOW}")
    if not model and provider not in ("builtin", *LISTS_ITS_MODELS):
        raise Misconfigured(f"ROOTLINE_MODEL is {asked!r} without a model. Name one: {provider}:<model>.")
    return ModelName(provider=provider, model=model)


def _provider(word: str, asked: str) -> Provider:
    for provider in PROVIDERS:
        if word == provider:
            return provider
    near = get_close_matches(word, PROVIDERS, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Misconfigured(f"ROOTLINE_MODEL is {asked!r}, which names no provider that is known.{hint} {HOW}")
