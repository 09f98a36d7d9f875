"""Keys: who may use the service, which knows digests only, so its settings give no key away."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from extractor.api.commons import Commons, passing
from extractor.api.problems import error_response
from extractor.errors import AccessRefused, TooManyRequests

OPEN_PATHS: Final = frozenset({"/healthz", "/readyz", "/schema", "/openapi.json"})
"""What anybody may ask: probes carry no key, and what is published is no secret."""
_KEY_BYTES: Final = 32


def new_key() -> str:
    """A key that cannot be guessed."""
    return secrets.token_urlsafe(_KEY_BYTES)


def entry_of(name: str, key: str) -> str:
    """The entry of EXTRACTOR_API_KEYS for a key; a plain digest does, as keys are not guessable."""
    return f"{name}:{hashlib.sha256(key.encode()).hexdigest()}"


class KnownKeys:
    """The digests of the keys, each with the name of its holder."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._digests = [tuple(entry.split(":", 1)) for entry in entries]

    def __bool__(self) -> bool:
        return bool(self._digests)

    def holder(self, key: str) -> str | None:
        """Whose key it is; None if nobody's. All are compared, so the time does not tell which."""
        digest = hashlib.sha256(key.strip().encode("utf-8", "surrogateescape")).hexdigest()
        found = None
        for name, known in self._digests:
            if hmac.compare_digest(digest, known):
                found = name
        return found


class KeyGuard:
    """Lets requests with a known key through, `most` of each key at a time, before their bodies.

    The name of the key is then in the scope's state, as `caller`. Without keys everybody may.
    """

    def __init__(
        self, app: ASGIApp, entries: Iterable[str], most: int | None, commons: Commons
    ) -> None:
        self._app = app
        self._known = KnownKeys(entries)
        self._most = most
        self._commons = commons

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._known or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        name = self._name(Headers(scope=scope).get("Authorization", ""))
        if name is None:
            refused = AccessRefused("The request carries no key of this service.")
            answer = error_response(refused, {"WWW-Authenticate": "Bearer"})
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = name
        if self._most is None:
            await self._app(scope, receive, send)
            return
        async with passing(self._commons, f"key:{name}") as turn:
            if turn.outcome == "granted":
                await self._app(scope, receive, send)
                return
        full = TooManyRequests(f"{self._most} requests of this key are under way.", retry_after=1)
        await error_response(full)(scope, receive, send)

    def _name(self, authorization: str) -> str | None:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self._known.holder(key)
