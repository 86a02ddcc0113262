"""Whether the name in front of a value says that the value is a secret."""

import re
from functools import lru_cache
from typing import Literal

Hold = Literal["always", "if_random", "never"]
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
STEMS = ("pass", "pwd", "secret", "token", "key", "credential", "jwt", "psk", "session", "sig", "auth", "salt")
_NOUNS = frozenset(
    str.split(
        "password passwd passphrase passcode passwort pwd pass pw secret token apikey credential credentials psk jwt "
        "authtoken accesstoken secretkey accesskey privatekey authkey userpass dbpass mypwd"
    )
)
_BEFORE_KEY = frozenset(
    str.split(
        "api access private secret signing encryption auth account shared master app application storage subscription "
        "service license deploy hmac client ssh session security webhook admin consumer primary encrypt decryption "
        "sign jwt cookie instrumentation"
    )
)
_NEUTRAL = frozenset(
    str.split(
        "b base value val text txt plain plaintext raw str encoded prod production staging stage dev test testing old "
        "new current previous prev primary secondary default data hash hashed digest literal live main backup"
    )
)
# What follows a secret's name to speak about it instead of holding it.
_ABOUT = frozenset(
    str.split(
        "nopasswd nopassword name names id ids type types url uri path file files filename dir ref refs reference "
        "count counts limit limits ttl expiry expires expiration expire length len size min max policy policies "
        "endpoint field fields header headers prefix suffix env var manager provider providers store version arn "
        "index regex pattern reset enabled disabled required optional lifetime timeout duration age interval "
        "rotation usage used budget bucket class selector namespace resolver reader writer parser validator "
        "exchange refresher status state at on by for per kind label title hint placeholder algorithm alg format "
        "source mode scope scopes issuer audience errors error failures failed attempts total sum seconds ms bytes "
        "cost price rate window"
    )
)
_CAN_HOLD = frozenset({"session", "sig", "signature", "sid", "salt", "auth"})
_LONGEST = 100


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, however it joins them."""
    return [word.lower() for word in _WORDS.findall(name[-_LONGEST:])]


@lru_cache(maxsize=4096)
def hold_of(name: str) -> Hold:
    """Say whether what is assigned to a name is a secret: always, only where it looks random, or never."""
    words = words_of(name)
    while words and (words[-1].isdigit() or words[-1] in _NEUTRAL):
        words.pop()
    if not words or words[-1] in _ABOUT:
        return "never"
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "pass" and not before:
        return "if_random"
    if last in _NOUNS or (last == "key" and before in _BEFORE_KEY) or (last, before) == ("string", "connection"):
        return "always"
    if last.endswith(("password", "passwd", "secret", "apikey", "secretkey", "accesskey", "authtoken")):
        return "always"
    return "if_random" if _CAN_HOLD & {last} or _NOUNS & set(words) else "never"
