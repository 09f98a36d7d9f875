"""What a review changes: told on the page of its article, of what is decided alone."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from tests.desk.desks import Person, desk_in


def told(page: str) -> str:
    """What the page says of the effect; empty if it says nothing."""
    found = re.search(r'<details class="effect">(.*?)</details>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", found[1])) if found else ""


def test_what_a_review_comes_to_is_told_as_it_goes(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk, desk.client() as client:
        person = Person(client, desk.put())
        assert told(person.page) == ""

        person.decide("C1", "right")
        assert "What this changes: nothing so far" in told(person.page)
        assert "find 1 of 1 record, be right in 1 of the 1 it tells" in told(person.page)
        assert "3 not decided on are not counted" in told(person.page)

        person.decide("C2", "wrong")
        assert "invented −1" in told(person.page)
        assert "be right in 1 of the 2 it tells" in told(person.page)

        person.change("C3", field="amount", sentence=5, choice="m1")
        person.page = client.get(person.place).text
        # A change counts once the record is accepted.
        assert "corrected" not in told(person.page)
        person.decide("C3", "right")
        assert "1 value corrected" in told(person.page)
        assert re.search(r"amount\s+1 of 2", told(person.page))

        person.send(
            "/new",
            **{"kind": "commitment", "sentence": 5, "choice": "w2-4", "refusal": 2},
            **{"label": "funding", "status": "agreed", "amount": "m1", "title": "training"},
        )
        person.page = client.get(person.place).text
        person.decide("C4", "right")
        assert "found +1" in told(person.page)
        assert "find 2 of 3 records" in told(person.page)

        person.send("/undo")
        assert "found +1" not in told(person.page)
