"""Sessions: who sits at the desk, opened by a key of the service and told by a cookie.

They are kept in this process, by digest: a restart or the end of their time asks for the key again.
Where the service has no keys, and so listens on the loopback only, everybody has one, which guards
against other sites' forms.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from extractor.api.keys import KnownKeys
from extractor.errors import AccessRefused

COOKIE: Final = "desk"
_TOKEN_BYTES: Final = 32
_IDLE_SECONDS: Final = 60 * 60.0
_MOST_SECONDS: Final = 10 * 60 * 60.0
_MOST_SESSIONS: Final = 10_000


class FormRefused(AccessRefused):
    """A form was sent that no page of this session holds."""

    hint = "Load the page again, then repeat the step."
    http_status = 403


@dataclass(slots=True)
class DeskSession:
    """One person in one browser."""

    who: str
    form_token: str
    """What every form of this session carries."""
    opened_at: float
    used_at: float
    said: str = ""
    """What the next page tells of the last step."""

    def take_said(self) -> str:
        """What is to be told, once."""
        said, self.said = self.said, ""
        return said

    def check(self, form_token: str) -> None:
        """Go on with a form of this session.

        Raises:
            FormRefused: it is none.
        """
        if not hmac.compare_digest(self.form_token, form_token):
            raise FormRefused("This form is not of your session, or your session has ended.")


class Sessions:
    """Open sessions by the digest of their cookie; safe between threads.

    Args:
        entries: of the keys that open one, as in the settings; without any, none is asked for.
        visitor: who a session is of where no key is asked for.
    """

    def __init__(self, entries: Iterable[str], visitor: str) -> None:
        self._keys = KnownKeys(entries)
        self._visitor = visitor
        self._open: dict[str, DeskSession] = {}
        self._lock = threading.Lock()

    @property
    def asks_for_keys(self) -> bool:
        """Whether a key opens a session, and nothing else."""
        return bool(self._keys)

    def open(self, key: str = "") -> tuple[str, DeskSession]:
        """A new session and its cookie.

        Raises:
            AccessRefused: a key is needed, and this is none.
        """
        who = self._keys.holder(key) if self._keys else self._visitor
        if who is None:
            raise AccessRefused(
                "This is no key of this service.", hint="Ask who runs the service for one."
            )
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), time.monotonic()
        session = DeskSession(who, secrets.token_urlsafe(_TOKEN_BYTES), now, now)
        with self._lock:
            self._end_old(now)
            self._open[_digest(token)] = session
        return token, session

    def find(self, token: str) -> DeskSession | None:
        """The session of a cookie, if its time is not over."""
        now = time.monotonic()
        with self._lock:
            session = self._open.get(_digest(token))
            if session is None or _is_over(session, now):
                return None
            session.used_at = now
            return session

    def close(self, token: str) -> None:
        """End it."""
        with self._lock:
            self._open.pop(_digest(token), None)

    def _end_old(self, now: float) -> None:
        for digest in [d for d, session in self._open.items() if _is_over(session, now)]:
            del self._open[digest]
        while len(self._open) >= _MOST_SESSIONS:
            del self._open[min(self._open, key=lambda digest: self._open[digest].used_at)]


def _is_over(session: DeskSession, now: float) -> bool:
    return now - session.used_at > _IDLE_SECONDS or now - session.opened_at > _MOST_SECONDS


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
