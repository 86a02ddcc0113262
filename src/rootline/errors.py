"""Every error of ours, grouped by who can act on it: the model, the operator, the person.

A message says what was asked, what happened and what would help, in that order.
"""


class RootlineError(Exception):
    """Anything that Rootline raises on purpose."""


class ToolFault(RootlineError):
    """The model asked for something that cannot be answered as asked; its text goes back to the model."""


class Misconfigured(RootlineError):
    """The operator has to change something: a setting, a file, a server."""


class UnreadableConfig(Misconfigured):
    """A file of settings cannot be read at all, whichever part of it is wanted."""


class NotApproved(RootlineError):
    """A person has not consented, or may not: nothing was done."""


class BadTape(Misconfigured):
    """A tape cannot be read."""


class NotFound(RootlineError):
    """What a person named does not exist here, or belongs to someone else: the two look the same."""


class ProviderFailed(RootlineError):
    """A model provider refused, timed out, sent garbage or cannot be reached."""
