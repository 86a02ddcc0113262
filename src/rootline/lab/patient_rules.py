"""Rules that look back for a minute: they find what is too rare, or too quiet, for those that look at seconds."""

from collections.abc import Mapping

from rootline.lab.rule import alert, requests, slow

OVER = "1m"
SOME_SHARE, SOME_FAILED = 0.005, 3
"""Source: ours; half a percent is what a promise of two nines and a half leaves, and one failure alone is none."""
TAIL, TAIL_OBJECTIVES = 0.99, 4.0
NOW, AGO, SEEN_SCRAPES = "20s", "40s", 40
LEFT_SHARE, LEAST_PER_S = 0.2, 0.5
"""Source: ours; what is asked twice a second or less often may be asked for by nobody for a while."""
LOUDER = 'count(ALERTS{alertstate="firing", alertname!~"RequestsGone|ErrorsSome"}) > 0'


def patient_rules(objectives_s: Mapping[str, float]) -> tuple[dict[str, object], ...]:
    """The rules, given each service's objective for its response times."""
    return (
        _some_errors(),
        *(
            slow(name, "TailSlow", TAIL, TAIL_OBJECTIVES * longest_s, "10s", OVER)
            for name, longest_s in objectives_s.items()
        ),
        _requests_gone(),
    )


def _some_errors() -> dict[str, object]:
    failed, every = requests('status=~"5.."', OVER), requests(over=OVER)
    many = f'sum by (service) (increase(http_server_requests_total{{status=~"5.."}}[{OVER}])) >= {SOME_FAILED}'
    said = f"{SOME_SHARE:.1%} of requests fail"
    return alert("ErrorsSome", f"{failed} / {every} > {SOME_SHARE} and {many}", "10s", "medium", said)


def _requests_gone() -> dict[str, object]:
    """Nothing else fires, and a service that was asked is hardly asked any more, or shows no more that it is."""
    before = requests(over=OVER, before=AGO)
    known = f"(count_over_time(up[{OVER}] offset {AGO}) > {SEEN_SCRAPES})"
    still = f"{requests(over=NOW)} > {LEFT_SHARE} * {before}"
    asked = f"({before} > {LEAST_PER_S} and on (service) {known})"
    gone = f"({asked} unless on (service) ({still})) unless on () ({LOUDER})"
    return alert("RequestsGone", gone, "5s", "high", "it is hardly asked any more")
