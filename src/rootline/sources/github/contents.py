"""A file out of a repository, as GitHub's API sends it."""

import base64
import binascii

from rootline.sources.kubernetes.raw import Raw

LONGEST = 200_000


def content_of(held: Raw) -> str:
    """The first 200,000 bytes of a file's text; empty for a folder, a link, or what is no base64.

    Source: GitHub, "REST API endpoints for repository contents": `encoding` is `base64`, or `none` above a megabyte.
    """
    content = held.at("content").held
    if held.text("type") != "file" or held.text("encoding") != "base64" or not isinstance(content, str):
        return ""
    try:
        return base64.b64decode(content)[:LONGEST].decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""
