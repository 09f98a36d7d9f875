"""Who may do what at the desk, and what it refuses: other sites, hostile articles, no session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.api.keys import entry_of
from tests.desk.desks import (
    ARTICLE,
    Person,
    TestDesk,
    desk_in,
    form_token,
    read_through,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


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
