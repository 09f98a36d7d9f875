"""Visits: one request of one person at the desk, and how every answer and error becomes a page."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from extractor.desk.forms import SentForm, read_form
from extractor.desk.sessions import COOKIE, DeskSession, Sessions
from extractor.desk.views import standing_in_words
from extractor.errors import ArticleTooLarge, ExtractorError
from extractor.messages import tell_defect
from extractor.pages import open_templates
from extractor.pages.ledger_wording import LEDGER_WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

HOME: Final = "/desk/"
SIGN_IN: Final = "/desk/sign-in"
NAVIGATION: Final = (
    ("Articles", HOME),
    ("Queue", "/desk/queue"),
    ("Tracker", "/desk/tracker"),
    ("Help", "/desk/help"),
)
"""What every page leads to: a name and its path."""
_FOLDER: Final = Path(__file__).parent / "templates"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who may be here, its form read and found to be of their session."""

    request: Request
    session: DeskSession
    form: SentForm

    @property
    def who(self) -> str:
        """The person, by the name of their key."""
        return self.session.who

    @property
    def is_partial(self) -> bool:
        """Whether a script asks, for a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A parameter of the address; "" if it is not there."""
        return self.request.query_params.get(name, "")

    def number(self, name: str) -> int | None:
        """A parameter of the address as a whole number; None if it is none."""
        told = self.query(name)
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None


Answer: TypeAlias = Callable[[Visit], Response]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class Visiting:
    """Makes endpoints of functions that answer visits, and pages of templates.

    Args:
        sessions: who may be here.
        most_characters: of a text in a form.
    """

    def __init__(self, sessions: Sessions, most_characters: int) -> None:
        self.sessions = sessions
        self._most_characters = most_characters
        self._templates: Environment | None = None

    def endpoint(self, answer: Answer) -> Endpoint:
        """What serves it: in a thread, for a person of a session, its errors told as pages."""

        async def serve(request: Request) -> Response:
            token = request.cookies.get(COOKIE, "")
            session = self.sessions.find(token)
            opened = ""
            if session is None:
                if self.sessions.asks_for_keys:
                    return self._to_sign_in(request)
                opened, session = self.sessions.open()
            response = await self._answered(request, session, answer)
            if opened:
                set_cookie(response, opened, request)
            return response

        return serve

    async def _answered(self, request: Request, session: DeskSession, answer: Answer) -> Response:
        visit = Visit(request, session, SentForm({}))
        try:
            if request.method == "POST":
                form = await read_form(request, self._most_characters)
                session.check(form.one("form_token"))
                visit = Visit(request, session, form)
            return await to_thread.run_sync(answer, visit)
        except ExtractorError as error:
            return self.refusal(visit, error)
        except HTTPException as error:
            if error.status_code != 413:
                raise
            return self.refusal(visit, _too_large())
        except Exception as error:
            _log.error("a page of the desk failed: %s", tell_defect(error))
            return self.refusal(visit, ExtractorError("This page could not be made."))

    def page(
        self,
        visit: Visit,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """A page, or a part of one, of a template."""
        return HTMLResponse(
            self.render(template, visit=visit, **values), status, dict(headers or {})
        )

    def render(self, template: str, **values: object) -> str:
        """The text of a template."""
        if self._templates is None:
            self._templates = open_templates(_FOLDER)
            self._templates.globals |= {
                "navigation": NAVIGATION,
                "home": HOME,
                "signs_out": self.sessions.asks_for_keys,
            }
            self._templates.filters |= {
                "moment": moment,
                "standing": standing_in_words,
                **LEDGER_WORDS,
            }
        return self._templates.get_template(template).render(**values)

    def refusal(self, visit: Visit, error: ExtractorError) -> Response:
        """An error as a page, or as a line of the page that is shown."""
        headers = {}
        if error.retry_after is not None:
            headers["Retry-After"] = str(max(1, round(error.retry_after)))
        if visit.is_partial:
            headers |= {"HX-Retarget": "#said", "HX-Reswap": "innerHTML"}
            return self.page(visit, "said.html.j2", error.http_status, headers, error=error)
        return self.page(visit, "error.html.j2", error.http_status, headers, error=error)

    def _to_sign_in(self, request: Request) -> Response:
        back = request.url.path if request.method == "GET" else HOME
        place = f"{SIGN_IN}?back={quote(back)}"
        if request.headers.get("hx-request") == "true":
            return Response(status_code=401, headers={"HX-Redirect": place})
        return RedirectResponse(place, 303)


def set_cookie(response: Response, token: str, request: Request) -> None:
    """Give the browser the cookie of its session."""
    response.set_cookie(
        COOKIE,
        token,
        path="/desk",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def moment(at: str) -> str:
    """A point in time as the store has it, to the minute."""
    return f"{at[:10]} {at[11:16]}"


def _too_large() -> ExtractorError:
    return ArticleTooLarge("What was sent is larger than this service reads.")
