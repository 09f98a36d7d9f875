"""Reading at the desk, as a browser without a script sees it: text, documents, progress."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from starlette.testclient import TestClient

from extractor.errors import ModelRefusedKey
from extractor.models.base import ModelRequest
from extractor.models.scripted import Answer
from tests.articles import answer, commitment, wanted
from tests.desk.desks import (
    ARTICLE,
    TestDesk,
    desk_in,
    form_token,
    read_through,
    replies,
)
from tests.formats.pdfs import Line, pdf


def test_pasted_text_is_read_and_shown_with_its_records(desk: TestDesk) -> None:
    with desk.client() as client:
        token = form_token(client.get("/desk/").text)
        form = {"form_token": token, "text": ARTICLE, "published_at": "2026-03-31"}
        begun = client.post(
            "/desk/read", data=form, files={"file": ("", b"")}, follow_redirects=False
        )
        place = read_through(client, begun)
        page = client.get(place).text

        assert "40 million EUR" in page
        assert 'id="a-s3"' in page
        assert "2026-03-31" in page
        assert place in client.get("/desk/").text


def test_a_document_is_read_with_its_own_date_or_the_given_one(desk: TestDesk) -> None:
    html = f"<html><body><h1>Nordlys</h1><p>{ARTICLE}</p><p>{ARTICLE}</p></body></html>".encode()
    with desk.client() as client:
        lines = [one for one in ARTICLE.split("\n") if one and one.isascii()]
        page = [Line(one, y=700 - 20 * at) for at, one in enumerate(lines)]
        for name, data in (("a.html", html), ("a.pdf", pdf(page))):
            form = {"form_token": form_token(client.get("/desk/").text)}
            begun = client.post(
                "/desk/read", data=form, files={"file": (name, data)}, follow_redirects=False
            )
            assert begun.status_code == 303, begun.text
            assert "Nordlys Compute" in client.get(read_through(client, begun)).text


def test_the_same_article_is_not_read_twice(tmp_path: Path) -> None:
    asked: list[ModelRequest] = []

    def model(request: ModelRequest) -> Answer:
        asked.append(request)
        return replies()(request)

    with desk_in(tmp_path, model) as desk, desk.client() as client:
        places = set()
        for _ in range(2):
            form = {"form_token": form_token(client.get("/desk/").text), "text": ARTICLE}
            begun = client.post("/desk/read", data=form, follow_redirects=False)
            places.add(read_through(client, begun))
            calls = len(asked)
        assert len(places) == 1
        assert len(asked) == calls


def test_a_model_that_fails_is_told_and_asked_again(tmp_path: Path) -> None:
    broken = True

    def model(request: ModelRequest) -> Answer:
        return ModelRefusedKey("The provider refused the key.") if broken else replies()(request)

    with desk_in(tmp_path, model) as desk, desk.client() as client:
        token = form_token(client.get("/desk/").text)
        begun = client.post(
            "/desk/read", data={"form_token": token, "text": ARTICLE}, follow_redirects=False
        )
        place = begun.headers["location"]
        page = _until(client, place, "Read it again")
        assert "The provider refused the key." in page
        broken = False
        again = client.post(f"{place}/again", data={"form_token": token}, follow_redirects=False)
        assert "/desk/articles/" in read_through(client, again)


def test_a_slow_reading_is_told_as_it_goes_and_can_be_cancelled(tmp_path: Path) -> None:
    may = threading.Semaphore(0)
    draft = commitment(1, who=["Nordlys Compute"], what="sites", money="m1")
    del draft["sentence"]

    def model(request: ModelRequest) -> Answer:
        assert may.acquire(timeout=60)
        asked = wanted(request)
        return answer(
            [draft] if "commitments" in asked else None, [] if "events" in asked else None
        )

    text = " ".join(f"Nordlys Compute will spend ${n} million on sites." for n in range(1, 5))
    settings = {"strategy": "passage", "finder": "rules", "min_confidence": 0}
    with desk_in(tmp_path, model, **settings) as desk, desk.client() as client:
        token = form_token(client.get("/desk/").text)
        begun = client.post(
            "/desk/read", data={"form_token": token, "text": text}, follow_redirects=False
        )
        place = begun.headers["location"]
        may.release()
        page = _until(client, place, "1 of ")
        assert 'http-equiv="refresh"' in page
        part = client.get(place, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        assert "hx-trigger" in part
        assert "1 commitment" in part
        client.post(f"{place}/cancel", data={"form_token": token})
        assert "Cancelled" in client.get(place).text
        may.release(100)
        assert "Nothing has been read yet" in client.get("/desk/").text


def _until(client: TestClient, place: str, words: str) -> str:
    """The page, once it says so."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if words in (page := client.get(place).text):
            return page
        time.sleep(0.02)
    raise AssertionError(page)
