from rootline.changes.words.tokens import MAX_TEXT, identifiers, parts, stem, terms


def test_a_written_word_falls_into_its_parts_and_stays_whole() -> None:
    assert parts("readDNSTimeout") == ("read", "dns", "timeout", "readdnstimeout")
    assert parts("max_open_conns") == ("max", "open", "conn", "max_open_conns")


def test_endings_fall_away_but_no_stem_is_shorter_than_four_letters() -> None:
    assert {stem(word) for word in ("leak", "leaks", "leaked", "leaking")} == {"leak"}
    assert stem("servers") == stem("server")
    assert stem("orders") == stem("order")
    assert stem("time") == "time"
    assert stem("timeout") != stem("time")


def test_words_that_say_nothing_are_no_terms() -> None:
    assert dict(terms("The fix for this commit")) == {}


def test_only_code_is_an_identifier() -> None:
    assert identifiers("relation dashboard_rows is not a RowMapper today") == {"dashboard_rows", "rowmapper"}


def test_text_beyond_the_bound_is_not_read() -> None:
    assert "zebra" not in terms("x " * MAX_TEXT + "zebra")
