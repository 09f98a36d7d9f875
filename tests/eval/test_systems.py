"""The systems of a comparison, single-shot above all: what they send, make of it, and never do."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from eval.errors import SystemUnavailable
from eval.labels.dataset import load_corpora, load_corpus
from eval.runs.runner import Job, read
from eval.systems.base import Status, System, UnusableReply
from eval.systems.langextract_task import EXAMPLES
from eval.systems.names import SYSTEMS
from eval.systems.opening import open_system
from extractor.errors import ModelRateLimited, ModelUnavailable
from extractor.models.base import ModelReply, TokenUsage
from extractor.models.scripted import Answer, ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.eval.predictions import act, day, money, party, pledge
from tests.eval.runs import cut, key_of, refusal, write_corpus
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

ROOT = Path(__file__).parent.parent.parent
_ONLY_IN_LABELS = {"tier", "accept_also", "cross_doc_key", "annotator_note"}


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_has_its_name_and_a_digest_that_does_not_change(name: str) -> None:
    system = open_system(name, SETTINGS)
    assert system.name == name
    assert re.fullmatch(r"[0-9a-f]{64}", system.fingerprint)
    assert system.fingerprint == open_system(name, SETTINGS).fingerprint


def test_systems_differ_in_their_digests() -> None:
    assert len({open_system(name, SETTINGS).fingerprint for name in SYSTEMS}) == len(SYSTEMS)


def test_a_system_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(SystemUnavailable, match="single-shot") as raised:
        open_system("oracle", SETTINGS)
    assert "'oracle'" in str(raised.value)
    assert raised.value.exit_code == 2


# single-shot


@pytest.fixture(name="single_shot")
def _single_shot() -> System:
    return open_system("single-shot", SETTINGS)


def records(
    commitment: Mapping[str, object] | None = None, event: Mapping[str, object] | None = None
) -> str:
    """A reply with one record of each kind, as the schema asks for it."""
    pledged = pledge(amount=money(40_000_000, raw="40 million dollars"))
    both = [
        {
            **label.model_dump(mode="json", exclude=_ONLY_IN_LABELS),
            "evidence": [quote],
            **(changes or {}),
        }
        for label, quote, changes in ((pledged, PLEDGE, commitment), (act(), LAW, event))
    ]
    return json.dumps({"commitments": both[:1], "policy_events": both[1:]})


def test_a_single_shot_reply_becomes_records_whose_quotes_are_located(single_shot: System) -> None:
    found = extract(single_shot, records())
    (commitment,), (event,) = found.commitments, found.policy_events
    for record, quote in ((commitment, PLEDGE), (event, LAW)):
        (evidence,) = record.evidence
        assert (TEXT[evidence.start : evidence.end], evidence.quote) == (quote, quote)
        assert record.verdicts == []
    assert commitment.actors == [party("Alderon")]
    assert commitment.amount == money(40_000_000, raw="40 million dollars")
    assert (event.event_type, event.date) == ("law_or_regulation", day("2026-05-04"))
    assert (found.article.article_id, found.article.characters) == ("nordlys", len(TEXT))
    assert Extraction.model_validate_json(found.model_dump_json()) == found


def test_offsets_of_quotes_count_code_points(single_shot: System) -> None:
    text = f"Chi phí 🚀 tăng. {TEXT}"
    (evidence,) = extract(single_shot, records(), text).commitments[0].evidence
    assert text[evidence.start : evidence.end] == PLEDGE


@pytest.mark.parametrize("quote", ["Nordlys Compute will give everything.", PLEDGE.upper(), ""])
def test_a_quote_that_is_not_in_the_article_stays_ungrounded(
    single_shot: System, quote: str
) -> None:
    found = extract(single_shot, records({"evidence": [quote, LAW]}))
    invented, real = found.commitments[0].evidence
    assert (invented.start, invented.end, invented.quote) == (0, 0, quote)
    assert TEXT[real.start : real.end] == LAW


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (cut(), "truncated"),
        (cut(""), "truncated"),
        (cut(records()), "truncated"),
        (refusal(), "refused"),
        ("Certainly! There are two commitments.", "invalid_json"),
        ("", "invalid_json"),
        (records() + records(), "invalid_json"),
        ("{}", "schema_error"),
        ("[]", "schema_error"),
        ('{"commitments": null, "policy_events": []}', "schema_error"),
        ('{"commitments": [], "policy_events": [], "notes": []}', "schema_error"),
        (records({"status": "perhaps"}), "schema_error"),
        (records({"evidence": []}), "schema_error"),
        (records({"evidence": [3]}), "schema_error"),
        (records(None, {"mood": "good"}), "schema_error"),
    ],
)
def test_a_reply_that_is_no_extraction_says_what_is_wrong_with_it(
    single_shot: System, tmp_path: Path, answer: Answer, status: Status
) -> None:
    with pytest.raises(UnusableReply) as raised:
        extract(single_shot, answer)
    assert raised.value.status == status
    told = f"{raised.value} {raised.value.__context__} {raised.value.__cause__}"
    assert "Nordlys" not in told
    found, detail = status_of(single_shot, answer, tmp_path / "texts")
    # The limit that a cut reply names depends on the article.
    assert (found, re.sub(r"\d+", "N", detail)) == (status, re.sub(r"\d+", "N", str(raised.value)))


def test_a_refusal_that_fits_the_schema_is_still_a_refusal(single_shot: System) -> None:
    with pytest.raises(UnusableReply) as raised:
        extract(single_shot, ModelReply(records(), "refused", TokenUsage()))
    assert raised.value.status == "refused"


def test_a_reply_of_nothing_but_brackets_is_no_json(single_shot: System) -> None:
    with pytest.raises(UnusableReply) as raised:
        extract(single_shot, "[" * 5_000)
    assert raised.value.status == "invalid_json"


@pytest.mark.parametrize("name", ["single-shot", "langextract"])
@pytest.mark.parametrize(
    "error", [ModelUnavailable("The server is away."), ModelRateLimited("Too many requests.")]
)
def test_a_failing_model_passes_as_its_own_error_and_is_asked_once(
    name: str, error: ModelUnavailable | ModelRateLimited, tmp_path: Path
) -> None:
    system = open_system(name, SETTINGS)
    model = ScriptedModel(lambda _: error)
    with pytest.raises(type(error)) as raised:
        system.extract(article(), model)
    assert raised.value is error
    assert len(model.requests) == 1
    told = f"{error.detail} {error.advice}"
    assert status_of(system, error, tmp_path / "texts") == ("error", told)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_single_shot_sends_the_article_as_it_is_and_as_data_only(
    single_shot: System, hostile: str
) -> None:
    model = ScriptedModel(lambda _: records())
    single_shot.extract(article(hostile), model)
    (request,) = model.requests
    system, user = request.messages
    assert (system.role, user.role, user.content) == ("system", "user", hostile)
    plain = ScriptedModel(lambda _: records())
    single_shot.extract(article(), plain)
    assert plain.requests[0].messages[0] == system
    assert plain.requests[0].json_schema == request.json_schema


def test_single_shot_asks_once_with_the_settings_and_for_quotes_without_offsets(
    single_shot: System,
) -> None:
    model = ScriptedModel(lambda _: records())
    found = single_shot.extract(article(published_at=date(2026, 5, 6)), model)
    (request,) = model.requests
    assert request.messages[1].content == f"Published: 2026-05-06\n\n{TEXT}"
    assert (request.temperature, request.seed) == (0.3, 7)
    provenance = found.provenance
    assert (provenance.temperature, provenance.seed) == (0.3, 7)
    assert provenance.max_tokens == request.max_tokens
    schema = json.dumps(request.json_schema)
    assert schema.count('"items": {"type": "string"}, "minItems": 1, "title": "Evidence"') == 2
    for computed in ("verdicts", "sentence", "Evidence", "FieldVerdict"):
        assert f'"{computed}":' not in schema
    assert found.article.published_at == "2026-05-06"


def test_the_reply_of_single_shot_is_compact_and_no_list_of_a_record_is_endless(
    single_shot: System,
) -> None:
    model = ScriptedModel(lambda _: records())
    single_shot.extract(article(), model)
    (request,) = model.requests
    assert request.compact
    # Five lists of a commitment and six of a policy event.
    assert json.dumps(request.json_schema).count('"maxItems": 8') == 5 + 6


def test_a_longer_article_may_have_a_longer_reply_up_to_a_limit(single_shot: System) -> None:
    model = ScriptedModel(lambda _: records())
    for length in (1, 200, 5_000, 50_000):
        single_shot.extract(article("x" * length), model)
    limits = [request.max_tokens for request in model.requests]
    assert limits[0] < limits[1] < limits[2] == limits[3]
    assert limits[0] >= 512


@pytest.mark.parametrize("name", ["single-shot", "langextract"])
def test_an_article_that_is_an_address_is_read_and_never_fetched(name: str) -> None:
    address = "http://news.example/article"
    nothing = {
        "single-shot": '{"commitments": [], "policy_events": []}',
        "langextract": '{"extractions": []}',
    }
    model = ScriptedModel(lambda _: nothing[name])
    found = open_system(name, SETTINGS).extract(article(address), model)
    assert (found.commitments, found.policy_events) == ([], [])
    assert address in model.requests[0].messages[-1].content


# All of them


@pytest.fixture(name="verbose")
def _verbose(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    names = ["instructor", "langextract", "absl", "openai"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize(
    "answer",
    [
        records(),
        found_by(PLEDGE, actors=["Nordlys Compute"]),
        f"Certainly: {PLEDGE}",
        f'{{"commitments": ["{PLEDGE}"], "policy_events": [], "extractions": ["{PLEDGE}"]}}',
        ModelReply(f'{{"commitments": ["{PLEDGE}', "length", TokenUsage()),
        ModelUnavailable("The server is away."),
    ],
    ids=["records", "extractions", "no JSON", "wrong shape", "cut", "failure"],
)
def test_no_log_record_of_any_level_holds_words_of_the_article_and_nothing_is_printed(
    verbose: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    answer: Answer,
) -> None:
    (item,) = write_corpus(tmp_path / "texts", "one").items
    spoken = item.text.split(".")[0]
    retold = answer.replace(PLEDGE, spoken) if isinstance(answer, str) else answer
    model = ScriptedModel(lambda _: retold)
    read(Job(key_of("one"), item, open_system(name, Settings(retries=0))), model)
    assert model.requests
    logged = [f"{record.getMessage()} {record.__dict__}" for record in verbose.records]
    for line in logged:
        assert "Alderon" not in line
        assert "Nordlys" not in line
    assert capfd.readouterr() == ("", "")


def test_no_party_of_an_example_is_in_any_text_that_is_scored() -> None:
    names = {
        str(name)
        for one in EXAMPLES
        for item in one.items
        for field in ("actors", "recipients", "targets")
        for name in item.attributes.get(field, [])
    }
    assert {"Orvane Power", "Halvex"} <= names
    annotators = ("gold/annotators/a.json", "gold/annotators/b.json")
    folders = ("gold", "gold/challenge", "gold/injection", *annotators)
    texts = [
        text.casefold()
        for folder in folders
        for item in load_corpus(ROOT / folder).items
        for text in (item.text, item.gold.model_dump_json())
    ]
    assert len(texts) > 200
    assert not [
        name
        for name in names
        if any(re.search(rf"\b{re.escape(name.casefold())}\b", text) for text in texts)
    ]


def test_the_question_of_single_shot_names_no_labelled_party(single_shot: System) -> None:
    model = ScriptedModel(lambda _: records())
    single_shot.extract(article(), model)
    told = model.requests[0].messages[0].content.casefold()
    corpora = load_corpora([ROOT / "gold", ROOT / "gold" / "challenge"], [])
    for labels in (item.gold for corpus in corpora for item in corpus.items):
        parties = [actor for label in labels.commitments for actor in label.actors]
        parties += [actor for label in labels.policy_events for actor in label.actors]
        names = {actor.name.casefold() for actor in parties}
        assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", told)]
