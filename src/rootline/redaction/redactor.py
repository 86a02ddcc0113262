"""Replaces secrets by placeholders: the same placeholder for the same secret, the same number of lines."""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, JsonValue

from rootline.redaction.assigned import assigned
from rootline.redaction.cards import KIND as CARD
from rootline.redaction.cards import cards, is_card, is_card_in_digits, is_number
from rootline.redaction.carried import carried
from rootline.redaction.harmless import Harmless
from rootline.redaction.keys import hold_of
from rootline.redaction.literals import is_harmless, is_prose, is_random
from rootline.redaction.sealed import sealed
from rootline.redaction.shapes import kind_of, shaped
from rootline.redaction.span import PLACEHOLDER, apart, joined, lowered
from rootline.redaction.texts import texts_of

Model = TypeVar("Model", bound=BaseModel)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_SECRET = re.compile(r"\\[nrt]|[\s+\- ]")
_SHORTEST = 6
_MOST_PASSES = 4
_NAMES = ("name", "key", "label")
_VALUES = frozenset({"value", "before", "after"})
_SEALED = frozenset({"data", "stringData"})
Known = dict[tuple[str, str], str]
"""What the texts of one value came to, by key and text, since many of its parts say the same."""


@dataclass(frozen=True)
class Redactor:
    """Replaces secrets by `«redacted:kind:mark»`; the mark is keyed, so it cannot be guessed back."""

    key: bytes
    _harmless: Harmless = field(default_factory=Harmless, init=False, repr=False, compare=False)

    def text(self, text: str) -> str:
        """Return the text without its secrets. Doing it twice changes nothing more; no line is added or lost."""
        if ("", text) in self._harmless:
            return text
        for _ in range(_MOST_PASSES):
            clean = self._once(text)
            if clean == text:
                self._harmless.note("", text)
                break
            text = clean
        return text

    def _once(self, text: str) -> str:
        if len(text) < _SHORTEST:
            return text
        low = lowered(text)
        found = [*shaped(text), *sealed(text), *carried(text, low), *assigned(text, low), *cards(text)]
        if not found:
            return text
        pieces, done = [], 0
        for start, end in joined(apart(found, text)):
            pieces += [text[done:start], self._placeholder(text[start:end])]
            done = end
        return "".join([*pieces, text[done:]])

    def value(self, value: JsonValue) -> JsonValue:
        """Return a JSON value without its secrets: those in its texts, and those that a key names."""
        clean: JsonValue = self._walked(value, "", {})
        return clean

    def model(self, model: Model) -> Model:
        """Return a pydantic model with every string in it redacted; unchanged ones come back as they are."""
        if self._walked(model, "", {}) is model:
            return model
        return type(model).model_validate(self._walked(model.model_dump(), "", {}))

    def _walked(self, value: Any, key: str, known: Known) -> Any:
        """Return what a value comes to under a key: itself where nothing in it is a secret."""
        if isinstance(value, str):
            return value if (key, value) in self._harmless else self._read(value, key, known)
        if not value:
            return value
        if isinstance(value, BaseModel):
            texts = texts_of(value)
            clean = self._mapping(texts, known)
            return value if clean is texts else clean
        if isinstance(value, Mapping):
            return self._mapping(value, known)
        if isinstance(value, list | tuple):
            return self._listed(value, key, known)
        is_card_too = type(value) is int and is_card_in_digits(value, key)
        return self._placeholder(str(value)) if is_card_too else value

    def _read(self, value: str, key: str, known: Known) -> str:
        if (key, value) not in known:
            clean = known[key, value] = self._named(value, key)
            if clean == value:
                self._harmless.note(key, value)
        return known[key, value]

    def _mapping(self, value: Mapping[Any, Any], known: Known) -> Mapping[Any, Any]:
        named = "" if _VALUES.isdisjoint(value) else _named_by(value)
        is_sealed = value.get("kind") == "Secret"
        changed = {}
        for key, inner in value.items():
            if is_sealed and key in _SEALED:
                clean = self._sealed(inner, known)
            else:
                clean = self._walked(inner, named if key in _VALUES and named else str(key), known)
            if clean is not inner:
                changed[key] = clean
        return {**value, **changed} if changed else value

    def _sealed(self, held: Any, known: Known) -> Any:
        if not isinstance(held, Mapping):
            return self._walked(held, "", known)
        return {key: self._placeholder(one) if isinstance(one, str) and one else one for key, one in held.items()}

    def _named(self, value: str, key: str) -> str:
        """A whole text, under a key of its own unless that is empty."""
        hold = hold_of(key) if key else "never"
        is_held = hold == "always" or (hold == "if_random" and is_random(value))
        if is_held and not is_harmless(value) and not is_prose(value):
            return self._placeholder(value)
        if key and is_number(value):
            return self._placeholder(value) if is_card(value, key) else value
        return self.text(value)

    def _listed(self, values: Sequence[Any], key: str, known: Known) -> Sequence[Any]:
        """Lines of one text are read together, since a secret may span them; anything else one by one."""
        if not all(isinstance(one, str) and "\n" not in one for one in values) or hold_of(key) != "never":
            clean = [self._walked(one, key, known) for one in values]
            is_same = all(one is before for one, before in zip(clean, values, strict=True))
            return values if is_same else type(values)(clean)  # type: ignore[call-arg]
        whole = "\n".join(values)
        read = self.text(whole)
        return values if read == whole else type(values)(read.split("\n"))  # type: ignore[call-arg]

    def _placeholder(self, secret: str) -> str:
        if PLACEHOLDER.fullmatch(secret):
            return secret
        kind, told = CARD if is_number(secret) else kind_of(secret), secret
        if kind in {"private_key", CARD}:
            told = _NOT_SECRET.sub("", secret)
        mark = hmac.digest(self.key, told.encode(errors="surrogatepass"), "sha256").hex()[:8]
        breaks = "".join(_LINE_BREAK.findall(secret))
        return f"«redacted:{kind}:{mark}»{breaks}"


def _named_by(value: Mapping[Any, Any]) -> str:
    """Return the name that stands beside a value; empty where there is none."""
    return next((value[one] for one in _NAMES if isinstance(value.get(one), str)), "")
