"""The queue and the random sample, as a browser without a script sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from extractor.records import Extraction
from extractor.storage.tables import RESULTS, now_text
from tests.desk.desks import Person, TestDesk, desk_in, form_token, said, version_of
from tests.desk.ledgers import desk_with_ledger, rows_of, store_of

PLACE = "/desk/queue"


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[TestDesk]:
    with desk_with_ledger(tmp_path) as desk:
        yield desk


def queued(client: TestClient, **asked: str) -> dict[str, str]:
    """What the queue tells of each address."""
    page = client.get(PLACE, params=asked).text
    items = page.partition('<ol class="queue">')[2].partition("</ol>")[0].split("</div>")
    found = {}
    for item in items:
        if address := re.search(r'href="([^"]+)"', item):
            found[unescape(address[1])] = unescape(re.sub(r"<[^>]+>", "", item))
    return found


def post(client: TestClient, place: str, path: str = "", **fields: object) -> str:
    form = {"form_token": form_token(client.get(place).text), **fields}
    answered = client.post(f"{place}{path}", data=form)
    assert answered.status_code == 200, answered.text
    return answered.text


def keep_another_reading(desk: TestDesk, key: str) -> None:
    """Another model has read the article: it finds one record less, and another amount."""
    read = desk.opened(key).extraction
    first, *others = read.commitments
    assert first.amount is not None
    amount = first.amount.model_copy(update={"value": 41_000_000})
    changed = first.model_copy(update={"amount": amount})
    provenance = read.provenance.model_copy(update={"model": "other-model"})
    other: Extraction = read.model_copy(
        update={"commitments": [changed, *others[:-1]], "provenance": provenance}
    )
    with store_of(desk) as store, store.writing() as rows:
        rows.execute(
            insert(RESULTS).values(
                key="other",
                kept_at=now_text(),
                extraction=other.model_dump_json(),
                article_sha256=read.article.sha256,
            )
        )


def test_records_in_doubt_are_told_with_the_reason_and_gone_once_decided(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk, desk.client() as client:
        key = desk.put()
        keep_another_reading(desk, key)
        found = queued(client, kind="record")
        mine = f"/desk/articles/{key}?at="
        assert "other-model has another amount" in found[f"{mine}C1#a-C1"]
        assert "other-model does not find it" in found[f"{mine}C3#a-C3"]

        place = f"/desk/articles/{key}"
        version = version_of(client.get(place).text, "C1")
        post(client, place, "/records/C1", verdict="right", version=version)
        left = queued(client, kind="record")
        assert f"{mine}C1#a-C1" not in left
        assert f"{mine}C3#a-C3" in left
        post(client, place, "/undo")
        assert f"{mine}C1#a-C1" in queued(client, kind="record")


def test_a_finished_article_leaves_the_queue_until_somebody_opens_it_again(
    tmp_path: Path,
) -> None:
    with desk_in(tmp_path) as desk, desk.client() as client:
        key = desk.put()
        person = Person(client, key)
        for record in ("C1", "C2", "C3", "E1"):
            person.decide(record, "right")
        person.send("/finish")
        assert queued(client) == {}
        person.page = client.get(person.place).text
        person.decide("C3", "unsure")
        assert list(queued(client)) == [f"{person.place}?at=C3#a-C3"]


def test_what_is_worth_most_stands_first_and_the_filters_keep_what_has_them(
    desk: TestDesk,
) -> None:
    conflicts = {row.id for row in rows_of(desk).values() if row.conflicts}
    with desk.client() as client:
        everything = queued(client)
        gains = [
            int(found) for told in everything.values() for found in re.findall(r"(\d+) %", told)[:1]
        ]
        assert gains == sorted(gains, reverse=True)
        assert {a.rpartition("/")[2] for a in queued(client, kind="row")} == conflicts
        assert all("/beside/" in address for address in queued(client, kind="merge"))
        some = queued(client, source="Tin Xanh")
        assert some
        assert all("Tin Xanh" in told for told in some.values())
        assert queued(client, since="2031-01-01") == {}
        days = [
            re.search(r"2\d{3}-\d\d-\d\d", told)
            for told in queued(client, until="2025-06-30").values()
        ]
        assert days
        assert all(day and day[0] <= "2025-06-30" for day in days)


def test_a_row_and_a_merge_leave_the_queue_once_judged(desk: TestDesk) -> None:
    with desk.client() as client:
        row = next(iter(queued(client, kind="row")))
        post(client, row, "/review", verdict="right")
        assert row not in queued(client, kind="row")
        merge = next(iter(queued(client, kind="merge")))
        post(client, merge, answer="unsure")
        assert merge not in queued(client, kind="merge")


def test_a_sample_is_drawn_judged_row_by_row_and_says_how_right_the_tracker_is(
    desk: TestDesk,
) -> None:
    with desk.client() as client:
        form = {"form_token": form_token(client.get(f"{PLACE}/samples").text), "count": 8}
        drawn = client.post(f"{PLACE}/samples", data=form, follow_redirects=False)
        place = drawn.headers["location"]
        again = client.post(f"{PLACE}/samples", data=form, follow_redirects=False)
        assert again.headers["location"] == place

        judged: list[str] = []
        page = client.get(place).text
        assert "0 of " in page
        while row := re.search(r'name="pledge" value="(P\w+)"', page):
            assert row[1] not in judged
            verdict = ("right", "wrong", "unsure")[len(judged) % 3]
            judged.append(row[1])
            page = post(client, place, pledge=row[1], verdict=verdict)
            assert said(page) == f"{row[1]}: {verdict}."
        assert len(judged) >= 8
        assert "All rows of this sample that are still there are judged." in page
        assert "95 % interval" in client.get(f"{PLACE}/samples").text

        page = post(client, place, "/undo")
        assert f'name="pledge" value="{judged[-1]}"' in page
        assert f"{len(judged) - 1} of {len(judged)} judged" in page
        form = {"form_token": form_token(page), "pledge": "P0", "verdict": "right"}
        assert client.post(place, data=form).status_code == 422


def test_nothing_is_drawn_from_an_empty_tracker(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk, desk.client() as client:
        assert "Nothing here is in doubt" in client.get(PLACE).text
        form = {"form_token": form_token(client.get(f"{PLACE}/samples").text), "count": 8}
        assert client.post(f"{PLACE}/samples", data=form).status_code == 422
        assert client.get(f"{PLACE}/samples/S0").status_code == 422
