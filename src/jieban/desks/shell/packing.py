"""Pages go packed through the wire: a telephone in the street waits for every byte."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PackedPages(GZipMiddleware):
    """Packs pages alone: of files a part may be asked for, and pictures and films are packed already.

    Tokens in forms are masked anew each time, and Django pads what it packs: lengths tell nothing (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The page, packed if the browser takes it so."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed
