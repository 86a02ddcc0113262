"""A sealed credential opens in its own place, with its own key, unchanged, and nowhere else."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rootline.errors import Misconfigured
from rootline.store.fleet import Sealed
from rootline.store.sealing import CredentialKeys, key_id, read_keys, write_keys

ONE, OTHER = UUID(int=1), UUID(int=2)
KEYS = CredentialKeys(keys=(b"k" * 32,), where="a test")
SEALED = KEYS.seal(ONE, "east", "prometheus", "open sesame")


@given(some.text(max_size=200))
def test_what_was_sealed_opens(secret: str) -> None:
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    assert KEYS.open(ONE, KEYS.seal(ONE, "east", "prometheus", secret)) == secret


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert KEYS.seal(ONE, "east", "prometheus", "open sesame").box != SEALED.box


@pytest.mark.parametrize(
    ("tenant", "change"),
    [
        (OTHER, {}),
        (ONE, {"cluster": "west"}),
        (ONE, {"source": "loki"}),
        (ONE, {"box": base64.b64encode(b"\0" * 60).decode()}),
        (ONE, {"box": ""}),
        (ONE, {"box": SEALED.box[:-8]}),
    ],
)
def test_elsewhere_or_changed_it_stays_shut(tenant: UUID, change: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match="is damaged, or was sealed for another place") as shut:
        KEYS.open(tenant, SEALED.model_copy(update=change))

    assert "sesame" not in str(shut.value)


def test_a_missing_key_is_named_by_its_id_alone() -> None:
    others = CredentialKeys(keys=(b"o" * 32,), where="the file")

    with pytest.raises(Misconfigured, match=rf"the key {key_id(b'k' * 32)}, which the file does not hold") as shut:
        others.open(ONE, SEALED)

    assert base64.b64encode(b"k" * 32).decode() not in str(shut.value)


def test_a_newer_key_opens_the_older_one_s_and_seals_with_its_own() -> None:
    both = CredentialKeys(keys=(b"n" * 32, b"k" * 32), where="a test")

    turned = both.resealed(ONE, SEALED)

    assert (turned.key_id, both.open(ONE, turned)) == (key_id(b"n" * 32), "open sesame")
    assert both.resealed(ONE, turned) is turned


def test_keys_and_boxes_are_not_shown() -> None:
    shown = repr(KEYS) + str(KEYS) + repr(SEALED) + str(SEALED)

    assert "kkk" not in shown
    assert SEALED.box not in shown


def test_keys_read_back_in_their_order() -> None:
    both = CredentialKeys(keys=(b"n" * 32, b"k" * 32), where="here")

    assert read_keys(write_keys(both), "here") == both
    assert read_keys(write_keys(both).replace("\n", ","), "here") == both


@pytest.mark.parametrize("text", ["", "   ", "not base64!", base64.b64encode(b"short").decode(), "AAAA,AAAA"])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(Misconfigured, match="must hold keys of 32 bytes in base64") as refused:
        read_keys(text, "ROOTLINE_CREDENTIAL_KEY")

    assert "short" not in str(refused.value)
    assert isinstance(SEALED, Sealed)
