"""langextract as a system: what it sends, and what becomes of its replies."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from eval.systems.base import System
from eval.systems.langextract_task import EXAMPLES
from eval.systems.opening import open_system
from extractor.errors import ModelUnavailable
from extractor.models.base import ModelRequest
from extractor.models.scripted import Answer, ScriptedModel
from extractor.records import Extraction
from tests.eval.predictions import day, money
from tests.eval.systems import (
    HOSTILE,
    LAW,
    PLEDGE,
    SETTINGS,
    TEXT,
    article,
    extract,
    found_by,
    status_of,
)


@pytest.fixture(name="langextract")
def _langextract() -> System:
    return open_system("langextract", SETTINGS)


def test_langextract_records_have_the_offsets_of_words_of_the_article(langextract: System) -> None:
    text = f"Chi phí 🚀 tăng.\n{TEXT}"
    reply = found_by(
        PLEDGE,
        actors=["Nordlys Compute"],
        recipients=["Umbra Works"],
        resource_kind="funding",
        amount="40000000",
        currency="USD",
        status="announced",
        deadline="2027",
    )
    (commitment,) = extract(langextract, reply, text).commitments
    (evidence,) = commitment.evidence
    assert text[evidence.start : evidence.end] == evidence.quote == PLEDGE
    assert [actor.name for actor in commitment.actors] == ["Nordlys Compute"]
    assert [actor.name for actor in commitment.recipients] == ["Umbra Works"]
    assert commitment.amount == money(40_000_000, raw="40000000")
    assert commitment.deadline == day("2027", text="2027")


def test_langextract_numbers_commitments_and_events_apart(langextract: System) -> None:
    items = [*json.loads(found_by(PLEDGE))["extractions"]]
    items += json.loads(
        found_by(LAW, kind="policy_event", event_type="law_or_regulation", status="adopted")
    )["extractions"]
    found = extract(langextract, json.dumps({"extractions": items}))
    assert [record.id for record in found.commitments] == ["C1"]
    (event,) = found.policy_events
    assert (event.id, event.event_type, event.status) == ("E1", "law_or_regulation", "adopted")
    assert TEXT[event.evidence[0].start : event.evidence[0].end] == LAW
    assert Extraction.model_validate_json(found.model_dump_json()) == found


def test_langextract_words_that_are_no_labels_do_not_lose_the_record(langextract: System) -> None:
    reply = found_by(PLEDGE, resource_kind="gifts", status=None, amount="plenty", actors=None)
    (commitment,) = extract(langextract, reply).commitments
    assert (commitment.resource_kind, commitment.status) == ("funding", "announced")
    assert (commitment.amount, commitment.actors) == (None, [])


def test_a_langextract_quote_that_is_not_in_the_article_stays_ungrounded(
    langextract: System,
) -> None:
    invented = "Zyx Quarries sold seventeen bridges yesterday."
    (commitment,) = extract(langextract, found_by(invented)).commitments
    (evidence,) = commitment.evidence
    assert (evidence.start, evidence.end, evidence.quote) == (0, 0, invented)


def sentence(number: int) -> str:
    return f"Company number {number} will build a plant with {number} halls in the north."


LONG = " ".join(sentence(number) for number in range(100, 160))


def chunk_of(request: ModelRequest) -> str:
    """The passage that a request of langextract is about."""
    return request.messages[-1].content.rsplit("Q: ", 1)[1].rsplit("\nA:", 1)[0]


def first_sentence(request: ModelRequest) -> str:
    match = re.search(r"Company number \d+ will build a plant with \d+ halls", chunk_of(request))
    assert match
    return match[0]


def test_langextract_reads_a_long_article_in_chunks_that_make_up_the_article(
    langextract: System,
) -> None:
    model = ScriptedModel(lambda request: found_by(first_sentence(request)))
    found = langextract.extract(article(LONG), model)
    assert len(model.requests) > 1
    assert "".join("".join(chunk_of(request).split()) for request in model.requests) == "".join(
        LONG.split()
    )
    assert len(found.commitments) == len(model.requests)
    spans = [record.evidence[0] for record in found.commitments]
    assert [LONG[span.start : span.end] for span in spans] == [
        first_sentence(request) for request in model.requests
    ]
    assert [record.id for record in found.commitments[:2]] == ["C1", "C2"]


@pytest.mark.parametrize("bad", ["Certainly!", "", '{"extractions": [', "[]", "{}"])
def test_a_langextract_reply_that_is_no_json_costs_its_chunk_only(
    langextract: System, bad: str
) -> None:
    count = 0

    def answer(request: ModelRequest) -> Answer:
        nonlocal count
        count += 1
        return bad if count == 2 else found_by(first_sentence(request))

    found = langextract.extract(article(LONG), ScriptedModel(answer))
    assert count > 2
    assert len(found.commitments) == count - 1


@pytest.mark.parametrize("blank", ["", " "])
def test_a_langextract_record_without_words_does_not_stop_the_run(
    langextract: System, blank: str, tmp_path: Path
) -> None:
    status, _ = status_of(langextract, found_by(blank), tmp_path / "texts")
    assert status in {"ok", "schema_error"}


def test_a_model_that_fails_in_the_middle_of_an_article_fails_langextract(
    langextract: System,
) -> None:
    error = ModelUnavailable("The server is away.")
    model = ScriptedModel([found_by(sentence(100)), error])
    with pytest.raises(ModelUnavailable) as raised:
        langextract.extract(article(LONG), model)
    assert raised.value is error
    assert len(model.requests) == 2


def test_langextract_constrains_the_reply_by_a_schema_made_of_its_examples(
    langextract: System,
) -> None:
    model = ScriptedModel(lambda _: found_by(PLEDGE))
    langextract.extract(article(published_at=date(2026, 5, 6)), model)
    (request,) = model.requests
    items = request.json_schema["properties"]
    assert isinstance(items, dict)
    schema = json.dumps(items["extractions"])
    for kind in ("commitment", "policy_event"):
        assert f'"{kind}"' in schema
        assert f'"{kind}_attributes"' in schema
    attributes = {name for one in EXAMPLES for item in one.items for name in item.attributes}
    assert all(f'"{name}"' in schema for name in attributes)
    prompt = request.messages[-1].content
    assert all(one.text in prompt for one in EXAMPLES)
    assert "Published: 2026-05-06" in prompt
    assert (request.temperature, request.seed, request.max_tokens) == (0.3, 7, 256)


@pytest.mark.parametrize("hostile", HOSTILE[:3])
def test_langextract_sends_the_article_as_it_is(langextract: System, hostile: str) -> None:
    model = ScriptedModel(lambda _: found_by())
    langextract.extract(article(hostile), model)
    system, user = model.requests[0].messages
    assert (system.role, user.role) == ("system", "user")
    assert chunk_of(model.requests[0]) == hostile
