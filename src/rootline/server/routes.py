"""The plain HTTP routes beside MCP."""

from starlette.routing import Route

from rootline.server.callers import Callers
from rootline.server.intake import intake_routes
from rootline.server.route import health, route
from rootline.server.traces import trace_routes
from rootline.server.workbench import Workbench


def routes(workbench: Workbench, callers: Callers) -> list[Route]:
    """Return every route beside MCP. Add a part's routes here; each asks `callers` who calls."""
    return [
        route("/healthz", health, methods=("GET",)),
        *intake_routes(workbench, callers),
        *trace_routes(workbench, callers),
    ]
