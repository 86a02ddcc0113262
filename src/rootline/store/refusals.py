"""What the store says when it does not store: each of these means that nothing of the step was kept."""

from rootline.errors import Misconfigured, RootlineError


class Refused(RootlineError):
    """A rule of the store forbids what was asked."""


class Taken(Refused):
    """Something else is stored at that place already: another process works on the same investigation."""


class SessionExpired(Refused):
    """The session can be read, and nothing can be added to it."""


class AlreadyClosed(Refused):
    """The investigation is done, cancelled or failed, and nothing comes after that."""


class StoreUnreachable(RootlineError):
    """The database went away; whether the very last commit arrived is unknown. Repeating the step is safe."""


class SchemaMismatch(Misconfigured):
    """The database's schema is not one that this version knows."""
