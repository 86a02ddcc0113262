"""Text that came from outside: it may be quoted and cited, and it decides nothing."""

from typing import NewType

Untrusted = NewType("Untrusted", str)
"""A string out of a log, a diff, an alert, a page or a model. No sink takes it without a check of its own."""
