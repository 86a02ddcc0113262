"""A service is its cluster, its namespace and its name; what a name leaves out differs from nothing."""

import pytest

from rootline.domain.service_key import ServiceKey, means, spelled_beside

TWO = frozenset({"eu-1", "us-1"})


@pytest.mark.parametrize(
    ("written", "clusters", "key"),
    [
        ("cart", (), ServiceKey(name="cart")),
        ("cart", TWO, ServiceKey(name="cart")),
        ("app/cart", (), ServiceKey(name="cart")),
        ("shop/cart", (), ServiceKey(name="cart", namespace="shop")),
        ("eu-1/cart", TWO, ServiceKey(name="cart", cluster="eu-1")),
        ("eu-1/app/cart", TWO, ServiceKey(name="cart", cluster="eu-1")),
        ("eu-1/shop/cart", TWO, ServiceKey(name="cart", namespace="shop", cluster="eu-1")),
        ("eu-1/shop/cart", (), ServiceKey(name="cart", namespace="shop", cluster="eu-1")),
        ("pod/shop/cart", (), ServiceKey(name="cart", namespace="shop")),
        ("eu-1", TWO, ServiceKey(name="", cluster="eu-1")),
        ("eu-1", (), ServiceKey(name="eu-1")),
        ("", (), ServiceKey(name="")),
        ("app/cart", {"app", "us-1"}, ServiceKey(name="cart", cluster="app")),
        ("eu-1/eu-1/cart", TWO, ServiceKey(name="cart", namespace="eu-1", cluster="eu-1")),
    ],
)
def test_a_name_says_where_and_what(written: str, clusters: frozenset[str], key: ServiceKey) -> None:
    assert ServiceKey.of(written, clusters) == key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cart", "app/cart", True),
        ("cart", "shop/cart", True),
        ("shop/cart", "stage/cart", False),
        ("eu-1/cart", "us-1/cart", False),
        ("eu-1/cart", "eu-1/app/cart", True),
        ("eu-1/cart", "eu-1/shop/cart", True),
        ("eu-1/shop/cart", "us-1/shop/cart", False),
        ("eu-1/cart", "cart", True),
        ("eu-1/cart", "eu-1/store", False),
    ],
)
def test_two_names_are_of_one_service_unless_a_place_that_both_tell_differs(
    one: str, other: str, *, same: bool
) -> None:
    keys = ServiceKey.of(one, TWO), ServiceKey.of(other, TWO)

    assert keys[0].is_same(keys[1]) is keys[1].is_same(keys[0]) is same


def test_a_name_that_a_service_uses_is_meant_in_its_own_cluster() -> None:
    assert spelled_beside("store", "eu-1/cart", TWO) == "eu-1/store"
    assert spelled_beside("us-1/store", "eu-1/cart", TWO) == "us-1/store"
    assert spelled_beside("store", "cart", TWO) == "store"
    assert spelled_beside("store", "shop/cart", ()) == "store"
    assert spelled_beside("", "eu-1/cart", TWO) == ""


def test_a_name_without_a_cluster_asks_for_the_service_in_each() -> None:
    assert [means("cart", one, TWO) for one in ("eu-1/cart", "us-1/cart", "eu-1/store")] == [True, True, False]
    assert [means("eu-1/cart", one, TWO) for one in ("eu-1/cart", "us-1/cart")] == [True, False]
    assert means("", "anything", ())


def test_with_one_cluster_a_name_asks_for_itself_alone() -> None:
    assert [means("cart", one, ()) for one in ("cart", "app/cart", "shop/cart")] == [True, False, False]
