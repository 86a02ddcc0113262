"""Flags over HTTP: a file of definitions, or every flag evaluated by OpenFeature's remote evaluation protocol (OFREP).

Source: openfeature.dev, "OpenFeature Remote Evaluation Protocol", bulk evaluation; flagd serves it on port 8016.
"""

import json
from urllib.parse import urlsplit

from rootline.sources.backend import Backend
from rootline.sources.flags.definitions import DISABLED, MOST_FLAGS, Flag, NoFlags, read_definitions, service_in, shown
from rootline.sources.http import exchange, fetch, json_of
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.trouble import bad_status, broken

BULK = "/ofrep/v1/evaluate/flags"
CONTEXT = {"context": {"targetingKey": "rootline"}}
"""Nobody: what is told is what a user without properties gets."""


def is_file(url: str) -> bool:
    """Whether an address is that of a file of definitions."""
    return urlsplit(url).path.lower().endswith((".json", ".yaml", ".yml"))


async def definitions(backend: Backend) -> dict[str, Flag]:
    """Fetch a file of definitions."""
    body = await fetch(backend, "", accept="*/*")
    try:
        return read_definitions(bytes(body), is_yaml=not urlsplit(backend.url).path.lower().endswith(".json"))
    except NoFlags as bad:
        raise broken(backend, f"{backend.kind} at {backend.url}", str(bad)) from bad


async def evaluated(backend: Backend) -> dict[str, Flag]:
    """Evaluate every flag for nobody in particular."""
    headers = {"content-type": "application/json"}
    told = await exchange(backend, f"{backend.url}{BULK}", headers=headers, content=json.dumps(CONTEXT).encode())
    asked = f"{backend.kind} at {backend.url}"
    if not told.is_success:
        raise bad_status(backend, asked, told.status, bytes(told.body), told.headers.get("location", ""))
    listed = Raw(json_of(backend, told.body))
    if not isinstance(listed.at("flags").held, list):
        raise broken(backend, asked, "its JSON has no list `flags`")
    usual = service_in(listed.at("metadata"))
    return {one.text("key"): _flag(one, usual) for one in listed.each("flags")[:MOST_FLAGS] if one.text("key")}


def _flag(one: Raw, usual: str) -> Flag:
    """The variant that was served; a flag that could not be evaluated is told by its error."""
    name, error = one.text("key"), one.text("errorCode")
    value = shown(name, one.at("value").held)
    served = f"error {error}" if error else one.text("variant") or value or "no value"
    is_off = one.text("reason").upper() == "DISABLED" or error == "FLAG_DISABLED"
    return Flag(variant=DISABLED if is_off else served, value=value, service=service_in(one.at("metadata")) or usual)
