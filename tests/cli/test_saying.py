import json

import pytest

from rootline.cli.saying import say, say_json


def test_lines_stand_below_each_other_and_no_line_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say("one", "two")
    say()

    assert capsys.readouterr().out == "one\ntwo\n"


@pytest.mark.parametrize("words", ["Grüße, 日本", "half \ud83d of a pair", 'quotes " and \\ and \n lines'])
def test_what_a_script_reads_is_json_whatever_the_words(capsys: pytest.CaptureFixture[str], words: str) -> None:
    say_json({"title": words})

    said = capsys.readouterr().out
    assert json.loads(said)["title"].encode(errors="surrogatepass") == words.encode(errors="surrogatepass")


def test_half_of_a_pair_is_spelled_out_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    say("half \ud83d of a pair")

    assert capsys.readouterr().out == "half \\ud83d of a pair\n"
