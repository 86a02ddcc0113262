import pytest

from rootline.changes.paths.ownership import aliases, belongs, owner


@pytest.mark.parametrize(
    "name", ["checkoutservice", "checkout-svc", "CheckoutServer", "prod/shop/checkout", "checkout-api"]
)
def test_a_service_answers_to_its_short_name(name: str) -> None:
    assert belongs("services/checkout/order.go", name)


def test_generic_words_are_nobodys_name() -> None:
    assert aliases("web") == frozenset()
    assert not belongs("services/billing/api/web.go", "web-api")


def test_paths_are_own_shared_or_somebody_elses() -> None:
    others = frozenset({"cartservice"})

    assert owner("services/checkout/order.go", "checkoutservice", others) == "own"
    assert owner("src/cart/cart.go", "checkoutservice", others) == "other"
    assert owner("services/unnamed/main.go", "checkoutservice", others) == "other"
    assert owner("pkg/db/pool.go", "checkoutservice", others) == "shared"
    assert owner("go.mod", "checkoutservice", others) == "shared"
    assert owner("cart/go.mod", "checkoutservice", others) == "other"
    assert owner("scripts/run.sh", "checkoutservice", others) == "unknown"
