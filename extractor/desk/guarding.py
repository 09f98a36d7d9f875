"""Guarding: what every request to the desk must be, and what every answer of it says.

Read before the body: where it comes from and how long it is. Without keys the desk answers only
under the names of the loopback, so no site can reach it under a name of its own.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.origins import is_on_loopback, is_own

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Refuses requests of other sites and bodies over the limit; gives every answer its headers.

    Args:
        app: what answers the others.
        most_bytes: of a body.
        loopback_only: whether only names of the loopback are answered.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, *, loopback_only: bool) -> None:
        self._app = app
        self._most = most_bytes
        self._loopback_only = loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    said.setdefault(name, value)
            await send(message)

        if self._loopback_only and not is_on_loopback(headers):
            refusal = PlainTextResponse("The desk is not known under this name.\n", 421)
            await refusal(scope, receive, with_headers)
            return
        if scope["method"] not in ("GET", "HEAD") and not is_own(headers):
            refusal = PlainTextResponse("The form comes from another site.\n", 403)
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, self._within_limit(headers, receive), with_headers)

    def _within_limit(self, headers: Headers, receive: Receive) -> Receive:
        declared = headers.get("content-length", "")
        read = 0

        async def limited() -> Message:
            nonlocal read
            if declared.isdigit() and int(declared) > self._most:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(413)
            return message

        return limited
