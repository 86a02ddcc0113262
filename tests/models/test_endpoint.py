import pytest

from rootline.errors import Misconfigured
from rootline.models.endpoint import checked_key, endpoint


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"),
        (" https://models.example/v1/ ", "https://models.example/v1"),
        ("https://gateway.example/openai/v1", "https://gateway.example/openai/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
    ],
)
def test_an_address_gets_the_path_that_it_lacks(url: str, expected: str) -> None:
    assert endpoint(url, path="/v1") == expected


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000", "ftp://a/", "http://", "http://a:99999", "http://a b/", "http://[", "file:///etc/passwd"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="ROOTLINE_MODEL_URL is no address"):
        endpoint(url, path="/v1")


@pytest.mark.parametrize("url", ["http://me:hunter22@a/v1", "https://a/v1?key=hunter22", "https://a/v1#hunter22"])
def test_a_secret_in_an_address_is_refused_without_being_said(url: str) -> None:
    with pytest.raises(Misconfigured, match="ROOTLINE_MODEL_KEY") as failure:
        endpoint(url, path="/v1")

    assert "hunter22" not in str(failure.value)


def test_an_empty_key_is_none_and_white_space_around_one_is_dropped() -> None:
    assert [checked_key(key) for key in (None, "", " \n", " sk-1\n")] == [None, None, None, "sk-1"]


@pytest.mark.parametrize("key", ["sk-1\r\nX-Evil: 1", "sk 1", "schlüssel", "k" * 10_001])
def test_a_key_that_cannot_be_a_header_is_refused_without_being_said(key: str) -> None:
    with pytest.raises(Misconfigured, match="model key") as failure:
        checked_key(key)

    assert key not in str(failure.value)
