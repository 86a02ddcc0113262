"""Anthropic's messages, at its own address or at any server that speaks them."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from functools import partial

import anthropic

from rootline.domain.evidence import JsonObject
from rootline.errors import Misconfigured
from rootline.models.endpoint import checked_key, endpoint
from rootline.models.gathering import Turning
from rootline.models.guarded_http import guarded_client
from rootline.models.loose_json import error_words
from rootline.models.messages_stream import MessagesTurn
from rootline.models.messages_wire import messages_bodies
from rootline.models.model import Conversation, ModelEvent
from rootline.models.patience import Patience, ask
from rootline.models.prices import price_of
from rootline.models.streaming import stream_turn
from rootline.models.unanswered import (
    OK,
    TRANSPORT,
    UNREADABLE,
    Asked,
    asked_of,
    garbled,
    no_event,
    refused,
    unreachable,
)

ANTHROPIC_URL = "https://api.anthropic.com"
NO_KEY = "none"
# Thinking counts as writing; the wire wants a bound.
MOST_WRITTEN = 16_000


class AnthropicModel:
    """A model behind messages.

    `base_url` may end in `/v1` or leave it out; without one it is Anthropic's own, which needs a key. `patience`
    bounds a turn with all its attempts. Every turn opens a connection and closes it. Thinking is left to the model's
    own default.
    """

    def __init__(
        self,
        *,
        model: str,
        key: str | None,
        base_url: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        if not key and not base_url:
            raise Misconfigured(f"anthropic:{model} needs a key. Set ANTHROPIC_API_KEY or ROOTLINE_MODEL_KEY.")
        self.name = f"anthropic:{model}"
        self._url = endpoint(base_url or ANTHROPIC_URL, path="").removesuffix("/v1")
        self._key = checked_key(key)
        self._model = model
        self._patience = patience or Patience()

    async def turn(self, conversation: Conversation) -> AsyncGenerator[ModelEvent, None]:
        """Stream the next turn. Raises ProviderFailed."""
        asked = asked_of(self._model, self._url, self._key)
        bodies = messages_bodies(conversation, model=self._model, most_written=MOST_WRITTEN)
        events = ask(partial(self._send, asked), bodies, asked=asked, patience=self._patience)
        turning = Turning(asked=asked, price=price_of(self._model), earlier=conversation.messages)
        async with aclosing(stream_turn(events, MessagesTurn(turning))) as turn:
            async for event in turn:
                yield event

    async def _send(self, asked: Asked, body: JsonObject) -> AsyncGenerator[object, None]:
        """Post one body and stream what comes back as plain JSON: the SDK carries it, MessagesTurn checks it."""
        begun = False
        http = guarded_client(timeout_s=self._patience.timeout_s, idle_s=self._patience.idle_s)
        with _faults(asked):
            async with (
                anthropic.AsyncAnthropic(
                    base_url=self._url,
                    api_key=self._key or NO_KEY,
                    max_retries=0,
                    http_client=http,
                    open_telemetry=False,
                ) as client,
                await client.post(
                    "/v1/messages",
                    cast_to=object,
                    body=body,
                    stream=True,
                    stream_cls=anthropic.AsyncStream[object],
                ) as stream,
            ):
                async for event in stream:
                    begun = True
                    yield event
                if not begun:
                    raise no_event(asked, stream.response.headers)


@contextmanager
def _faults(asked: Asked) -> Iterator[None]:
    """Tell the SDK's errors in our words.

    They are not chained: their text is the provider's, unbounded, and their request carries the key.
    """
    try:
        yield
    except anthropic.APIStatusError as error:
        said = error_words(error.body) or error.response.text
        raise refused(asked, error.status_code, said, error.response.headers) from None
    except (anthropic.APIConnectionError, *TRANSPORT) as error:
        raise unreachable(asked, error) from None
    except anthropic.APIError as error:
        raise refused(asked, OK, error_words(error.body) or error.message, {}) from None
    except UNREADABLE as error:
        raise garbled(asked, f"it sent what is no event stream ({type(error).__name__}).") from None
