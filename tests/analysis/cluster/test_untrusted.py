import random

import pytest
from tests.analysis.cluster.shop import NAMESPACE, healthy, investigate

from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.yamltree import documents

ODD = ("²", "\x00", "{", "[", "- ", "\t", "9" * 5000, ":", "é")


def mangled(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text)) if text else 0
    return dice.choice((text[:at], text[:at] + dice.choice(ODD) + text[at:], text.replace(" ", "", at), text))


@pytest.mark.parametrize("seed", range(20))
def test_no_text_however_broken_stops_an_investigation(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 nothing here is secret
    answers = {query: mangled(text, dice) for query, text in healthy().answers().items()}

    found, seen = investigate(answers)
    everything = diagnose(answers, NAMESPACE, "")

    assert len(seen) <= 20
    assert all(0 <= f.score <= 1 and 0 <= f.probability <= 1 for f in [*found, *everything])
    assert sum(f.probability for f in found) < 1


@pytest.mark.parametrize("text", ["[" * 90_000, "- " * 90_000 + "a", "{a: " * 90_000])
def test_yaml_that_nests_without_end_is_not_read(text: str) -> None:
    assert documents(text) == []


def test_the_same_answers_give_the_same_findings() -> None:
    answers = healthy().answers()

    assert investigate(answers) == investigate(answers)
