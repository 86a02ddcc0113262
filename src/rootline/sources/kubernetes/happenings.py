"""What an event says, whichever of the two kinds of events it is."""

from datetime import datetime

from rootline.sources.kubernetes.raw import Raw, newest


def seen_last(event: Raw) -> datetime | None:
    """When an event was seen last."""
    return (
        newest([event.moment("lastTimestamp"), event.moment("series", "lastObservedTime")])
        or event.moment("eventTime")
        or event.moment("metadata", "creationTimestamp")
    )


def subject(event: Raw) -> str:
    """Whom an event is about, as `pod/NAME`."""
    about = event.at("involvedObject") or event.at("regarding")
    return f"{about.text('kind').lower() or 'unknown'}/{about.text('name') or 'unknown'}".replace(" ", "")


def event_type(event: Raw) -> str:
    """`Normal` or `Warning`; anything else counts as a warning."""
    return "Normal" if event.text("type") == "Normal" else "Warning"


def message(event: Raw) -> str:
    """What an event says."""
    return event.text("message") or event.text("note")
