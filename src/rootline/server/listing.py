"""What `resources/list` shows: runbooks, and the newest investigations of the caller's tenant."""

from urllib.parse import quote

from mcp_types import Resource

from rootline.domain.session import Investigation
from rootline.domain.window import rfc3339
from rootline.server.workbench import Workbench
from rootline.sources.runbooks.source import Runbook
from rootline.tools.wording import cut

NEWEST = 50


async def listed(workbench: Workbench) -> list[Resource]:
    """List what can be read without knowing its address; evidence is found through its investigation."""
    runbooks = {one.name: one for one in await workbench.runbooks()}
    investigations = await workbench.journal().investigations(limit=NEWEST)
    return [*(_runbook(one) for one in runbooks.values()), *(_investigation(one) for one in investigations)]


def _runbook(one: Runbook) -> Resource:
    return Resource(
        uri=f"runbook://{quote(one.name, safe='')}",
        name=one.name,
        title=cut(one.title, 120),
        description=f"Runbook {cut(one.name, 80)}, version {one.version}",
        mime_type="text/markdown",
        size=len(one.body.encode()),
    )


def _investigation(one: Investigation) -> Resource:
    how = f"direct calls of {one.led_by}" if one.led_by else (one.outcome or one.state).replace("_", " ")
    return Resource(
        uri=f"investigation://{one.id}",
        name=str(one.id),
        title=cut(one.question.text, 120),
        description=f"Report, opened {rfc3339(one.opened_at)}: {cut(how, 80)}",
        mime_type="text/markdown",
    )
