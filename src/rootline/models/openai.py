"""OpenAI itself: chat.completions in its own dialect."""

from rootline.errors import Misconfigured
from rootline.models.chat_wire import OPENAI, Sampling
from rootline.models.openai_compatible import OpenAICompatibleModel
from rootline.models.patience import TURN_TIMEOUT_S, Patience

OPENAI_URL = "https://api.openai.com/v1"
# Reasoning counts as writing: a turn of ours is short, but not what leads to it.
MOST_WRITTEN = 16_000


class OpenAIModel(OpenAICompatibleModel):
    """A model of OpenAI's, at its own address unless `base_url` gives another.

    No temperature is sent: its reasoning models refuse any. Raises Misconfigured when there is no key.
    """

    def __init__(
        self,
        *,
        model: str,
        key: str | None,
        timeout_s: float = TURN_TIMEOUT_S,
        base_url: str | None = None,
        attempts: int = 3,
        patience: Patience | None = None,
    ) -> None:
        if not key:
            raise Misconfigured(f"openai:{model} needs a key. Set OPENAI_API_KEY or ROOTLINE_MODEL_KEY.")
        super().__init__(
            base_url=base_url or OPENAI_URL,
            model=model,
            key=key,
            timeout_s=timeout_s,
            name=f"openai:{model}",
            attempts=attempts,
            dialect=OPENAI,
            sampling=Sampling(most_written=MOST_WRITTEN),
            patience=patience,
        )
