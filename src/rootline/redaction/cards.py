"""Payment-card numbers: known by an issuer's first digits, its length and the check digit, whatever stands around them.

A number that a name in front calls an identifier, a moment or a quantity is none; one of a length that few cards have
is one only where a word nearby speaks of cards. Source: ISO/IEC 7812-1:2017 for lengths and check digit.
"""

import re
from collections.abc import Sequence

from rootline.redaction.keys import words_of
from rootline.redaction.span import Span, places

KIND = "card"
_AS_ZEROS = bytes.maketrans(b"0123456789-", b"0000000000 ")
_LONG, _IN_FOURS, _IN_THREE = b"0" * 13, b"0000 0000 0000 000", b"0000 000000 0000"
_GROUPED = b"0000 0000"
_WHOLE_RUN = re.compile(rb"0{13,}")
_LONGEST = 19
_LEAST = 10**12
_FIRST = frozenset("23456")
_NUMBER = re.compile(
    r"(?<![\w./#@])(?<!\w-)(?:[0-9]{13,19}|(?<![0-9]{4}[ -])"
    r"(?:[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{3})?|[0-9]{4}([ -])[0-9]{6}\2[0-9]{4,5})"
    r"(?![ -][0-9]{4}(?![0-9])))(?![\w@]|-\w|\.[0-9])"
)
# Source: the networks' published ranges: Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, Mir.
_ISSUED = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14}|220[0-4]\d{12}"
)
# Source: as above, with Maestro and the lengths that few cards have and many identifiers.
_SELDOM = re.compile(r"4\d{12}|4\d{18}|(?:35|5[0678]|6\d)\d{11,17}")
_SPEAKS_OF_CARDS = re.compile(r"card|visa|amex|maestro|credit|debit|payment|(?<![a-z])(?:pan|cc)(?![a-z])")
_NAME = re.compile(r"([A-Za-z][\w.-]{0,60})[\"'\\\]]{0,4}[ \t]{0,3}(?:=>|[:= \t])[ \t]{0,3}[\"'\\\[]{0,4}\Z")
_COUNTED = frozenset(
    str.split(
        "id ids uid guid oid pid tid xid lsn uuid ref key offset cursor position seq sequence nonce serial version "
        "revision rev generation ts time timestamp epoch at since until ns nanos nanoseconds us micros microseconds "
        "ms millis seconds start end began bytes size len length count counts total sum max min avg mean le "
        "bucket limit capacity memory duration latency elapsed took hash crc checksum seed index node shard "
        "partition block address addr ptr trace span request correlation session order invoice user customer tenant"
    )
)
_NEAR = 48


def cards(text: str) -> Sequence[Span]:
    """Find every payment-card number; most texts are told to hold none by the lengths of their digits alone."""
    raw = text.encode("latin-1", "replace")
    if _LONG not in raw.translate(_AS_ZEROS, b" -"):
        return ()
    shape = raw.translate(_AS_ZEROS)
    runs = [run.span() for run in _WHOLE_RUN.finditer(shape)]
    starts = [start for start, end in runs if text[start] in _FIRST and end - start <= _LONGEST]
    if _GROUPED in shape:
        starts += [at for grouped in (_IN_FOURS, _IN_THREE) for at in places(shape, grouped)]
    return [(at, end) for at in starts if (end := _end_of_card(text, at))]


def _end_of_card(text: str, at: int) -> int:
    """Return where a card's number ends that begins there; 0 where none does."""
    found = _NUMBER.match(text, at)
    return found.end() if found and _is_card(found.group(), text[max(0, at - _NEAR) : at]) else 0


def is_card(text: str, name: str) -> bool:
    """Whether a whole text that stands under a name is a card's number."""
    return is_number(text) and _is_card(text, f"{name}=")


def is_card_in_digits(number: int, name: str) -> bool:
    """Whether a number that is no text is a card's: only under a name that speaks of cards."""
    return number >= _LEAST and _speaks_of_cards(name) and is_card(str(number), name)


def is_number(text: str) -> bool:
    """Whether a whole text is as many digits as a card has, grouped as on a card or not at all."""
    return _NUMBER.fullmatch(text) is not None


def digits_of(card: str) -> str:
    """Return a card's digits, which are the same however they are grouped."""
    return card.replace(" ", "").replace("-", "")


def _is_card(written: str, before: str) -> bool:
    digits = digits_of(written)
    if _ISSUED.fullmatch(digits):
        return (not _is_counted(before) or _speaks_of_cards(before)) and has_check_digit(digits)
    return _SELDOM.fullmatch(digits) is not None and _speaks_of_cards(before) and has_check_digit(digits)


def _speaks_of_cards(text: str) -> bool:
    return _SPEAKS_OF_CARDS.search(text.lower()) is not None


def _is_counted(before: str) -> bool:
    """Whether the name right in front calls what follows an identifier, a moment or a quantity."""
    name = _NAME.search(before)
    return name is not None and not _COUNTED.isdisjoint(words_of(name.group(1)))


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the one that Luhn's sum asks for, and not all of them are alike."""
    doubled = (sum(divmod(2 * int(one), 10)) for one in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
