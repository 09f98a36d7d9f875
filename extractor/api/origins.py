"""Origins: pages of other sites are refused, for whoever opens one has not asked it to come here.

A browser sends what a page asks it to send, though it shows the page no answer, and it says where
the page is from. A site may give its own name the address of this machine: then page and service
have one origin, and only the name tells.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from extractor.api.problems import error_response
from extractor.errors import ForeignSite

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_on_loopback(headers: Headers) -> bool:
    """Whether the request names the service by a name of the loopback."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname in _LOOPBACK
    except ValueError:
        return False


def is_own(headers: Headers) -> bool:
    """Whether no page sends it, or one of this very service: browsers say so in some header."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in _OWN_SITES
    try:
        told = urlsplit(origin)
    except ValueError:
        return False
    # Behind a proxy that ends TLS the scheme here is another one.
    return told.scheme in ("http", "https") and told.netloc == headers.get("host", "")


class OriginGuard:
    """Refuses what pages of other sites send to a service that asks for no key, before its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Of a program, which sends no Origin, it does not matter by what name it knows the service.
        if is_own(headers) and ("origin" not in headers or is_on_loopback(headers)):
            await self._app(scope, receive, send)
            return
        await error_response(ForeignSite("A page of another site sends this request."))(
            scope, receive, send
        )
