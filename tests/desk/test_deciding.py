"""Deciding at the desk, as a browser without a script sees it: each step kept, told and undone."""

from __future__ import annotations

from pathlib import Path

from extractor.api.keys import entry_of
from tests.desk.desks import (
    Person,
    TestDesk,
    desk_in,
    form_token,
    said,
    version_of,
)


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


def desk_record(page: str, record: str) -> str:
    return page[page.index(f'id="a-{record}"') :].partition("</article>")[0]
