"""What enters a command is a plain name, and every word of it is one word to the shell."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.remediation.names import (
    NAMESPACE,
    Open,
    is_commit,
    is_flag,
    is_namespace,
    is_object_name,
    is_path,
    is_plain_value,
    kubectl,
    shell,
)

HOSTILE = (
    "",
    " ",
    "a b",
    "a;b",
    "a\nb",
    "a\n",
    "$(id)",
    "`id`",
    "-rf",
    "--all",
    "a'b",
    'a"b',
    "a|b",
    "a&b",
    "a\0b",
    "ä",
)


@pytest.mark.parametrize(
    "name", ["cart", "a", "0", "cart-1", "cart.shop.svc", "a--b", "0a.b0", "x" * 253, f"{'x' * 63}.{'y' * 63}"]
)
def test_what_kubernetes_accepts_is_an_objects_name(name: str) -> None:
    assert is_object_name(name)


@pytest.mark.parametrize(
    "name",
    [*HOSTILE, "Cart", "cart_1", "cart/1", "-cart", "cart-", ".cart", "cart.", "a..b", "a.-b", "a-.b", "x" * 254],
)
def test_what_kubernetes_refuses_is_none(name: str) -> None:
    assert not is_object_name(name)


@pytest.mark.parametrize(("name", "fits"), [("shop", True), ("x" * 63, True), ("x" * 64, False), ("a.b", False)])
def test_a_namespace_is_one_label(name: str, *, fits: bool) -> None:
    assert is_namespace(name) is fits


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_is_a_name_of_any_kind(name: str) -> None:
    kinds = (is_object_name, is_namespace, is_commit, is_flag, is_plain_value, is_path)

    assert [one.__name__ for one in kinds if one(name)] == []


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        ("4f2a91c", True),
        ("4f2a91c07de84fa2b1f0c0ffee4f2a91c07de84f", True),
        ("a" * 64, True),
        ("4f2a91", False),
        ("4F2A91C", False),
        ("4f2a91g", False),
        ("a" * 65, False),
        ("4f2a91c\n", False),
    ],
)
def test_a_commit_is_seven_to_sixty_four_hexadecimal_digits(label: str, *, fits: bool) -> None:
    assert is_commit(label) is fits


@pytest.mark.parametrize(
    ("label", "fits"),
    [("new-cart", True), ("a.b:c_d", True), ("9lives", False), ("-x", False), ("a/b", False), ("x" * 129, False)],
)
def test_a_flag_is_an_identifier(label: str, *, fits: bool) -> None:
    assert is_flag(label) is fits


@pytest.mark.parametrize(
    ("value", "fits"),
    [("on", True), ("250ms", True), ("v1.4.2", True), ("50%", True), ("a=b", False), ("-1", False), ("x" * 65, False)],
)
def test_a_value_that_a_step_repeats_is_short_and_plain(value: str, *, fits: bool) -> None:
    assert is_plain_value(value) is fits


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("a", True),
        ("charts/shop/values.yaml", True),
        ("_private/x-1.sql", True),
        ("/etc/passwd", False),
        ("../x", False),
        ("a/../x", False),
        ("a/..", False),
        ("a..b", False),
        ("-x", False),
        (".hidden", False),
        ("x" * 202, False),
    ],
)
def test_a_path_leads_nowhere_but_down(path: str, *, fits: bool) -> None:
    assert is_path(path) is fits


@given(
    words=st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20), min_size=1, max_size=6)
)
def test_every_word_reaches_the_program_as_it_was(words: list[str]) -> None:
    assert shlex.split(shell(*words)) == words


@pytest.mark.parametrize("word", ["$HOME", "a b", "a'b", "`id`", "*", "~", "a\nb", "#x", "-n"])
def test_a_real_shell_reads_each_word_as_one(word: str) -> None:
    ran = subprocess.run(["sh", "-c", shell("printf", "%s", word)], capture_output=True, text=True, check=True)

    assert ran.stdout == word


def test_an_open_value_stops_the_command_until_somebody_names_it() -> None:
    command = shell("printf", "%s", Open("WHERE", "name the place", before="at="))

    refused = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env={})
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, env={"WHERE": "a b"})

    assert refused.returncode != 0
    assert "name the place" in refused.stderr
    assert ran.stdout == "at=a b"


def test_a_command_for_kubernetes_has_its_namespace_or_asks_for_it() -> None:
    assert kubectl("shop", "get", "pods") == "kubectl -n shop get pods"
    assert kubectl("", "get", "pods") == f"kubectl -n {NAMESPACE} get pods"
