"""Foreign files are read with an error that names the file and what to mend, whatever bytes they hold."""

import gzip
import lzma
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootline.analysis.cluster.calls import from_call
from rootline.errors import BadTape
from rootline.tapes.folder import LARGEST_FILE_BYTES
from rootline.tapes.importers import packed
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.json_files import field, moment, read_json, read_text, rows
from rootline.tapes.importers.rootcausebench import read_rootcausebench

DEEP = "[" * 100_000
LONG_NUMBER = "9" * 5_000
needs_zstd = pytest.mark.skipif(shutil.which("zstd") is None, reason="the program zstd is not installed")


def test_a_file_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert read_text(tmp_path / "none.json") is None
    assert read_json(tmp_path / "none.json") is None
    assert read_json(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "", "nope", "[1,]", DEEP, LONG_NUMBER, "{'a': 1}"])
def test_what_is_no_json_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)

    with pytest.raises(BadTape, match=r"a\.json is no JSON: .*\. Fetch it again or mend it\."):
        read_json(file)


def test_what_is_no_text_and_what_is_too_large_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with (tmp_path / "b.json").open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)

    with pytest.raises(BadTape, match=r"a\.json cannot be read: 'utf-8' codec"):
        read_text(tmp_path / "a.json")
    with pytest.raises(BadTape, match=r"b\.json is larger than the 268,435,456 bytes that are read\. Cut it"):
        read_text(tmp_path / "b.json")


@pytest.mark.parametrize("value", [None, {}, "a", 7, [1], [{}, []], [{}, None]])
def test_anything_but_a_list_of_objects_is_refused(value: object) -> None:
    with pytest.raises(BadTape, match=r"a\.json must hold a list of objects"):
        rows(value, Path("a.json"))


def test_a_list_of_objects_is_returned_as_it_is() -> None:
    assert rows([], Path("a.json")) == []
    assert rows([{"a": 1}], Path("a.json")) == [{"a": 1}]


@pytest.mark.parametrize(("row", "has"), [({}, "nothing"), ({"b": 1, "a": 2}, "a, b")])
def test_a_field_that_is_missing_is_named_beside_those_that_are_there(row: dict[str, int], has: str) -> None:
    with pytest.raises(BadTape, match=rf"an entry has no 'at'; it has {has}\."):
        field(row, "at", Path("a.json"))


@pytest.mark.parametrize("value", [None, "", "noon", 7, [], "2026-02-30T00:00:00Z", "x" * 500])
def test_what_is_no_time_is_shown_in_short(value: object) -> None:
    with pytest.raises(BadTape, match="is no RFC 3339 time") as told:
        moment(value, Path("a.json"))

    assert len(str(told.value)) < 120


def test_a_time_without_a_zone_is_utc() -> None:
    assert moment("2026-03-01T12:00:00", Path("a")) == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told_so"),
    [
        ("{", "line 1 is no JSON"),
        ("{}\n", "an entry has no 'timestamp'; it has nothing"),
        ('{"timestamp": "noon"}', "'noon' is no RFC 3339 time"),
        ("[1]", "line 1 is no JSON object"),
        ("7", "line 1 is no JSON object"),
        ('{"timestamp": "2026-03-01T00:00:00Z"}\nnull', "line 2 is no JSON object"),
        (DEEP, "line 1 is no JSON"),
        (LONG_NUMBER, "line 1 is no JSON"),
    ],
)
def test_a_line_of_a_constructed_incident_is_named_where_it_is_none(tmp_path: Path, text: str, told_so: str) -> None:
    (tmp_path / "logs.ndjson").write_text(text)

    with pytest.raises(BadTape, match=rf"logs\.ndjson.*{told_so}"):
        read_rootcausebench(tmp_path)


