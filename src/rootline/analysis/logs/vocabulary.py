"""English words that tell whether the next word is a name that varies."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INTRODUCING = _words("""
    user username account login principal tenant customer client host hostname server node machine pod container
    namespace service deployment cluster zone region network database db table schema column index topic queue bucket
    key file filename path directory folder device interface driver module package class method function thread
    process job task worker session item product sku order cart named called label tag role group domain url uri
    endpoint route channel room
""")
"""Nouns that a name usually follows: "user alice", "pod web"."""

PREPOSITIONS = _words("for from by to of at on in with as")
"""Words that a name often follows, and as often a state: "from alice", "from NEW to DONE"."""

_PREDICATES = _words("""
    a an the is are was were be been has had have does did do can cannot could will would must should may not no and or
    but if than that this it already still now again too very
    up down ready lost found unknown full empty dead alive online offline healthy unhealthy ok error errors failure
    success timeout warning busy idle new old invalid valid missing available unavailable reachable unreachable
    start stop restart reload shutdown startup create delete update add remove open close read write get put post
    connect disconnect login logout request response enter exit begin end enable disable hit miss
    size length depth count limit name id type status state time rate usage age lag version path list number total
""")
_FORM = re.compile(r"[a-z]{2,}(?:ed|ing)")


def is_predicate(word: str) -> bool:
    """Whether the word says what happened, rather than to whom: "started", "is", "down", "size"."""
    lower = word.lower()
    return lower in _PREDICATES or bool(_FORM.fullmatch(lower))
