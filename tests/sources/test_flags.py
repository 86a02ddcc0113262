"""Feature flags in flagd's format and over OFREP: what was switched, when, and what is not known exactly."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from os import utime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.clone import Clone
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.change import ChangeSet, FlagChange
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.connecting import connect
from rootline.sources.examining import examine
from rootline.sources.failure import SourceFailed
from rootline.sources.flags.definitions import Flag, NoFlags, differences, read_definitions
from rootline.sources.flags.memory import FlagMemory
from rootline.sources.flags.source import FlagChanges, FlagsAccess
from rootline.sources.stack import Given, Stack, stack

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))
MINUTE = timedelta(minutes=1)


def defined(**flags: Any) -> dict[str, Any]:
    return {"$schema": "https://flagd.dev/schema/v0/flags.json", "flags": flags}


def boolean(variant: str, **more: Any) -> dict[str, Any]:
    return {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": variant, **more}


def read(held: Mapping[str, Any]) -> dict[str, Flag]:
    return read_definitions(json.dumps(held).encode(), is_yaml=False)


def switched(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    return differences(read(defined(**before)), read(defined(**after)))


class Place:
    """A file of flags that a test writes, with a clock of its own."""

    def __init__(self, folder: Path, name: str = "flags.json") -> None:
        self.file, self.now = folder / name, NOON
        self.access = FlagsAccess(memory=folder / "memory", file=self.file)

    def write(self, at: datetime, **flags: Any) -> None:
        self.file.write_text(json.dumps(defined(**flags)))
        utime(self.file, (at.timestamp(), at.timestamp()))

    async def changes(self, at: datetime, query: ChangeQuery | None = None) -> ChangeSet:
        self.now = at
        return await FlagChanges(self.access, clock=lambda: self.now).changes(query or ChangeQuery(), HOUR)


@pytest.mark.anyio
async def test_a_switch_is_told_with_the_time_at_which_the_file_was_written(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(NOON - 50 * MINUTE, fast=boolean("off", metadata={"service": "cart"}), calm=boolean("on"))
    assert not await place.changes(NOON - 40 * MINUTE)

    place.write(NOON, fast=boolean("on", metadata={"service": "cart"}), calm=boolean("on"))
    found = await place.changes(NOON + 20 * MINUTE)
    again = await place.changes(NOON + 21 * MINUTE)

    where = f"{place.file.parent.name}/{place.file.name}"
    assert found.flags == (FlagChange(flag="fast", service="cart", at=NOON, before="off", after="on", place=where),)
    assert again == found
    assert await RecordedChanges(found).changes(ChangeQuery(service="cart"), HOUR) == found
    assert not await place.changes(NOON + 22 * MINUTE, ChangeQuery(service="search"))


@pytest.mark.anyio
async def test_what_is_remembered_outlives_the_process_and_is_its_owners_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(NOON - MINUTE, fast=boolean("off"))
    await place.changes(NOON)
    place.write(NOON + MINUTE, fast=boolean("on"))
    await place.changes(NOON + 2 * MINUTE)

    anew = await FlagChanges(place.access, clock=lambda: NOON + 3 * MINUTE).changes(ChangeQuery(), HOUR)

    assert [one.after for one in anew.flags] == ["on"]
    (kept,) = (tmp_path / "memory").glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.anyio
async def test_a_damaged_memory_begins_anew(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(NOON - MINUTE, fast=boolean("off"))
    await place.changes(NOON)
    (kept,) = (tmp_path / "memory").glob("*.json")
    kept.write_text("{")

    place.write(NOON + MINUTE, fast=boolean("on"))

    assert not await place.changes(NOON + 2 * MINUTE)


@pytest.mark.anyio
async def test_a_file_that_git_keeps_is_told_by_its_history(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "flags")
    place = Place(clone.folder)
    place.access = FlagsAccess(memory=tmp_path / "memory", file=place.file)
    for at, variant in ((NOON - timedelta(days=20), "off"), (NOON - 5 * MINUTE, "on"), (NOON + 50 * MINUTE, "off")):
        clone.commit("flags.json", json.dumps(defined(fast=boolean(variant))), "switch", at)
    clone.commit("flags.json", "broken", "oops", NOON + 51 * MINUTE)
    clone.commit("flags.json", json.dumps(defined(fast=boolean("off"))), "mend", NOON + 52 * MINUTE)

    found = await place.changes(NOON)

    where = f"{place.file.parent.name}/{place.file.name}"
    switched = FlagChange(flag="fast", service="", at=NOON - 5 * MINUTE, before="off", after="on", place=where)
    assert found.flags == (replace(switched, actor="ada@NAME"),)


@pytest.mark.anyio
async def test_what_a_commit_tells_is_not_told_again_because_it_was_seen(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "flags")
    place = Place(clone.folder)
    clone.commit("flags.json", json.dumps(defined(fast=boolean("off"))), "begin", NOON - timedelta(days=2))
    await place.changes(NOON - 2 * MINUTE)
    clone.commit("flags.json", json.dumps(defined(fast=boolean("on"))), "switch", NOON)

    found = await place.changes(NOON + MINUTE)

    assert [(one.at, one.before, one.after) for one in found.flags] == [
        (NOON - timedelta(days=2), "", "off"),
        (NOON, "off", "on"),
    ]


@pytest.mark.anyio
async def test_what_was_seen_of_another_repository_in_the_same_place_is_forgotten(tmp_path: Path) -> None:
    place = Place(tmp_path / "flags")
    place.access = FlagsAccess(memory=tmp_path / "memory", file=place.file)
    for name, variant in (("first", "on"), ("second", "off")):
        clone = Clone(tmp_path / name)
        clone.commit("flags.json", json.dumps(defined(fast=boolean(variant))), name, NOON - timedelta(days=20))
    (tmp_path / "first").rename(place.file.parent)
    await place.changes(NOON - 2 * MINUTE)
    place.write(NOON - MINUTE, fast=boolean("beta"))
    by_hand = await place.changes(NOON)

    place.file.parent.rename(tmp_path / "gone")
    (tmp_path / "second").rename(place.file.parent)

    assert [(one.before, one.after) for one in by_hand.flags] == [("on", "beta")]
    assert not (await place.changes(NOON + MINUTE)).flags


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": boolean("off")}, {"a": boolean("on")}, [("a", "", "off", "on")]),
        ({"a": boolean("on")}, {"a": boolean("on", state="DISABLED")}, [("a", "", "on", "disabled")]),
        ({}, {"a": boolean("on")}, [("a", "", "", "on")]),
        ({"a": boolean("on")}, {}, [("a", "", "on", "")]),
        (
            {"a": {"state": "ENABLED", "variants": {"x": 5}, "defaultVariant": "x"}},
            {"a": {"state": "ENABLED", "variants": {"x": 50}, "defaultVariant": "x"}},
            [("a", "", "x = 5", "x = 50")],
        ),
        (
            {"a": boolean("on")},
            {"a": boolean("on", targeting={"if": [True, "off", "on"]})},
            [("a", "", "on, targeting none", "on, targeting 3b6d2d3f")],
        ),
        ({"a": boolean("on")}, {"a": boolean("on", metadata={"note": "x"})}, []),
        ({"a": boolean("on"), "b": 5, "c": None}, {"a": boolean("on")}, []),
    ],
)
def test_what_differs_is_told_in_few_words(
    before: Mapping[str, Any], after: Mapping[str, Any], told: list[tuple[str, str, str, str]]
) -> None:
    found = switched(before, after)

    assert [(*one[:3], one[3].rpartition(" ")[0] if "targeting" in one[3] else one[3]) for one in found] == [
        (*one[:3], one[3].rpartition(" ")[0] if "targeting" in one[3] else one[3]) for one in told
    ]


def test_what_targeting_may_serve_and_the_rules_that_it_refers_to_are_compared_with_it() -> None:
    def ruled(share: int, value: int, domain: str) -> dict[str, Any]:
        rule = {"fractional": [{"$ref": "staff"}, ["usual", 100 - share], ["other", share]]}
        flag = {"state": "ENABLED", "variants": {"usual": 1, "other": value}, "defaultVariant": "usual"}
        return {**defined(limit={**flag, "targeting": rule}), "$evaluators": {"staff": {"in": [domain, "x"]}}}

    usual = read(ruled(10, 5, "@a"))

    assert differences(usual, read(ruled(10, 5, "@a"))) == []
    for other in (ruled(90, 5, "@a"), ruled(10, 9, "@a"), ruled(10, 5, "@b")):
        ((_, _, before, after),) = differences(usual, read(other))
        assert before.startswith("usual, targeting ")
        assert after.startswith("usual, targeting ")


def test_values_of_flags_that_are_secrets_are_hashed() -> None:
    held = {"state": "ENABLED", "variants": {"x": "s3cret-1"}, "defaultVariant": "x"}
    other = {**held, "variants": {"x": "s3cret-2"}}

    (found,) = switched({"api_token": held}, {"api_token": other})

    assert "s3cret" not in str(found)
    assert found[2] != found[3]


def test_a_file_in_yaml_is_read() -> None:
    text = b"flags:\n  fast:\n    state: ENABLED\n    variants: {slow: 1, quick: 2}\n    defaultVariant: slow\n"

    assert read_definitions(text, is_yaml=True) == {"fast": Flag(variant="slow", value="1")}


def in_yaml(text: str) -> dict[str, Flag]:
    return read_definitions(text.encode(), is_yaml=True)


@pytest.mark.parametrize("word", ["off", "no", "n", "OFF", "2026-01-01", "1", "0x10", "1_000", "1.50", "True"])
def test_a_variant_in_yaml_is_called_what_was_written(word: str) -> None:
    text = f"flags:\n  fast:\n    state: ENABLED\n    variants: {{on: 1, {word}: 2}}\n    defaultVariant: {word}\n"

    assert in_yaml(text) == {"fast": Flag(variant=word, value="2")}


@pytest.mark.parametrize(("value", "told"), [("true", "true"), ("FALSE", "false"), ("on", "on"), ("3", "3"), ("~", "")])
def test_a_value_in_yaml_is_what_flagd_reads_it_as(value: str, told: str) -> None:
    text = f"flags:\n  fast: {{state: ENABLED, variants: {{on: {value}}}, defaultVariant: on}}\n"

    assert in_yaml(text)["fast"].value == told


@pytest.mark.parametrize("nothing", ["null", "~", ""])
def test_a_flag_without_a_default_variant_has_none_in_yaml_too(nothing: str) -> None:
    assert in_yaml(f"flags:\n  fast:\n    state: ENABLED\n    defaultVariant: {nothing}\n") == {
        "fast": Flag(variant="no default")
    }


def test_flags_metadata_and_anchors_in_yaml_are_read_as_words() -> None:
    text = """
