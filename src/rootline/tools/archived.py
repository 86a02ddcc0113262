"""What earlier investigations of the tenant left behind; an archive that is away is told, and costs nothing else."""

from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.store.documents import Collection, Found
from rootline.store.refusals import StoreUnreachable
from rootline.tools.scene import Scene

LONGEST_QUERY = 400


async def archived(scene: Scene, collection: Collection, query: str, limit: int) -> Found:
    """Search a collection of the tenant that asks; nothing is found where nothing is kept."""
    if scene.archives is None:
        return Found()
    try:
        return await scene.archives(collection).search(query.strip()[:LONGEST_QUERY], limit)
    except (SourceFailed, Misconfigured, StoreUnreachable) as failed:
        return Found(remark=f"{collection} was not searched: {failed}")