@pytest.mark.parametrize("read", [read_rootcausebench, read_cloudops])
def test_an_empty_folder_is_no_case(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(BadTape):
        read(tmp_path)


@pytest.mark.parametrize("cache", ["[]", "7", DEEP, LONG_NUMBER, "null", '{"collection_timestamp": "noon"}'])
def test_a_cluster_case_of_another_form_is_refused(tmp_path: Path, cache: str) -> None:
    (tmp_path / "tool_cache.json").write_text(cache)
    (tmp_path / "metadata.json").write_text('{"query": "why?"}')

    with pytest.raises(BadTape):
        read_cloudops(tmp_path)


def test_a_cluster_case_without_a_time_still_has_a_window(tmp_path: Path) -> None:
    (tmp_path / "tool_cache.json").write_text("{}")
    (tmp_path / "metadata.json").write_text('{"query": "why?", "namespace": "shop", "root_cause": "hidden"}')

    found = read_cloudops(tmp_path)

    assert (found.question.text, found.question.namespace, found.cluster) == ("why?", "shop", ())
    assert "hidden" not in repr(found)


def test_a_packed_file_is_read_as_a_plain_one(tmp_path: Path) -> None:
    plain, small = tmp_path / "a.json", tmp_path / "b.json.gz"
    plain.write_text('{"a": 1}\n\n{"a": 2}\n')
    small.write_bytes(gzip.compress(plain.read_bytes()))

    assert packed.objects(plain) == packed.objects(small) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["[1]", "7", "{", DEEP, LONG_NUMBER, '{"a": 1}\n[]'])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text)

    with pytest.raises(BadTape, match=r"a\.json must hold one JSON object a line"):
        packed.objects(file)


@pytest.mark.parametrize("value", [DEEP, LONG_NUMBER, '{"a": ' + LONG_NUMBER + "}", "{", "[", "plain words", ""])
def test_an_answer_of_a_cluster_that_is_no_json_is_kept_as_text(value: str) -> None:
    key = 'GetAlerts:{"namespace": "shop"}'

    found = from_call(key, value)

    assert found is not None
    assert found[1] == value


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    key=st.text(max_size=60)
    | st.builds("{}:{}".format, st.sampled_from(["GetAlerts", "GetResources"]), st.just("{}") | st.text()),
    value=st.text(max_size=60) | st.dictionaries(st.text(max_size=5), st.lists(st.integers(), max_size=3), max_size=3),
)
def test_no_recorded_call_breaks_the_reader(key: str, value: object) -> None:
    found = from_call(key, value)

    assert found is None or isinstance(found[1], str)


@pytest.mark.parametrize("ending", [".gz", ".xz"])
@pytest.mark.parametrize(
    "content", [b"", b"not packed at all", b"\x1f\x8b\x08\x00" + b"\xff" * 40, b"\xfd7zXZ\x00" + b"\xff" * 40]
)
def test_a_packed_file_that_is_broken_is_named(tmp_path: Path, ending: str, content: bytes) -> None:
    file = tmp_path / f"a.json{ending}"
    file.write_bytes(content)

    try:
        read = packed.unpack(file)
    except BadTape as refused:
        assert f"{file} cannot be unpacked" in str(refused)  # noqa: PT017 an empty gzip file is an empty one
    else:
        assert (read, content) == (b"", b"")


def test_a_packed_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.json.gz"
    file.write_bytes(gzip.compress(b"x" * 10_000)[:-12])

    with pytest.raises(BadTape, match=r"a\.json\.gz cannot be unpacked"):
        packed.unpack(file)


def zstd(content: bytes) -> bytes:
    return subprocess.run(["zstd", "-cq"], input=content, capture_output=True, check=True).stdout


@needs_zstd
def test_a_file_packed_with_zstd_is_read_as_a_plain_one(tmp_path: Path) -> None:
    small = tmp_path / "b.json.zst"
    small.write_bytes(zstd(b'{"a": 1}\n\n{"a": 2}\n'))

    assert packed.objects(small) == [{"a": 1}, {"a": 2}]


@needs_zstd
def test_a_broken_zstd_file_is_named(tmp_path: Path) -> None:
    half, other = tmp_path / "half.zst", tmp_path / "other.zst"
    half.write_bytes(zstd(bytes(range(256)) * 4096)[:-20])
    other.write_bytes(b"nothing of the kind")

    for file in (half, other):
        with pytest.raises(BadTape, match=rf"{file.name} cannot be unpacked"):
            packed.unpack(file)


@pytest.mark.parametrize("ending", ["", ".gz", ".xz", pytest.param(".zst", marks=needs_zstd)])
def test_no_more_is_unpacked_than_may_be_held(tmp_path: Path, ending: str) -> None:
    content, most = bytes(64_000_000), 1_000_000
    packs: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstd}
    file = tmp_path / f"bomb{ending}"
    file.write_bytes(packs[ending](content))
    del content
    tracemalloc.start()

    try:
        with pytest.raises(BadTape, match="holds more than 1,000,000 bytes"):
            packed.unpack(file, most)
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert highest < 20_000_000
