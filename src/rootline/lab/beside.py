"""What of a stranger's patch will run, and what will not."""

from collections.abc import Collection

from rootline.lab.config_files import SERVICES

_LIBRARY = "lib"


def beside(service: str, paths: Collection[str]) -> str:
    """Say which changed files the service does not run, where only it is deployed; empty where it may run all."""
    owners = {path.split("/")[1] for path in paths if path.startswith("shop/") and path.count("/") > 1}
    others = [name for name in SERVICES if name in owners - {service}]
    if owners & {service, _LIBRARY}:
        goes_on = (
            f"Only {service} is deployed: {' and '.join(others)}, which the patch changes too, will run as before."
        )
        return goes_on if others else ""
    if others:
        meant = f"Did you mean --service {others[0]}?"
        return f"The patch changes {' and '.join(others)}, and nothing that {service} runs. {meant}"
    return f"The patch changes nothing that {service} runs."
