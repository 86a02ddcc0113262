"""That the release before fails too."""

import pytest

from rootline.changes.outside.tried import tried
from rootline.changes.symptom import Symptom


def says(text: str) -> bool:
    return bool([*tried(Symptom(service="edi", texts=("edi fails", text)))])


@pytest.mark.parametrize(
    "text",
    [
        "rolled back to previous release, same panic",
        "rollback pod (previous release): token endpoint 401 invalid_client",
        "previous release: POST /oauth/token refused",
        "old version: connection timed out",
    ],
)
def test_an_error_of_the_release_before_is_heard(text: str) -> None:
    assert says(text)


@pytest.mark.parametrize(
    "text",
    [
        "rolled back pod is healthy, no errors",
        "previous release works, new pods crash",
        "old pod terminated",
        "cannot read state written by previous version: invalid header",
        "request failed: timed out",
    ],
)
def test_words_of_a_release_before_that_is_well_or_only_named_are_not(text: str) -> None:
    assert not says(text)
