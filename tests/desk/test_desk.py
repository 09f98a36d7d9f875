"""The desk as a browser without a script sees it: reading, deciding, undoing, and who may."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from extractor.api.keys import entry_of
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
    said,
    version_of,
)
from tests.formats.pdfs import Line, pdf

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[TestDesk]:
    with desk_in(tmp_path) as desk:
        yield desk


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


def test_decisions_are_kept_and_undone_one_by_one_after_a_reload(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        person.decide("C1", "right")
        person.decide("C2", "wrong")
        person.decide("C3", "unsure")
        assert [person.standing(one) for one in ("C1", "C2", "C3", "E1")] == [
            *("right", "wrong", "later", "open")
        ]
        person = Person(client, key)
        for left in (("right", "wrong", "open"), ("right", "open", "open"), ("open",) * 3):
            person.send("/undo")
            assert tuple(person.standing(one) for one in ("C1", "C2", "C3")) == left
        assert person.send("/undo") == 409


def test_a_corrected_value_is_proved_saved_told_and_undone(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)

        person.change("C3", field="amount", sentence=5, choice="m1")
        assert "2.5 million EUR" in person.page
        page = client.get(person.place).text
        assert "changed amount" in page
        assert "was empty, changed by Anna" in page

        person.page = page
        person.send("/undo")
        assert "2.5 million EUR" not in client.get(person.place).text


def test_what_no_sentence_bears_is_refused_with_the_reason_and_nothing_changes(
    desk: TestDesk,
) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)

        status = person.change("C3", field="amount", sentence=5, choice="words", word=["2", "4"])

        assert status == 422
        assert "“Ministry of Trade” in sentence 5 is no amount of money." in person.page
        # What was chosen is still chosen.
        assert 'value="3" checked' in person.page
        assert person.standing("C3") == "open"
        assert "History" not in client.get(person.place).text


def test_the_second_of_two_people_is_told_and_neither_loses_an_edit(tmp_path: Path) -> None:
    keys = {name: f"key-of-{name}" for name in ("anna", "binh")}
    entries = [entry_of(name, key) for name, key in keys.items()]
    with desk_in(tmp_path, api_keys=tuple(entries)) as desk:
        key = desk.put()
        with desk.client() as one, desk.client() as other:
            for client, name in ((one, "anna"), (other, "binh")):
                client.post("/desk/sign-in", data={"key": keys[name]})
            anna, binh = Person(one, key), Person(other, key)
            anna.change("C3", field="status", value="agreed")

            status = binh.change("C3", field="amount", sentence=5, choice="m1")

            assert status == 409
            assert "C3 has changed since you saw it: anna changed status it." in binh.page
            assert 'value="m1" checked' in binh.page
            # Sent again, now on what Anna made of it.
            assert binh.change("C3", field="amount", sentence=5, choice="m1") == 200
            record = desk_record(other.get(binh.place).text, "C3")
            assert "2.5 million EUR" in record
            assert "agreed" in record
            # Anna cannot take back what Binh has gone on from.
            anna.page = one.get(anna.place).text
            assert anna.send("/undo") == 409
            assert "binh has gone on with C3" in anna.page


def _until(client: TestClient, place: str, words: str) -> str:
    """The page, once it says so."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if words in (page := client.get(place).text):
            return page
        time.sleep(0.02)
    raise AssertionError(page)


def desk_record(page: str, record: str) -> str:
    return page[page.index(f'id="a-{record}"') :].partition("</article>")[0]


