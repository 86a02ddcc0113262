import pytest

from rootline.errors import Misconfigured
from rootline.models.prices import Price, Tokens, cost_usd, price_of, read_prices


def test_cached_and_kept_tokens_have_prices_of_their_own() -> None:
    price = Price(read=10.0, written=50.0, cached=1.0, kept=12.5)
    tokens = Tokens(read=1_000_000, written=100_000, cached=500_000, kept=100_000)

    assert cost_usd(tokens, price) == pytest.approx(4.0 + 5.0 + 0.5 + 1.25)


def test_an_unknown_model_has_no_price_and_costs_nothing() -> None:
    assert price_of("Qwen/Qwen3-8B") is None
    assert cost_usd(Tokens(read=1000, written=1000), None) == 0.0


def test_a_dated_snapshot_has_the_price_of_its_model() -> None:
    assert price_of("claude-haiku-4-5-20251001") == price_of("claude-haiku-4-5") is not None
    assert price_of("gpt-5-2025-08-07") == price_of("gpt-5") is not None


def test_a_price_list_of_ones_own_comes_before_ours() -> None:
    prices = read_prices('{"gpt-5": {"read": 1, "written": 2, "cached": 0, "kept": 1}}')

    assert price_of("gpt-5", prices) == Price(read=1.0, written=2.0, cached=0.0, kept=1.0)
    assert price_of("gpt-5-mini", prices) == price_of("gpt-5-mini")


@pytest.mark.parametrize("text", ["", "[]", '{"m": 1}', '{"m": {"read": 1}}', "[" * 100_000])
def test_a_price_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured, match="price list"):
        read_prices(text)
