"""A model is redacted by its texts alone, however many numbers it holds."""

from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, computed_field

from rootline.domain.signal import Series
from rootline.redaction import Redactor
from rootline.redaction.records import clean as clean_records
from rootline.redaction.texts import texts_of

REDACTOR = Redactor(b"a key for tests")
SECRET = "hunter2-Zx81-aqLm92"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Inner(BaseModel):
    kind: Literal["inner"] = "inner"
    points: list[tuple[float, float | None]] = []
    notes: dict[str, str] = {}


class Outer(BaseModel):
    at: AwareDatetime = NOW
    count: int | None = None
    inner: Inner = Inner()
    many: tuple[Inner, ...] = ()
    anything: Any = None


def test_fields_of_numbers_moments_and_words_of_ours_are_not_walked() -> None:
    held = Outer(inner=Inner(points=[(1.0, None)], notes={"a": "b"}), many=(Inner(),), anything=[1, "two"])

    assert texts_of(held) == {"inner": held.inner, "many": held.many, "anything": [1, "two"]}
    assert texts_of(held.inner) == {"notes": {"a": "b"}}


def test_a_model_without_a_secret_comes_back_itself() -> None:
    held = Outer(many=(Inner(points=[(1.0, 2.0)], notes={"a": "plain words"}),))

    assert REDACTOR.model(held) is held


@pytest.mark.parametrize(
    "held",
    [
        Outer(inner=Inner(notes={"password": SECRET})),
        Outer(many=(Inner(), Inner(points=[(1.0, None)], notes={"api_key": SECRET}))),
        Outer(anything={"deep": [{"client_secret": SECRET}]}),
        Outer(anything=Inner(notes={"password": SECRET})),
    ],
)
def test_a_secret_anywhere_is_found_and_the_numbers_stay(held: Outer) -> None:
    clean = REDACTOR.model(held)

    assert SECRET not in clean.model_dump_json()
    assert [one.points for one in clean.many] == [one.points for one in held.many]
    assert clean.at == NOW


def test_what_a_model_did_not_declare_is_read_too() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")

    class Computed(BaseModel):
        @computed_field  # type: ignore[prop-decorator]
        @property
        def told(self) -> str:
            return "words"

    assert texts_of(Open.model_validate({"password": SECRET})) == {"password": SECRET}
    assert SECRET not in REDACTOR.model(Open.model_validate({"password": SECRET})).model_dump_json()
    assert texts_of(Computed()) == {"told": "words"}


def test_series_that_share_a_secret_all_lose_it_and_those_without_come_back_themselves() -> None:
    times = np.array([1.0, 2.0])
    plain = Series(service="web", metric="errors", times=times, values=times, labels={"path": "/cart"})
    named = Series(service=f"token={SECRET}", metric="errors", times=times, values=times)
    again = Series(service=f"token={SECRET}", metric="latency", times=times, values=times)
    labelled = Series(service="web", metric="errors", times=times, values=times, labels={"password": SECRET})

    clean = clean_records([plain, named, again, labelled], REDACTOR)

    assert clean[0] is plain
    assert clean[1].service == clean[2].service == REDACTOR.text(f"token={SECRET}")
    assert SECRET not in clean[1].service
    assert clean[3].labels["password"].startswith("«redacted:")
    assert clean_records([], REDACTOR) == []


def test_the_same_text_under_another_key_is_judged_for_itself() -> None:
    held = Outer(anything=[{"note": SECRET}, {"password": SECRET}, {"note": SECRET}, SECRET])

    clean = REDACTOR.model(held)

    assert clean.anything[0] == clean.anything[2] == {"note": SECRET}
    assert clean.anything[1]["password"].startswith("«redacted:")
    assert clean.anything[3] == SECRET
