"""What a live source says when it cannot answer: what was asked, what happened, what would help."""

from rootline.errors import RootlineError


class SourceFailed(RootlineError):
    """A live backend gave no usable answer. `status` is its HTTP status where it refused, else 0.

    `is_too_large` says that a smaller question would have been answered, `is_late` that it took longer than it may.
    """

    def __init__(
        self,
        asked: str,
        happened: str,
        helps: str,
        *,
        status: int = 0,
        is_too_large: bool = False,
        is_late: bool = False,
    ) -> None:
        super().__init__(f"{asked}: {happened}. {helps}")
        self.asked = asked
        self.happened = happened
        self.helps = helps
        self.status = status
        self.is_too_large = is_too_large
        self.is_late = is_late

    def bare(self) -> "SourceFailed":
        """Return the same failure without its traceback, which keeps the whole answer in memory."""
        return SourceFailed(
            self.asked,
            self.happened,
            self.helps,
            status=self.status,
            is_too_large=self.is_too_large,
            is_late=self.is_late,
        )
