"""Servers that speak OpenAI's chat.completions: vLLM, SGLang, llama.cpp, Ollama, LM Studio, gateways, OpenAI itself."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from functools import partial

import httpx2
import openai

from rootline.domain.evidence import JsonObject
from rootline.models.chat_stream import ChatTurn
from rootline.models.chat_wire import COMPATIBLE, Dialect, Sampling, chat_bodies
from rootline.models.endpoint import checked_key, endpoint
from rootline.models.gathering import Turning
from rootline.models.guarded_http import guarded_client
from rootline.models.loose_json import error_words, items, members, text
from rootline.models.model import Conversation, ModelEvent
from rootline.models.patience import Patience, ask
from rootline.models.plain_text import one_line
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
    unanswered,
    unreachable,
)

# The SDK wants a key; servers without one read past it.
NO_KEY = "none"
LONGEST_NAME = 200


class OpenAICompatibleModel:
    """A model behind chat.completions.

    `base_url` may leave out `/v1`. An empty `model` is the first that the server lists, asked for in the first turn.
    `patience` bounds a turn with all its attempts. Every turn opens a connection and closes it.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        key: str | None,
        name: str | None = None,
        dialect: Dialect = COMPATIBLE,
        sampling: Sampling | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._provider = (name or "openai-compatible").partition(":")[0]
        self.name = name or f"{self._provider}:{model}"
        self._url = endpoint(base_url, path="/v1")
        self._key = checked_key(key)
        self._model = model
        self._dialect = dialect
        self._sampling = sampling or Sampling()
        self._patience = patience or Patience()

    async def turn(self, conversation: Conversation) -> AsyncGenerator[ModelEvent, None]:
        """Stream the next turn. Raises ProviderFailed."""
        asked = asked_of(self._model, self._url, self._key)
        bodies = chat_bodies(conversation, model=self._model, dialect=self._dialect, sampling=self._sampling)
        events = ask(partial(self._send, asked), bodies, asked=asked, patience=self._patience)
        turning = Turning(asked=asked, price=price_of(self._model), earlier=conversation.messages)
        async with aclosing(stream_turn(events, ChatTurn(turning))) as turn:
            async for event in turn:
                yield event

    async def _send(self, asked: Asked, body: JsonObject) -> AsyncGenerator[object, None]:
        """Post one body and stream what comes back as plain JSON: the SDK carries it, ChatTurn checks it."""
        begun = False
        http = guarded_client(timeout_s=self._patience.timeout_s, idle_s=self._patience.idle_s)
        with _faults(asked):
            async with self._client(http) as client:
                model = self._model or await self._first_model(client, asked)
                async with await client.post(
                    "/chat/completions",
                    cast_to=object,
                    body={**body, "model": model},
                    stream=True,
                    stream_cls=openai.AsyncStream[object],
                ) as stream:
                    async for chunk in stream:
                        begun = True
                        yield chunk
                    if not begun:
                        raise no_event(asked, stream.response.headers)

    def _client(self, http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
        """Make the SDK's client, with its own retries off. Closing it closes `http`.

        The SDK would read organisation and project from the environment; they belong to OpenAI alone.
        """
        client = openai.AsyncOpenAI(base_url=self._url, api_key=self._key or NO_KEY, max_retries=0, http_client=http)
        if not self._dialect.is_openai:
            client.organization = client.project = None
        return client

    async def _first_model(self, client: openai.AsyncOpenAI, asked: Asked) -> str:
        listed = members(await client.get("/models", cast_to=object)).get("data")
        names = [name for entry in items(listed) if (name := text(members(entry).get("id")))]
        if not names:
            raise unanswered(asked, "it lists no model.", "Name one in ROOTLINE_MODEL.")
        self._model = names[0]
        self.name = f"{self._provider}:{one_line(names[0], LONGEST_NAME)}"
        return self._model


@contextmanager
def _faults(asked: Asked) -> Iterator[None]:
    """Tell the SDK's errors in our words.

    They are not chained: their text is the provider's, unbounded, and their request carries the key.
    """
    try:
        yield
    except openai.APIStatusError as error:
        said = error_words(error.body) or error.response.text
        raise refused(asked, error.status_code, said, error.response.headers) from None
    except (openai.APIConnectionError, *TRANSPORT) as error:
        raise unreachable(asked, error) from None
    except openai.APIError as error:
        raise refused(asked, OK, error_words(error.body) or error.message, {}) from None
    except UNREADABLE as error:
        raise garbled(asked, f"it sent what is no event stream ({type(error).__name__}).") from None