def test_a_missing_record_is_added_and_a_refusal_rescued_or_left(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        new = client.get(f"{person.place}/new?refusal=2").text
        assert 'value="5" selected' in new

        person.send(
            "/new",
            **{"kind": "commitment", "sentence": 5, "choice": "w2-4", "refusal": 2},
            **{"label": "funding", "status": "agreed", "amount": "m1", "title": "training"},
        )
        page = client.get(person.place).text
        record = desk_record(page, "C4")
        assert "Ministry of Trade" in record
        assert "2.5 million EUR" in record
        assert "added from refusal 2" in record
        assert 'made into <a href="#a-C4">' in page

        person.page = page
        person.send("/refusals/3", at="C1")
        assert "left as it is" in client.get(person.place).text
        person.send("/undo")
        person.send("/undo")
        assert 'id="a-C4"' not in client.get(person.place).text


def test_a_new_record_that_nothing_bears_is_refused_and_what_was_given_stays(
    desk: TestDesk,
) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        status = person.send(
            "/new",
            **{"kind": "commitment", "sentence": 2, "choice": "words"},
            **{"label": "equity", "status": "planned", "title": "a plan"},
        )
        assert status == 422
        assert "The sentence does not bear it" in person.page
        assert 'value="equity" selected' in person.page
        assert 'value="a plan"' in person.page


def test_only_a_wholly_decided_article_is_finished_and_a_later_step_opens_it(
    desk: TestDesk,
) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        assert person.send("/finish") == 409
        person.page = client.get(person.place).text
        for record in ("C1", "C2", "C3", "E1"):
            person.decide(record, "right")
        person.send("/finish")
        assert "finished by Anna" in person.page
        assert "finished" in client.get("/desk/").text
        person.decide("C1", "wrong")
        assert "finished by Anna" not in person.page


def test_a_script_gets_the_part_that_changes_and_the_marks_of_the_article(
    desk: TestDesk,
) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        token, version = form_token(person.page), version_of(person.page, "C1")
        part = client.post(
            f"{person.place}/records/C1",
            data={"form_token": token, "version": version, "verdict": "wrong"},
            headers={"HX-Request": "true"},
        )
        assert "<html" not in part.text
        assert said(part.text) == "C1 rejected."
        assert part.headers["HX-Replace-Url"].endswith("?at=C2")
        article = part.text[part.text.index('<div id="article"') :]
        assert "a-C1.amount" not in article


def test_the_reading_as_it_stands_is_saved_as_a_file(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        person.change("C3", field="amount", sentence=5, choice="m1")
        file = client.get(f"{person.place}/page.html")
        assert file.headers["content-disposition"].startswith("attachment")
        assert "2.5 million EUR" in file.text


# ---- who may


def test_every_answer_forbids_what_is_not_the_desks_own(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client:
        for path in ("/desk/", f"/desk/articles/{key}", "/desk/static/desk.js", "/desk/nothing"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
        page = client.get(f"/desk/articles/{key}").text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_form_without_the_sessions_token_is_refused(desk: TestDesk) -> None:
    key = desk.put()
    with desk.client() as client, desk.client() as other:
        person = Person(client, key)
        foreign = form_token(other.get("/desk/").text)
        for token in ("", foreign):
            answered = client.post(
                f"{person.place}/records/C1",
                data={"form_token": token, "version": "0", "verdict": "right"},
            )
            assert answered.status_code == 403
        assert person.standing("C1") == "open"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(desk: TestDesk, headers: dict[str, str]) -> None:
    key = desk.put()
    with desk.client() as client:
        person = Person(client, key)
        answered = client.post(
            f"{person.place}/records/C1",
            data={"form_token": form_token(person.page), "version": "0", "verdict": "right"},
            headers=headers,
        )
        assert answered.status_code == 403
        assert person.standing("C1") == "open"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example"])
def test_without_keys_the_desk_answers_under_names_of_the_loopback_only(
    desk: TestDesk, host: str
) -> None:
    with desk.client() as client:
        assert client.get("/desk/", headers={"Host": host}).status_code == 421
        assert client.get("/desk/", headers={"Host": "127.0.0.1:8000"}).status_code == 200
        assert client.get("/desk/", headers={"Host": "[::1]:8000"}).status_code == 200


def test_a_key_opens_a_session_that_ends_with_signing_out(tmp_path: Path) -> None:
    entry = entry_of("anna", "the-key")
    with desk_in(tmp_path, api_keys=(entry,)) as desk, desk.client() as client:
        key = desk.put()
        place = f"/desk/articles/{key}"
        refused = client.get(place, follow_redirects=False)
        assert refused.headers["location"] == f"/desk/sign-in?back={place}"
        wrong = client.post("/desk/sign-in", data={"key": "another", "back": place})
        assert wrong.status_code == 401
        assert "another" not in wrong.text

        opened = client.post(
            "/desk/sign-in", data={"key": "the-key", "back": place}, follow_redirects=False
        )
        cookie = opened.headers["set-cookie"]
        assert opened.headers["location"] == place
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "the-key" not in cookie
        token = form_token(client.get(place).text)
        client.post("/desk/sign-out", data={"form_token": token})
        assert client.get(place, follow_redirects=False).status_code == 303
        # The service itself still wants its header.
        assert client.get("/models").status_code == 401


def test_signing_in_leads_to_no_other_site(tmp_path: Path) -> None:
    entry = entry_of("anna", "the-key")
    with desk_in(tmp_path, api_keys=(entry,)) as desk, desk.client() as client:
        for back in ("https://evil.example/", "//evil.example", "/desk/\\evil", "javascript:1"):
            opened = client.post(
                "/desk/sign-in", data={"key": "the-key", "back": back}, follow_redirects=False
            )
            assert opened.headers["location"] == "/desk/"


def test_a_session_ends_when_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("extractor.desk.sessions.time.monotonic", lambda: now)
    with desk_in(tmp_path, api_keys=(entry_of("anna", "k"),)) as desk:
        sessions = desk.desk._visiting.sessions
        token, _ = sessions.open("k")
        now += 50 * 60
        assert sessions.find(token) is not None
        now += 61 * 60
        assert sessions.find(token) is None
        token, _ = sessions.open("k")
        for _ in range(12):
            now += 55 * 60
            alive = sessions.find(token)
        assert alive is None


def test_the_desk_and_the_service_stand_side_by_side(desk: TestDesk) -> None:
    with desk.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/", follow_redirects=False).headers["location"] == "/desk/"
        answered = client.post(
            "/extract",
            content=json.dumps({"text": ARTICLE, "language": "en"}),
            headers={"Content-Type": "application/json"},
        )
        assert len(answered.json()["commitments"]) == 3


# ---- strangers' texts


def test_a_hostile_article_is_shown_and_never_run(tmp_path: Path) -> None:
    text = ARTICLE.replace("Nordlys Compute", f"Nordlys {HOSTILE}", 1)
    with desk_in(tmp_path) as desk:
        key = desk.put(text)
        with desk.client() as client:
            for path in (
                "",
                "/records/C1/edit",
                "/records/C1/edit?field=actors&sentence=1",
                "/new",
            ):
                page = client.get(f"/desk/articles/{key}{path}").text
                assert "<script>alert" not in page
                assert "<img" not in page
            assert "<script>alert" not in client.get("/desk/").text


def test_what_is_too_large_or_no_form_is_refused_without_being_read(desk: TestDesk) -> None:
    with desk.client() as client:
        token = form_token(client.get("/desk/").text)
        form = {"form_token": token}
        big = client.post("/desk/read", data=form, files={"file": ("a.txt", b"x" * 11_000_000)})
        assert big.status_code == 413
        assert "larger than this service reads" in big.text
        long = client.post(
            "/desk/read", data={**form, "text": "x" * 900_000}, files={"file": ("", b"")}
        )
        assert long.status_code == 413
        broken = client.post(
            "/desk/read", content=b"--x\r\n", headers={"Content-Type": "multipart/form-data"}
        )
        assert broken.status_code == 422
        many = client.post("/desk/read", data={f"f{n}": "x" for n in range(2_000)})
        assert many.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/desk/articles/nothing", "/desk/reading/nothing", "/desk/static/../app.py", "/desk/else"],
)
def test_what_is_not_there_is_told(desk: TestDesk, path: str) -> None:
    with desk.client() as client:
        assert client.get(path).status_code == 404


def test_a_job_of_somebody_else_is_not_shown(tmp_path: Path) -> None:
    entries = (entry_of("anna", "a"), entry_of("binh", "b"))
    with (
        desk_in(tmp_path, api_keys=entries) as desk,
        desk.client() as one,
        desk.client() as other,
    ):
        one.post("/desk/sign-in", data={"key": "a"})
        other.post("/desk/sign-in", data={"key": "b"})
        form = {"form_token": form_token(one.get("/desk/").text), "text": ARTICLE}
        begun = one.post("/desk/read", data=form, follow_redirects=False)
        assert other.get(begun.headers["location"]).status_code == 404
        read_through(one, begun)
