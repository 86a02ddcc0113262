"""Which model, embedder, index and key the settings mean; what is heavy is imported only when it is configured."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from warnings import catch_warnings, simplefilter

from rootline.domain.tenant import Actor
from rootline.errors import Misconfigured
from rootline.models.builtin.model import BuiltinModel
from rootline.models.chat_wire import COMPATIBLE, VLLM
from rootline.models.model import Model
from rootline.models.names import ModelName
from rootline.settings import Settings
from rootline.store.documents import Collection
from rootline.store.embedding import Embedder, SpellingEmbedder
from rootline.store.retention import Retention
from rootline.store.runbooks import RunbookIndex

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

    from rootline.store.postgres.store import Store

KEY_BYTES = 32
QDRANT_S = 10


def wire(name: ModelName, settings: Settings) -> Model:
    """Import and configure the adapter of a provider, and nothing else."""
    if name.provider == "builtin":
        return BuiltinModel()
    key = settings.model_key or settings.vendor_keys.get(name.provider, "")
    if name.provider == "anthropic":
        from rootline.models.anthropic import AnthropicModel  # noqa: PLC0415 a heavy SDK, only when configured

        return AnthropicModel(model=name.model, key=key, base_url=settings.model_url or None)
    if name.provider == "openai":
        from rootline.models.openai import OpenAIModel  # noqa: PLC0415 a heavy SDK, only when configured

        return OpenAIModel(model=name.model, key=key, base_url=settings.model_url or None)
    if not settings.model_url:
        raise Misconfigured(f"{name} needs ROOTLINE_MODEL_URL, such as http://127.0.0.1:8000/v1.")
    from rootline.models.openai_compatible import OpenAICompatibleModel  # noqa: PLC0415 a heavy SDK, only when configured

    dialect = VLLM if name.provider == "vllm" else COMPATIBLE
    return OpenAICompatibleModel(
        base_url=settings.model_url, model=name.model, key=key or None, name=str(name), dialect=dialect
    )


def embedder_of(settings: Settings) -> Embedder:
    """Return the configured embedder, else the one that needs nothing."""
    if not settings.embeddings_url:
        return SpellingEmbedder()
    from rootline.store.embedding_api import ApiEmbedder  # noqa: PLC0415 an HTTP client, only when configured

    return ApiEmbedder(url=settings.embeddings_url, model=settings.embeddings_model, key=settings.embeddings_key)


def installation_key(home: Path) -> bytes:
    """Return the key of this installation, made on first use and readable by its owner alone."""
    file, made = home / "redaction.key", home / f".redaction.key.{secrets.token_hex(8)}"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise Misconfigured(f"{file} is damaged: it must hold {KEY_BYTES} bytes. Remove it to have a new one made.")
    return key


def retentions_of(settings: Settings, store: "Store") -> Callable[[UUID], Retention]:
    """Return what lets go of a tenant's old rows, and of what is old in Qdrant where one is named."""
    if not settings.qdrant_url:
        return store.retention
    client = qdrant_of(settings)
    from rootline.store.qdrant_retention import QdrantRetention  # noqa: PLC0415 an extra, only when configured

    return lambda tenant: QdrantRetention(client=client, tenant=tenant, rows=store.retention(tenant))


def archives_of(settings: Settings, store: "Store", embedder: Embedder) -> Callable[[Actor, Collection], RunbookIndex]:
    """Return what opens a collection of a tenant: in Qdrant where one is named, else in PostgreSQL."""
    if not settings.qdrant_url:
        return lambda actor, collection: store.runbooks(actor, collection, embedder)
    client = qdrant_of(settings)
    from rootline.store.qdrant import QdrantIndex  # noqa: PLC0415 an extra, only when configured

    return lambda actor, collection: QdrantIndex(
        client=client, tenant=actor.tenant, embedder=embedder, collection=collection
    )


def qdrant_of(settings: Settings) -> "AsyncQdrantClient":
    """Return a client of the Qdrant that is named, which has not been asked yet."""
    try:
        from qdrant_client import AsyncQdrantClient  # noqa: PLC0415 an extra, only when configured
    except ImportError as missing:
        raise Misconfigured("ROOTLINE_QDRANT_URL needs `pip install rootline[qdrant]`.") from missing
    with catch_warnings():  # it would write of a key over plain HTTP with a line of ours on every command
        simplefilter("ignore")
        return AsyncQdrantClient(
            url=settings.qdrant_url, api_key=settings.qdrant_key or None, timeout=QDRANT_S, check_compatibility=False
        )
