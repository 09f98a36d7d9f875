"""The desk as an application, and one application of the service with its desk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.api.draining import Drain
from extractor.api.pool import ExtractorPool
from extractor.desk.forms import read_form
from extractor.desk.guarding import Guard
from extractor.desk.jobs import Jobs
from extractor.desk.library import Library
from extractor.desk.pledge_pages import PledgePages
from extractor.desk.queue_pages import QueuePages
from extractor.desk.reading_pages import ReadingPages
from extractor.desk.reviewing_pages import ReviewingPages
from extractor.desk.reviews import Reviews
from extractor.desk.sessions import COOKIE, Sessions
from extractor.desk.tracker_pages import TrackerPages
from extractor.desk.visits import HOME, SIGN_IN, Visit, Visiting, set_cookie
from extractor.errors import AccessRefused, ConfigurationError
from extractor.pages import asset
from extractor.settings import Settings

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_BYTES_BESIDE_THE_FILE: Final = 64 * 1024
_PUBLIC: Final = {"Cache-Control": "max-age=300"}


class Desk:
    """The pages for people, an ASGI application; close it before the models.

    Args:
        settings: those of the service; they name a store.
        pool: gives the extractors; it stays the caller's to close.
        drain: how the service is told to stop.
        visitor: who decides where no keys are asked for.

    Raises:
        ConfigurationError: the settings name no store.
    """

    def __init__(
        self,
        settings: Settings,
        pool: ExtractorPool,
        drain: Drain | None = None,
        visitor: str = "local",
    ) -> None:
        if settings.store is None:
            raise ConfigurationError(
                "The desk keeps articles and reviews, and there is no store.",
                hint="Set EXTRACTOR_STORE to a file or the address of a store.",
            )
        self._library = Library(settings.store)
        self._jobs = Jobs(pool, self._library, settings, drain)
        self._visiting = Visiting(Sessions(settings.api_keys, visitor), settings.max_characters)
        reviews = Reviews(self._library)
        reading = ReadingPages(self._visiting, self._library, reviews, self._jobs, pool, settings)
        reviewing = ReviewingPages(self._visiting, self._library, reviews)
        tracker = TrackerPages(self._visiting, self._library, settings)
        pledges = PledgePages(self._visiting, self._library, settings)
        queue = QueuePages(self._visiting, self._library, settings.min_confidence)
        self._app = Starlette(
            routes=[
                Route("/", _to_the_desk),
                Route("/desk", _to_the_desk),
                Route("/desk/static/{name}", _static),
                Route("/desk/sign-in", self._sign_in),
                Route("/desk/sign-in", self._signed_in, methods=["POST"]),
                Route("/desk/sign-out", self._visiting.endpoint(self._sign_out), methods=["POST"]),
                *reading.routes(),
                *reviewing.routes(),
                *tracker.routes(),
                *pledges.routes(),
                *queue.routes(),
            ],
            middleware=[
                Middleware(
                    Guard,
                    most_bytes=settings.max_document_bytes + _BYTES_BESIDE_THE_FILE,
                    loopback_only=not settings.api_keys,
                )
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def close(self) -> None:
        """End what is being read, and release the store."""
        self._jobs.close()
        self._library.close()

    async def _sign_in(self, request: Request) -> Response:
        if not self._visiting.sessions.asks_for_keys:
            return RedirectResponse(HOME, 303)
        back = _inside(request.query_params.get("back", ""))
        page = self._visiting.render("sign_in.html.j2", back=back, error=None, visit=None)
        return HTMLResponse(page)

    async def _signed_in(self, request: Request) -> Response:
        """Open a session by a key; the form has no token yet, but must come from our own page."""
        form = await read_form(request, 0)
        back = _inside(form.one("back"))
        try:
            token, _ = self._visiting.sessions.open(form.one("key"))
        except AccessRefused as error:
            page = self._visiting.render("sign_in.html.j2", back=back, error=error, visit=None)
            return HTMLResponse(page, error.http_status)
        response = RedirectResponse(back, 303)
        set_cookie(response, token, request)
        return response

    def _sign_out(self, visit: Visit) -> Response:
        self._visiting.sessions.close(visit.request.cookies.get(COOKIE, ""))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, path="/desk")
        return response


class ServiceWithDesk:
    """The desk's paths, and the service for all others.

    Args:
        service: the application of the service, whose life this one shares.
        desk: the desk; closed before the service shuts down.
    """

    def __init__(self, service: ASGIApp, desk: Desk) -> None:
        self._service = service
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._service(scope, self._closing(receive), send)
        elif scope["type"] == "http" and _is_of_desk(scope["path"]):
            await self._desk(scope, receive, send)
        else:
            await self._service(scope, receive, send)

    def _closing(self, receive: Receive) -> Receive:
        async def receive_and_close() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await to_thread.run_sync(self._desk.close)
            return message

        return receive_and_close


def _is_of_desk(path: str) -> bool:
    return path in ("/", "/desk") or path.startswith("/desk/")


def _inside(back: str) -> str:
    """Where to go after signing in: never to another site."""
    return back if back.startswith(HOME) and "\\" not in back else HOME


async def _to_the_desk(_: Request) -> Response:
    return RedirectResponse(HOME, 307)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name == "pages.css":
        return Response(asset(name), media_type="text/css", headers=_PUBLIC)
    path = _STATIC / name
    # Only what lies there is served, whatever the name says.
    known = {file.name for file in _STATIC.iterdir()}
    if name not in known:
        return PlainTextResponse("Nothing is served here.\n", 404)
    media_type = _TYPES.get(path.suffix, "application/octet-stream")
    return Response(path.read_bytes(), media_type=media_type, headers=_PUBLIC)
