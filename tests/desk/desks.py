"""Desks for tests: a service with its pages, before a scripted model."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx2
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.pool import ExtractorPool
from extractor.desk.app import Desk, ServiceWithDesk
from extractor.desk.library import Library, OpenReading
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import Answer, ScriptedModel
from extractor.results.store import Submission
from extractor.settings import Settings
from tests.articles import act, answer, pledge, wanted

ARTICLE = (
    "Nordlys Compute \N{ROCKET} to build in Tromsø\n\n"
    "The company told of its plans on Tuesday. "
    "Nordlys Compute will invest 40 million euros in a data centre in Tromsø by 2027. "
    "It plans to hire 120 engineers at the site. "
    "The Ministry of Trade signed a grant of 2.5 million euros for training in March 2026.\n"
    "The Norwegian Parliament adopted the Data Centre Act on 3 May 2026.\n\n"
    "Share on Facebook\n"
)
PLEDGES = (
    pledge(3, who=["Nordlys Compute"], what="a data centre", money="m1", places=["Tromsø"]),
    pledge(4, who=["Nordlys Compute"], what="jobs", kind="jobs", count="n1", status="planned"),
    # The amount stands nowhere: it is refused, and the rest is returned.
    pledge(5, who=["Ministry of Trade"], what="a grant", money="9 billion dollars"),
    # Nothing of it stands in the article.
    pledge(5, who=["The Moon Company"], what="a rocket"),
)
ACTS = (act(6, who=["Norwegian Parliament"], what="a law", instrument="Data Centre Act"),)


def replies(
    pledges: tuple[Mapping[str, object], ...] = PLEDGES,
    acts: tuple[Mapping[str, object], ...] = ACTS,
) -> Callable[[ModelRequest], Answer]:
    """A model that says the same of every article."""

    def reply(request: ModelRequest) -> Answer:
        asked = wanted(request)
        return answer(
            pledges if "commitments" in asked else None, acts if "events" in asked else None
        )

    return reply


@dataclass
class TestDesk:
    """A desk, and how to reach it without a browser."""

    __test__ = False

    app: ServiceWithDesk
    desk: Desk
    settings: Settings
    extractor: Extractor

    def client(self, **options: object) -> TestClient:
        """Somebody's browser: it keeps its own cookies."""
        given: dict[str, object] = {"base_url": "http://localhost", **options}
        return TestClient(self.app, **given)  # type: ignore[arg-type]

    def library(self) -> Library:
        """The store as the desk sees it, open a second time."""
        assert self.settings.store is not None
        return Library(self.settings.store)

    def put(self, text: str = ARTICLE) -> str:
        """Read an article past the pages; the key of the reading."""
        submission = Submission(text, language="en")
        extraction = self.extractor.extract(text, language="en")
        library = self.library()
        try:
            key = submission.key(self.extractor.fingerprint)
            return library.keep(key, submission, extraction, self.extractor.model_name)
        finally:
            library.close()

    def opened(self, key: str) -> OpenReading:
        """The reading of this key."""
        library = self.library()
        try:
            return library.open(key)
        finally:
            library.close()


@contextmanager
def desk_in(
    folder: Path,
    model: Callable[[ModelRequest], Answer] | None = None,
    **options: object,
) -> Iterator[TestDesk]:
    """A desk whose store lies in the folder."""
    given: dict[str, object] = {
        "strategy": "document",
        "store": folder / "store.db",
        "retries": 0,
        **options,
    }
    settings = Settings.model_validate(given)
    extractor = Extractor(ScriptedModel(model or replies()), settings=settings)
    pool = ExtractorPool(settings, extractor)
    desk = Desk(settings, pool, None, "Anna")
    app = ServiceWithDesk(create_app(settings, pool=pool), desk)
    try:
        yield TestDesk(app, desk, settings, extractor)
    finally:
        desk.close()
        extractor.close()


def form_token(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def version_of(page: str, record: str) -> str:
    """The version that the form of a record carries."""
    card = page[page.index(f'id="a-{record}"') :]
    found = re.search(r'name="version" value="(\d+)"', card)
    assert found is not None
    return found[1]


def said(page: str) -> str:
    """What the page says of the last step."""
    found = re.search(r'id="said"[^>]*>([^<]*)<', page)
    assert found is not None
    return unescape(found[1])


def read_through(client: TestClient, response: httpx2.Response) -> str:
    """Wait for an article that is being read; the address that it ends at."""
    place = response.headers["location"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answered = client.get(place, follow_redirects=False)
        if answered.status_code == 303:
            return str(answered.headers["location"])
        assert "Read it again" not in answered.text, answered.text
        time.sleep(0.02)
    raise AssertionError("it was not read in time")


class Person:
    """Somebody before the page of a reading, who sends its forms."""

    def __init__(self, client: TestClient, key: str) -> None:
        self.client = client
        self.place = f"/desk/articles/{key}"
        self.page = client.get(self.place).text

    def send(self, path: str, **fields: object) -> int:
        form = {"form_token": form_token(self.page), **fields}
        answered = self.client.post(f"{self.place}{path}", data=form)
        self.page = answered.text
        return answered.status_code

    def decide(self, record: str, verdict: str, version: str | None = None) -> int:
        told = version if version is not None else version_of(self.page, record)
        return self.send(f"/records/{record}", verdict=verdict, version=told)

    def change(self, record: str, **fields: object) -> int:
        version = version_of(self.page, record)
        return self.send(f"/records/{record}/edit", version=version, **fields)

    def standing(self, record: str) -> str:
        page = self.client.get(self.place).text
        classes = page[page.index('<article class="card') :]
        start = classes.index(f'id="a-{record}"')
        return classes[:start].rpartition("is-")[2].partition(" ")[0].rstrip('"')
