import pytest

from rootline.domain.stated import Place, StatedClaim
from rootline.errors import ToolFault
from rootline.tools.claim_text import read_claim


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("E3[0] rose", StatedClaim(evidence="E3", fact=0, predicate="rose")),
        ("  E3[0]  fell 3,830 ", StatedClaim(evidence="E3", fact=0, predicate="fell", value=3830.0)),
        (
            "E1[2] equals current 210",
            StatedClaim(evidence="E1", fact=2, predicate="equals", field="current", value=210.0),
        ),
        (
            "E1[2] equals is_ready false",
            StatedClaim(evidence="E1", fact=2, predicate="equals", field="is_ready", value=False),
        ),
        ('E4[1] contains "500"', StatedClaim(evidence="E4", fact=1, predicate="contains", value="500")),
        ("E4[1] contains line 7 42", StatedClaim(evidence="E4", fact=1, predicate="contains", line=7, value="42")),
        (
            "E3[0] precedes E5[1]",
            StatedClaim(evidence="E3", fact=0, predicate="precedes", other=Place(evidence="E5", fact=1)),
        ),
    ],
)
def test_a_line_is_read_as_the_claim_it_states(line: str, claim: StatedClaim) -> None:
    assert read_claim(line) == claim


@pytest.mark.parametrize(
    ("line", "helps"),
    [
        ("it rose", "Write E3[0] rose"),
        ("E0[0] rose", "Write E3[0] rose"),
        ("E3[0] raised", "Did you mean"),
        ("E3[0] precedes the alert", "names no fact"),
    ],
)
def test_what_cannot_be_read_is_answered_with_how_to_write_it(line: str, helps: str) -> None:
    with pytest.raises(ToolFault) as refused:
        read_claim(line)

    assert helps in str(refused.value)
    assert "pydantic" not in str(refused.value)
