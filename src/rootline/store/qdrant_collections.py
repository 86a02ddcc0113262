"""The collections of ours on a Qdrant server: whether they are ours, how large their vectors are, what they hold."""

from functools import partial

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from rootline.errors import Misconfigured
from rootline.store.documents import COLLECTIONS, Collection
from rootline.store.qdrant_asking import answered

TEXT, WORDS = "text", "words"
ADVICE = "See ROOTLINE_QDRANT_URL and ROOTLINE_QDRANT_KEY."
_asked = partial(answered, advice=ADVICE)


def size_of(collection: Collection, params: q.CollectionParams) -> int:
    """Return of how many numbers the vectors of a collection are; raise Misconfigured for one that is not ours."""
    dense = params.vectors
    if not isinstance(dense, dict) or TEXT not in dense or WORDS not in (params.sparse_vectors or {}):
        raise Misconfigured(
            f"Qdrant's collection {collection} was made by another program: it has no vectors called "
            f"{TEXT} and {WORDS}. Remove the collection to have it made anew, or name another server."
        )
    return dense[TEXT].size


async def examined(client: AsyncQdrantClient) -> str:
    """Say which Qdrant answers and what it holds of ours, of all tenants together.

    Raises:
        Misconfigured: A collection is not ours.
        SourceFailed: It is away or refuses.

    """
    version = (await _asked(client.info())).version
    held = [await _held(client, one) for one in COLLECTIONS]
    return f"Qdrant {version} answers: {', '.join(held)}"


async def _held(client: AsyncQdrantClient, collection: Collection) -> str:
    if not await _asked(client.collection_exists(collection)):
        return f"{collection} not made yet"
    about = await _asked(client.get_collection(collection))
    size = size_of(collection, about.config.params)
    return f"{collection} {about.points_count or 0:,} passages in vectors of {size}"
