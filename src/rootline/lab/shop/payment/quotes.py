"""Whether a quote may still be charged."""

from ..lib import clock
from ..lib.wire import Failure, Json

AHEAD_S = 2.0


def check(quote: Json, longest_s: float) -> None:
    """Refuse a quote that is too old, or from the future."""
    age = clock.now() - float(quote["issued_at"])
    if age > longest_s:
        raise Failure(500, f"the quote has expired: it was issued {age:.0f} s ago")
    if age < -AHEAD_S:
        raise Failure(500, f"the quote is not yet valid: it was issued {-age:.0f} s in the future")
    if int(quote["total"]) <= 0:
        raise Failure(400, "there is nothing to charge")
