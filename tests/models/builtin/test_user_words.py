from datetime import UTC, datetime, timedelta

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, LogFact, ScoreComponent
from rootline.domain.window import Window
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.user_words import MOST_ON_USER_WORDS, capped

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
CLAIM = ScoreComponent(name="provider failure", contribution=2.2, reason="an error says so: payments provider down")


def log(text: str, *, by_user: bool) -> LogFact:
    return LogFact(subject="shop", template=text, count=9, novelty=1.0, is_error=True, user_written=by_user)


def seen(*facts: AnyFact) -> Seen:
    source = SourceName(backend="made up")
    reading = Reading(status="ok", summary="", facts=facts, source=source, window=HOUR)
    return Seen(
        Shelf(
            {"E1": Evidence(label="E1", tool="search_logs", arguments={}, reading=reading, sha256="", taken_at=START)}
        )
    )


def test_words_that_only_users_could_have_written_persuade_little() -> None:
    (found,) = capped([CLAIM], seen(log("user agent: payments provider down", by_user=True)))

    assert found.contribution == MOST_ON_USER_WORDS
    assert "capped" in found.reason


def test_a_program_that_says_the_same_lifts_the_cap() -> None:
    facts = (
        log("user agent: payments provider down", by_user=True),
        log("call failed: payments provider down", by_user=False),
    )

    assert capped([CLAIM], seen(*facts)) == (CLAIM,)


def test_errors_that_users_wrote_accuse_nobody() -> None:
    found = seen(log("cart is broken", by_user=True))

    assert found.accusers("cart") == ()
    assert found.loudness("shop") == 0.0
