"""OpenAI itself: chat.completions in its own dialect."""

from rootline.errors import Misconfigured
from rootline.models.chat_wire import OPENAI, Sampling
from rootline.models.openai_compatible import OpenAICompatibleModel
from rootline.models.patience import Patience

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
        base_url: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        if not key:
            raise Misconfigured(f"openai:{model} needs a key. Set OPENAI_API_KEY or ROOTLINE_MODEL_KEY.")
        super().__init__(
            base_url=base_url or OPENAI_URL,
            model=model,
            key=key,
            name=f"openai:{model}",
            dialect=OPENAI,
            sampling=Sampling(most_written=MOST_WRITTEN),
            patience=patience,
        )
