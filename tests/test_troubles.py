"""Kinds of trouble that readers of news meet: what is right of each comes out, and no wrong figure.

`troubles.jsonl` has a small article for each, the records that are right, and a careful reader's
reply to our prompt. Parties and figures are invented; the article was written and labelled by
somebody who did not know the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

import pytest

from extractor import Extraction, Extractor
from extractor.models import ScriptedModel
from extractor.records import Commitment
from extractor.settings import Settings

TROUBLES: Final[list[dict[str, Any]]] = [
    json.loads(line)
    for line in Path(__file__).with_name("troubles.jsonl").read_text("utf-8").splitlines()
]
# "Half of the cost": a share in words is no count that the sentence bears.
UNREAD: Final = {"u13": 1}


def extraction_of(trouble: dict[str, Any]) -> Extraction:
    model = ScriptedModel([json.dumps(trouble["reply"])])
    settings = Settings(strategy="document", policy="strong", store=None)
    with Extractor(model, settings=settings) as extractor:
        return extractor.extract(trouble["text"])


def plain(name: str) -> str:
    return normalize("NFC", name.replace("\u00ad", "")).casefold()


def is_right(record: Commitment, right: dict[str, Any]) -> bool:
    names = [plain(actor.name) for actor in record.actors]
    wanted = [plain(name) for name in right["who"]]
    if wanted and not any(one in other or other in one for one in wanted for other in names):
        return False
    if "amount" in right:
        amount = record.amount
        told = amount and [amount.value, amount.value_max, amount.currency]
        return told == [*right["amount"], right["currency"]]
    if "quantity" in right:
        return record.quantity is not None and record.quantity.value == right["quantity"]
    return True


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble["name"])
def test_what_is_right_comes_out(trouble: dict[str, Any]) -> None:
    extraction = extraction_of(trouble)
    found = list(extraction.commitments)
    missed = []
    for right in trouble["right"]:
        match = next((record for record in found if is_right(record, right)), None)
        if match is None:
            missed.append(right)
        else:
            found.remove(match)
    assert len(missed) <= UNREAD.get(trouble["name"], 0), missed
    # What the reader gave beside them may be defensible, but then without a figure.
    figures = [record.amount.value for record in found if record.amount and record.amount.value]
    assert figures == []
    for record in (*extraction.commitments, *extraction.policy_events):
        for item in record.evidence:
            assert trouble["text"][item.start : item.end] == item.quote


def test_what_completes_a_row_or_an_item_is_cited_though_the_reader_did_not() -> None:
    text = (
        "Grants (in millions of euros)\n| Town | Grant |\n| Askel | 45 |\n| Tarn | 60 |\n\n"
        "The Orne Fund will pay by 2027:\n• €4m to Vole;\n• €6m to Sund."
    )
    blank: dict[str, Any] = {"what": "grant", "kind": "funding", "status": "announced"}
    drafts = [
        {**blank, "sentences": [3], "who": [], "to": ["Askel"], "money": "m2"},
        {**blank, "sentences": [6], "who": ["Orne Fund"], "to": ["Vole"], "money": "m4"},
    ]
    reply = {"commitments": drafts, "events": []}
    row, item = extraction_of({"text": text, "reply": reply}).commitments
    assert row.amount is not None
    assert (row.amount.value, row.amount.currency) == (45_000_000, "EUR")
    assert [one.sentence for one in row.evidence] == [3, 1, 2]
    assert [one.sentence for one in item.evidence] == [6, 5]
    assert [actor.name for actor in item.actors] == ["Orne Fund"]
