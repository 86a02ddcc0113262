"""What a Kubernetes Secret holds goes, wherever its manifest is printed; other manifests stay whole."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rootline.redaction import Redactor

REDACT = Redactor(b"a key of this installation")


def seen(text: str) -> str:
    """The text with each placeholder as one star."""
    return re.sub(r"«redacted:[a-z_]+:[0-9a-f]{8}»", "*", REDACT.text(text))


def test_every_value_under_data_goes_and_everything_else_stays() -> None:
    assert seen(
        'apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  user: Ym9i\n  "quoted": "YWJj"\ntype: Opaque\n'
    ) == ('apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n  user: *\n  "quoted": *\ntype: Opaque\n')


def test_what_was_not_encoded_goes_too() -> None:
    assert seen("kind: Secret\nstringData:\n  user: bob\n  words: plain words here\n") == (
        "kind: Secret\nstringData:\n  user: *\n  words: *\n"
    )


def test_each_line_of_a_block_goes() -> None:
    text = (
        "kind: Secret\nstringData:\n  app.ini: |\n    [db]\n    user = bob\n\n  next: YWJj\nmetadata:\n  name: shop\n"
    )

    assert seen(text) == (
        "kind: Secret\nstringData:\n  app.ini: |\n    *\n    *\n\n  next: *\nmetadata:\n  name: shop\n"
    )


@pytest.mark.parametrize("sign", ["+", "-", " "])
def test_a_manifest_in_a_diff_is_read_past_its_signs(sign: str) -> None:
    text = "".join(f"{sign}{line}\n" for line in ("kind: Secret", "data:", "  user: Ym9i", "type: Opaque"))

    assert seen(text) == "".join(f"{sign}{line}\n" for line in ("kind: Secret", "data:", "  user: *", "type: Opaque"))


def test_of_several_documents_only_the_secret_is_sealed() -> None:
    text = "kind: ConfigMap\ndata:\n  level: info\n---\nkind: Secret\ndata:\n  level: aW5mbw==\n---\nkind: Pod\n"

    assert seen(text) == "kind: ConfigMap\ndata:\n  level: info\n---\nkind: Secret\ndata:\n  level: *\n---\nkind: Pod\n"


def test_a_manifest_as_json_is_read_escaped_or_not() -> None:
    plain = '{"kind": "Secret", "data": {"a": "Ym9i", "b": "YWJj"}, "metadata": {"name": "shop"}}'

    assert seen(plain) == '{"kind": "Secret", "data": {"a": "*", "b": "*"}, "metadata": {"name": "shop"}}'
    assert "Ym9i" not in REDACT.text(plain.replace('"', '\\"'))


@pytest.mark.parametrize(
    "text",
    [
        "kind: ConfigMap\ndata:\n  level: info\n",
        "kind: SecretStore\ndata:\n  level: info\n",
        "kind: Secret\nmetadata:\n  name: shop\n",
        "kind: Secret\ndata:\n  level: ${LEVEL}\n",
        "the Secret has no data:\n  nothing\n",
    ],
)
def test_what_holds_nothing_stays(text: str) -> None:
    assert REDACT.text(text) == text


KEY = st.text("abcdefgh", min_size=1, max_size=12)
HELD = st.text("ABCDEFGHIJKLMNOPghijklmnop0123456789+/", min_size=8, max_size=40)


@given(data=st.dictionaries(KEY, HELD, min_size=1, max_size=5), width=st.integers(1, 8))
def test_a_manifest_written_by_a_library_loses_every_value_and_reads_as_before(
    data: dict[str, str], width: int
) -> None:
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop"}, "data": data}

    clean = REDACT.text(yaml.safe_dump(manifest, indent=width if width > 1 else 2))

    assert not any(held in clean for held in data.values())
    assert yaml.safe_load(clean)["metadata"] == {"name": "shop"}
    assert set(yaml.safe_load(clean)["data"]) == set(data)


@given(text=st.text(alphabet=st.sampled_from('kind: Secret\ndata:\n  a: b\n---|"{}+-'), max_size=200))
def test_any_arrangement_of_a_manifests_parts_keeps_its_lines(text: str) -> None:
    assert REDACT.text(f"kind: Secret\n{text}").count("\n") == text.count("\n") + 1
