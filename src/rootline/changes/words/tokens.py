"""Words of prose and code, split where people write them together."""

import re
from collections import Counter
from functools import lru_cache

MAX_TEXT = 64_000
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{1,63}")
PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
STEM = 4
SUFFIXES = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "es", "ed", "s", "er", "e")
STOP_WORDS = """
the a an and or of to in on for is are was were be been it its this that these those with without as at by from
into not no but if then else when so do does did has have had can cannot could should would will may might we
you they he she i our your their there here which who what how also just only some any all more most than very
about after before over under up down out off again because while via per due see use used using get got now
return self def func end var let const new true false none null nil int str string void static public private
class import package require include struct type args kwargs fix fixes fixed bug change commit patch com org
http https www
"""
STOP = frozenset(STOP_WORDS.split())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A lowercase word without its ending; never shorter than four letters.

    Source: the suffix steps of M. Porter, "An algorithm for suffix stripping" (1980), reduced to what keeps
    `timeout` apart from `time` and brings `leaks`, `leaking` and `leaked` together.
    """
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= STEM:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=65_536)
def parts(word: str) -> tuple[str, ...]:
    """The terms of one written word: its stemmed pieces, and the whole identifier when it has several."""
    pieces = [piece.lower() for piece in PART.findall(word)]
    terms = [stem(piece) for piece in pieces if len(piece) > 1 and piece not in STOP]
    if len(pieces) > 1:
        terms.append(word.lower().strip("_"))
    return tuple(terms)


def terms(text: str) -> Counter[str]:
    """How often each term occurs in the first 64,000 characters of a text."""
    return weigh(Counter(WORD.findall(text[:MAX_TEXT])))


def weigh(words: Counter[str]) -> Counter[str]:
    """Term counts from counts of written words."""
    counted: Counter[str] = Counter()
    for word, count in words.items():
        for term in parts(word):
            counted[term] += count
    return counted


def identifiers(text: str) -> frozenset[str]:
    """Words that only code writes: with an underscore, a hump or a digit inside; lowercase."""
    return frozenset(word.lower() for word in WORD.findall(text[:MAX_TEXT]) if _is_code(word))


def _is_code(word: str) -> bool:
    return len(word) >= STEM and ("_" in word.strip("_") or len(PART.findall(word)) > 1)
