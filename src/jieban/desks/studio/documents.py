"""Handing out what the renderers made: web pages under their own policy, everything else to be saved."""

import html
import re
from pathlib import Path

from django.http import FileResponse, HttpResponse, HttpResponseBase

_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')
_WITHIN = 4096
"""The policy stands at the beginning of the page: in this many bytes."""
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "toml": "application/toml; charset=utf-8",
}


def web_page(path: Path) -> HttpResponse:
    """A report's web page, in a sandbox: its own scripts run by their hashes, and nothing of ours is in their reach.

    Raises ValueError for a page that names no policy.
    """
    content = path.read_bytes()
    found = _POLICY.search(content[:_WITHIN])
    if found is None:
        raise ValueError(f"{path.name} names no policy")
    answer = HttpResponse(content, content_type="text/html; charset=utf-8")
    policy = html.unescape(found[1].decode())
    answer.headers["Content-Security-Policy"] = (
        f"{policy}; frame-ancestors 'self'; sandbox allow-scripts allow-popups"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def download(path: Path, form: str, name: str) -> HttpResponseBase:
    """A file to be saved under `name`. Nothing in it is looked into to find out what else it might be."""
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{name}.{form}", content_type=_TYPES[form]
    )
