import pytest

from rootline.models.prices import Price, Tokens, cost_usd, price_of


def test_cached_and_kept_tokens_have_prices_of_their_own() -> None:
    price = Price(read=10.0, written=50.0, cached=1.0, kept=12.5)
    tokens = Tokens(read=1_000_000, written=100_000, cached=500_000, kept=100_000)

    assert cost_usd(tokens, price) == pytest.approx(4.0 + 5.0 + 0.5 + 1.25)


def test_an_unknown_model_has_no_price_and_costs_nothing() -> None:
    assert price_of("Qwen/Qwen3-8B") is None
    assert cost_usd(Tokens(read=1000, written=1000), None) == 0.0


def test_a_dated_snapshot_has_the_price_of_its_model() -> None:
    assert price_of("claude-opus-4-5-20251101") == price_of("claude-opus-4-5") is not None