metadata: {service: no, version: 1.10}
usual: &usual {state: ENABLED, variants: &switch {on: true, off: false}}
flags:
  off: {<<: *usual, defaultVariant: off}
  on: {state: disabled, variants: *switch, defaultVariant: on, metadata: {service: 007}}
"""

    assert in_yaml(text) == {
        "off": Flag(variant="off", value="false", service="no"),
        "on": Flag(variant="disabled", value="true", service="007"),
    }


def test_the_same_flags_in_json_and_in_yaml_are_the_same() -> None:
    held = defined(fast=boolean("off", metadata={"service": "cart"}), calm=boolean("on", state="DISABLED"))
    text = """
flags:
  fast:
    state: ENABLED
    variants: {on: true, off: false}
    defaultVariant: off
    metadata: {service: cart}
  calm:
    state: DISABLED
    variants: {on: true, off: false}
    defaultVariant: on
"""

    assert in_yaml(text) == read(held)


def listed(*flags: Any, **more: Any) -> dict[str, Any]:
    return {"flags": list(flags), **more}


def test_flags_in_a_list_are_read_as_those_in_a_map() -> None:
    fast, calm = boolean("off", metadata={"service": "cart"}), boolean("on")

    found = read(listed({"key": "fast", **fast}, {"key": "calm", **calm}, "odd", {"key": ""}, None))

    assert found == read(defined(fast=fast, calm=calm))
    assert read(listed()) == {}
    assert in_yaml("flags:\n- {key: on, state: ENABLED, variants: {on: true}, defaultVariant: on}\n") == {
        "on": Flag(variant="on", value="true")
    }


def test_a_key_of_several_sets_is_told_with_its_set() -> None:
    def one(variant: str, owner: str = "") -> dict[str, Any]:
        return {"key": "fast", **boolean(variant, metadata={"flagSetId": owner} if owner else {})}

    found = read(listed(one("on", "eu"), one("off"), {"key": "calm", **boolean("on")}, metadata={"flagSetId": "us"}))

    assert {name: flag.variant for name, flag in found.items()} == {"eu/fast": "on", "us/fast": "off", "calm": "on"}


@pytest.mark.anyio
async def test_a_switch_in_a_list_of_flags_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for at, variant in ((NOON - 50 * MINUTE, "off"), (NOON, "on")):
        place.file.write_text(json.dumps(listed({"key": "fast", **boolean(variant)})))
        utime(place.file, (at.timestamp(), at.timestamp()))
        found = await place.changes(at + MINUTE)

    where = f"{place.file.parent.name}/{place.file.name}"
    assert found.flags == (FlagChange(flag="fast", service="", at=NOON, before="off", after="on", place=where),)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{here}: &{here} [{','.join(['*' + there] * 10)}]\n" for there, here in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("body", "is_yaml", "told"),
    [
        (b"{", False, "it is no JSON that can be read"),
        (b"[]", False, "it has no `flags`"),
        (b'{"flags": "fast"}', False, "it has no `flags`"),
        (b'{"flags": ["fast"]}', False, "its list `flags` has no flag with a `key`"),
        (b'{"flags": [{"state": "ENABLED"}]}', False, "its list `flags` has no flag with a `key`"),
        (b"a: [", True, "it is no YAML that can be read"),
        (BOMB.encode(), True, "it holds more than 50,000 values"),
        (b" " * (2**20 + 1), False, "it is larger than 1,048,576 bytes"),
        (b"\x00\x01", True, "it is no YAML that can be read"),
    ],
)
def test_what_is_no_definition_is_named(body: bytes, is_yaml: bool, told: str) -> None:
    with pytest.raises(NoFlags, match=told):
        read_definitions(body, is_yaml=is_yaml)


@pytest.mark.anyio
async def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with pytest.raises(SourceFailed, match="it cannot be read: No such file"):
        await place.changes(NOON)

    place.file.write_text("[]")
    with pytest.raises(SourceFailed, match=r"it has no `flags`\. Write flagd's format"):
        await place.changes(NOON)


@pytest.mark.anyio
async def test_a_memory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(NOON, fast=boolean("off"))
    (tmp_path / "memory").write_text("in the way")

    with pytest.raises(SourceFailed, match="what they were cannot be kept: File exists"):
        await place.changes(NOON)


class Flagd:
    """Evaluates flags as OFREP documents it."""

    def __init__(self) -> None:
        self.variants: dict[str, str] = {}
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        if asked.path != "/ofrep/v1/evaluate/flags":
            return said("404", 404)
        flags: list[dict[str, Any]] = [
            {"key": name, "reason": "STATIC", "variant": variant, "value": variant == "on", "metadata": {}}
            for name, variant in self.variants.items()
        ]
        flags.append({"key": "broken", "errorCode": "PARSE_ERROR", "errorDetails": "…"})
        return said(json.dumps({"flags": flags, "metadata": {}}), content_type="application/json")


def remote(url: str, folder: Path) -> FlagsAccess:
    return FlagsAccess(memory=folder, backend=backend("Flags", "ROOTLINE_FLAGS_URL", url, token="t0ken"))


@pytest.mark.anyio
async def test_flags_over_ofrep_are_compared_between_looks(tmp_path: Path) -> None:
    flagd, moment = Flagd(), [NOON]
    flagd.variants = {"fast": "off"}
    with answering(flagd.answer) as url:
        source = FlagChanges(remote(url, tmp_path), clock=lambda: moment[0])
        first = await source.changes(ChangeQuery(), HOUR)
        flagd.variants, moment[0] = {"fast": "on"}, NOON + MINUTE
        second = await source.changes(ChangeQuery(), HOUR)

    assert first == ChangeSet()
    switched = FlagChange(flag="fast", service="", at=NOON + MINUTE, before="off", after="on", place=url)
    assert second.flags == (switched,)
    assert flagd.asked[0].headers["authorization"] == "Bearer t0ken"
    assert json.loads(flagd.asked[0].body) == {"context": {"targetingKey": "rootline"}}


@pytest.mark.anyio
@pytest.mark.parametrize(
    "off",
    [{"reason": "DISABLED"}, {"reason": "DISABLED", "value": False, "variant": "off"}, {"errorCode": "FLAG_DISABLED"}],
)
async def test_a_flag_that_a_server_tells_to_be_disabled_is_told_so_with_the_service_of_its_set(
    tmp_path: Path, off: dict[str, Any]
) -> None:
    answers = [{"key": "fast", "reason": "STATIC", "variant": "on", "value": True}, {"key": "fast", **off}]

    def answer(_: Asked) -> Said:
        return said(json.dumps({"flags": [answers.pop(0)], "metadata": {"service": "cart"}}))

    with answering(answer) as url:
        source = FlagChanges(remote(url, tmp_path), clock=lambda: NOON)
        await source.look()
        (seen,) = await source.look()

    assert (seen.flag, seen.service, seen.before, seen.after) == ("fast", "cart", "on", "disabled")


@pytest.mark.anyio
async def test_a_switch_whose_time_is_not_known_is_a_remark_and_no_change(tmp_path: Path) -> None:
    flagd, moment = Flagd(), [NOON - 20 * MINUTE]
    flagd.variants = {"fast": "off"}
    with answering(flagd.answer) as url:
        source = FlagChanges(remote(url, tmp_path), clock=lambda: moment[0])
        await source.look()
        flagd.variants, moment[0] = {"fast": "on"}, NOON
        found = await source.changes(ChangeQuery(), HOUR)

    assert found == ChangeSet(
        remarks=("flag fast went from off to on between 2026-11-22 11:40 and 2026-11-22 12:00 UTC",)
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("{}", 200, "its JSON has no list `flags`"),
        ("<html>", 200, "it sent a web page, not JSON"),
        ("who are you", 401, "it answers 401: the token was refused"),
        ("x", 500, "Its own log says more"),
    ],
)
async def test_flags_that_cannot_be_had_say_why(tmp_path: Path, body: str, status: int, told: str) -> None:
    with answering(lambda _: said(body, status)) as url, pytest.raises(SourceFailed, match=told):
        await FlagChanges(remote(url, tmp_path), clock=lambda: NOON).look()


@pytest.mark.anyio
async def test_definitions_are_fetched_from_an_address_that_ends_as_a_file(tmp_path: Path) -> None:
    held = [boolean("off"), boolean("on")]
    with answering(lambda _: said(json.dumps(defined(fast=held.pop(0))))) as url:
        source = FlagChanges(remote(f"{url}/shop/flags.json", tmp_path), clock=lambda: NOON)
        await source.look()
        (seen,) = await source.look()

    assert (seen.flag, seen.before, seen.after) == ("fast", "off", "on")


def test_at_most_a_thousand_switches_are_remembered(tmp_path: Path) -> None:
    memory = FlagMemory(tmp_path, "here")
    for at in range(6):
        flags = {f"flag{number}": Flag(variant=str(at)) for number in range(250)}
        seen = memory.look(flags, NOON + at * MINUTE)

    assert len(seen) == 1000
    assert {one.after for one in seen} == {"2", "3", "4", "5"}


def test_flags_are_named_by_variables_or_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text("clusters: {a: {flags: {file: flags.yaml}}}")

    filed = stack(Given(variables={}, folder=tmp_path)).flags
    own = stack(Given(variables={"ROOTLINE_FLAGS_URL": "http://flagd:8016", "ROOTLINE_FLAGS_TOKEN": "x"})).flags

    assert filed is not None
    assert filed.file == tmp_path / "flags.yaml"
    assert own is not None
    assert (own.place, own.backend and own.backend.token) == ("http://flagd:8016", "x")
    sources = connect(Stack(flags=own))
    assert sources.changes is not None
    assert sources.changes.name == "flags"


def test_a_file_and_an_address_of_flags_together_are_refused() -> None:
    with pytest.raises(Misconfigured, match="both a file and an address"):
        stack(Given(variables={"ROOTLINE_FLAGS_URL": "http://flagd:8016", "ROOTLINE_FLAGS_FILE": "x.json"}))


@pytest.mark.anyio
async def test_the_doctor_tells_how_much_is_known_of_flags(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write(NOON, fast=boolean("off"))

    (found,) = await examine(Stack(flags=place.access), HOUR)

    assert (found.name, found.is_well) == ("flags", True)
    assert found.found == f"{place.file}: 0 switches known, the latest thousand are remembered"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
FLAG = VALUES | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("state", "variants", "defaultVariant", "targeting", "metadata"), VALUES)
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=5), FLAG, max_size=4), st.dictionaries(st.text(max_size=5), FLAG, max_size=4))
def test_no_definition_is_too_odd(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = switched(before, after)

    assert all(old != new for _, _, old, new in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES | FLAG | st.fixed_dictionaries({"key": VALUES, "metadata": VALUES}), max_size=4))
def test_no_list_of_definitions_is_too_odd(flags: list[Any]) -> None:
    with suppress(NoFlags):
        assert all(read(listed(*flags)))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.dictionaries(st.text(max_size=4), VALUES, max_size=3).map(json.dumps))
def test_no_yaml_of_definitions_is_too_odd(text: str) -> None:
    with suppress(NoFlags):
        assert all(isinstance(one, Flag) for one in in_yaml(f"flags:\n  fast: {text}\n").values())
