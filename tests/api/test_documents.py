"""Documents as bodies: taken by their media type, with options in the query."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from anyio import to_thread
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.extraction import Extractor
from extractor.formats import media
from extractor.models.base import JsonValue, ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted
from tests.formats.files import docx, mail, paragraph
from tests.formats.pages import ADDRESS, WORDS, dated, page
from tests.formats.pdfs import Line, pdf

_SECRET = "XYZZYPLUGH"
_SETTINGS = Settings(strategy="document", retries=0, store=None, max_document_bytes=200_000)
_SENTENCE = WORDS["en"][1]


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Kestrel Lines"], what="tugs", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


@pytest.fixture(name="client")
def _client(tmp_path: Path) -> Iterator[TestClient]:
    settings = _SETTINGS.model_copy(update={"store": tmp_path / "results.sqlite"})
    extractor = Extractor(ScriptedModel(_pledge), settings=settings)
    with TestClient(create_app(settings, extractor=extractor)) as client:
        yield client


def _post(client: TestClient, body: bytes, kind: str, **query: str) -> Extraction:
    response = client.post("/extract", content=body, headers={"Content-Type": kind}, params=query)
    assert response.status_code == 200, response.text
    return Extraction.model_validate_json(response.content)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (media.TEXT, _SENTENCE.encode()),
        ("text/plain; charset=utf-16", _SENTENCE.encode("utf-16")),
        (media.MARKDOWN, _SENTENCE.replace("Kestrel", "**Kestrel**").encode()),
        (media.HTML, f"<p>{_SENTENCE}</p>".encode()),
        ("Application/XHTML+XML; charset=utf-8", f"<p>{_SENTENCE}</p>".encode()),
        (media.PDF, pdf([Line(_SENTENCE)])),
        (media.DOCX, docx(paragraph(_SENTENCE))),
        (media.MAIL, mail(f"{_SENTENCE}\n")),
    ],
)
def test_each_document_is_read(client: TestClient, kind: str, body: bytes) -> None:
    extraction = _post(client, body, kind, article_id="a")
    [record] = extraction.commitments
    assert record.evidence[0].quote == _SENTENCE
    assert extraction.article.article_id == "a"
    assert extraction.article.source is not None


def test_what_the_page_says_is_used_and_what_the_query_says_wins(client: TestClient) -> None:
    body = page(head=dated()).encode()
    own = _post(client, body, media.HTML).article
    assert (own.title, own.published_at, own.source_url) == (WORDS["en"][0], "2024-04-11", ADDRESS)
    assert own.source is not None
    assert own.source.published_at_source == "html:meta"
    given = _post(
        client,
        body,
        media.HTML,
        title="Tugs",
        published_at="2020-01-02",
        source_url="https://b.example",
    ).article
    assert (given.title, given.published_at, given.source_url) == (
        "Tugs",
        "2020-01-02",
        "https://b.example",
    )
    assert given.source is not None
    assert given.source.published_at_source == "caller"


def test_a_page_may_stand_in_the_json(client: TestClient) -> None:
    said = client.post("/extract", json={"html": page(head=dated()), "title": "Tugs"}).json()
    assert said["article"]["title"] == "Tugs"
    assert said["article"]["source"]["media_type"] == media.HTML
    assert said["commitments"]


def test_the_query_fills_what_the_json_leaves_open(client: TestClient) -> None:
    query = {"published_at": "2020-01-02", "title": "Other"}
    said = client.post("/extract", json={"text": _SENTENCE, "title": "Tugs"}, params=query).json()
    assert (said["article"]["title"], said["article"]["published_at"]) == ("Tugs", "2020-01-02")


def test_text_and_pages_of_the_same_words_share_a_result_and_keep_their_source(
    client: TestClient,
) -> None:
    plain = client.post("/extract", json={"text": _SENTENCE}).json()
    marked = _post(client, f"<p>{_SENTENCE}</p>".encode(), media.HTML)
    assert plain["article"]["source"] is None
    assert marked.article.source is not None
    assert marked.usage.seconds.model_dump() == plain["usage"]["seconds"]


def test_a_document_is_answered_in_lines_too(client: TestClient) -> None:
    response = client.post(
        "/extract",
        content=page().encode(),
        headers={"Content-Type": media.HTML, "Accept": "application/x-ndjson"},
    )
    assert '"type":"extraction"' in response.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (media.PDF, f"%PDF-1.7 {_SECRET}".encode(), 422),
        (media.DOCX, f"PK {_SECRET}".encode(), 422),
        (media.HTML, f"<script>{_SECRET}</script>".encode(), 422),
        (media.MAIL, _SECRET.encode(), 422),
        (media.TEXT, b"%PDF-1.7 " + _SECRET.encode(), 422),
        (media.TEXT, b"\xff" + _SECRET.encode(), 422),
        (media.TEXT, f"<html><body><p>{_SECRET}</p></body></html>".encode(), 422),
        (media.HTML, f"<p>{_SECRET} ".encode() * 40_000, 413),
        (media.RSS, f"<rss>{_SECRET}</rss>".encode(), 415),
        ("application/xml", f"<rss>{_SECRET}</rss>".encode(), 415),
        ("text/html, text/plain", b"", 415),
        (media.HTML, b"", 422),
    ],
)
def test_a_document_that_cannot_be_read_is_a_problem_that_does_not_repeat_it(
    client: TestClient, kind: str, body: bytes, status: int
) -> None:
    response = client.post("/extract", content=body, headers={"Content-Type": kind})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert _SECRET not in response.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"published_at": "soon"}, "query.published_at"),
        ({"language": _SECRET}, "query.language"),
        ({"model": "a b"}, "query.model"),
    ],
)
def test_a_parameter_at_fault_is_named(
    client: TestClient, query: dict[str, str], field: str
) -> None:
    for request in (
        {"content": page().encode(), "headers": {"Content-Type": media.HTML}},
        {"json": {"text": _SENTENCE}},
    ):
        response = client.post("/extract", params=query, **request)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]
        assert _SECRET not in response.text


@pytest.mark.parametrize(
    "body", [{"text": _SECRET, "html": _SECRET}, {"html": None}, {"html": 1}, {}]
)
def test_a_body_has_either_text_or_html(client: TestClient, body: JsonValue) -> None:
    response = client.post("/extract", json=body)
    assert response.status_code == 422
    assert _SECRET not in response.text


def test_text_keeps_the_limit_of_json_and_documents_have_their_own(client: TestClient) -> None:
    long = b" " * (4 * _SETTINGS.max_characters + 70_000)
    for kind in (media.TEXT, "application/json"):
        response = client.post("/extract", content=long, headers={"Content-Type": kind})
        assert response.status_code == 413
    response = client.post("/extract", content=long[:200_001], headers={"Content-Type": media.PDF})
    assert response.status_code == 413


def test_a_service_whose_threads_are_all_taken_is_ready_and_reads_documents() -> None:
    async def ask() -> tuple[int, int]:
        model = ScriptedModel(_pledge)
        app = create_app(_SETTINGS, extractor=Extractor(model, settings=_SETTINGS))
        limiter = to_thread.current_default_thread_limiter()
        takers = [object() for _ in range(int(limiter.total_tokens))]
        for taker in takers:
            limiter.acquire_on_behalf_of_nowait(taker)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            ready = await client.get("/readyz")
            sent = {"Content-Type": media.TEXT}
            read = await client.post("/extract", content=_SENTENCE, headers=sent)
        return ready.status_code, read.status_code

    assert asyncio.run(asyncio.wait_for(ask(), 20)) == (200, 200)
