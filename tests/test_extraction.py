"""The whole path, from a text to an extraction, with a scripted model."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from extractor import Extraction, Extractor
from extractor.article import Article
from extractor.asking.deadline import Deadline
from extractor.errors import (
    ArticleError,
    ArticleTooLarge,
    DeadlinePassed,
    ModelRefusedKey,
    ModelUnavailable,
    UnknownModel,
)
from extractor.models import ModelRequest, ScriptedModel
from extractor.records import CommitmentStatus, EventStatus
from extractor.selection import Candidates, Finder, Likely
from extractor.settings import Settings
from tests.articles import act, answer, commitment, event, pledge, wanted

ROOT = Path(__file__).parent.parent
STATUSES, EVENT_STATUSES = get_args(CommitmentStatus), get_args(EventStatus)
ARTICLE = (
    "Alderon pledges money for schools\n"
    "The Ministry of Rivers adopted the Clean Rivers Act on Monday. "
    "Alderon will give $40 million to Briar by the end of next year. "
    "The weather was fine. "
    "Its head, Ann Fern, said: “Briar deserves it.”\n"
    "Related articles\n"
    "Cobalt will give $90 million to Briar after signing a law\n"
    "10:15 | 12/03/2031\n"
    "Ministry plans another Act on seas\n"
    "10:16 | 12/03/2031\n"
)


def reply(request: ModelRequest) -> str:
    """A model that knows this article and cites what it is shown."""
    question = request.messages[-1].content
    if "sentences" in json.dumps(request.json_schema):
        return whole_reply(question)
    commitments, events = [], []
    for line in question.splitlines():
        if not line.startswith("["):
            continue
        number = int(line[1 : line.index("]")])
        if "$40 million" in line:
            dates = ["d1"] if 'd1 "by the end of next year"' in question else ["d2"]
            draft = commitment(number, who=["Alderon"], to=["Briar"], money="m1", dates=dates)
            commitments.append(draft)
        if "Clean Rivers Act" in line:
            who, name = ["Ministry of Rivers"], "Clean Rivers Act"
            events.append(event(number, who=who, what=f"adopted the {name}", instrument=name))
    lists = {"commitments": commitments, "events": events}
    return answer(**{key: lists[key] for key in wanted(request)})


def whole_reply(question: str) -> str:
    """The same of a model that is shown the whole article."""
    numbers = {
        words: int(line[1 : line.index("]")])
        for line in question.splitlines()
        if line.startswith("[")
        for words in ("$40 million", "Clean Rivers Act")
        if words in line
    }
    return answer(
        [
            pledge(
                numbers["$40 million"],
                who=["Alderon"],
                to=["Briar"],
                money="m1",
                dates=[{"date": "by the end of next year", "role": "deadline"}],
            )
        ],
        [
            act(
                numbers["Clean Rivers Act"],
                who=["Ministry of Rivers"],
                what="adopted the Clean Rivers Act",
                instrument="Clean Rivers Act",
                commitments=[1],
            )
        ],
    )


def extract(
    strategy: str = "passage",
    *,
    published_at: date | None = None,
    language: str | None = None,
    article_id: str | None = None,
    source_url: str | None = None,
) -> tuple[Extraction, ScriptedModel]:
    model = ScriptedModel(reply)
    with Extractor(model, settings=Settings(strategy=strategy)) as extractor:
        result = extractor.extract(
            ARTICLE,
            published_at=published_at,
            language=language,
            article_id=article_id,
            source_url=source_url,
        )
    return result, model


@pytest.mark.parametrize("strategy", ["passage", "document"])
def test_both_strategies_return_the_same_checked_records(strategy: str) -> None:
    result, _ = extract(strategy, published_at=date(2031, 3, 12))
    (pledge,), (act,) = result.commitments, result.policy_events
    assert pledge.amount is not None
    assert (pledge.amount.value, pledge.amount.currency) == (40_000_000, "USD")
    assert [actor.name for actor in pledge.actors] == ["Alderon"]
    assert pledge.deadline is not None
    assert (pledge.deadline.edtf, pledge.deadline.modifier) == ("2032", "end")
    assert (act.instrument, act.status) == ("Clean Rivers Act", "adopted")
    for record in (pledge, act):
        for item in record.evidence:
            assert ARTICLE[item.start : item.end] == item.quote
        assert record.verdicts
        assert "unsupported" not in {verdict.verdict for verdict in record.verdicts}


def test_page_furniture_is_never_shown_to_the_model_and_the_body_is_told() -> None:
    result, model = extract()
    assert "Cobalt" not in "".join(r.messages[-1].content for r in model.requests)
    span = result.article.body_span
    assert ARTICLE[span.start : span.end].rstrip().endswith("deserves it.”")


def test_sentences_that_cannot_hold_a_record_cost_no_call() -> None:
    result, model = extract()
    assert result.usage.calls == len(model.requests)
    asked = "".join(
        line
        for r in model.requests
        for line in r.messages[-1].content.splitlines()
        if line.startswith("[")
    )
    assert "weather" not in asked
    assert "$40 million" in asked


def test_without_a_publication_date_no_year_is_invented_and_the_reader_is_told() -> None:
    result, _ = extract()
    deadline = result.commitments[0].deadline
    assert deadline is not None
    assert (deadline.edtf, deadline.text) == (None, "by the end of next year")
    assert "no_reference_date" in {notice.code for notice in result.notices}


def test_an_unsupported_language_is_read_with_a_notice() -> None:
    for language, read in (("de", "figures, currencies and dates"), ("xx", "digits")):
        result, _ = extract(language=language)
        assert result.article.language == language
        notices = {notice.code: notice.detail for notice in result.notices}
        assert f"only {read}" in notices["unsupported_language"]


def test_every_extraction_is_stamped_and_costed() -> None:
    result, _ = extract(article_id="a-1", source_url="https://example.org/never-fetched")
    assert result.article.article_id == "a-1"
    assert result.article.source_url == "https://example.org/never-fetched"
    stamp = result.provenance
    assert (stamp.model, stamp.strategy) == ("scripted", "passage")
    assert {prompt.name for prompt in stamp.prompts} == {"commitments", "events"}
    assert all(len(prompt.sha256) == 64 for prompt in stamp.prompts)
    assert result.usage.prompt_tokens > 0
    assert result.usage.output_tokens > 0
    seconds = result.usage.seconds
    assert seconds.total == pytest.approx(seconds.read + seconds.fill + seconds.check, abs=0.01)


def test_an_extraction_fits_its_published_schema_and_survives_a_round_trip() -> None:
    result, _ = extract()
    Draft202012Validator(Extraction.model_json_schema(mode="serialization")).validate(
        json.loads(result.model_dump_json())
    )
    assert Extraction.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("text", ["", "  \n\t ", "<!DOCTYPE html><html><body>x</body></html>"])
def test_a_text_that_is_no_article_is_refused_before_any_call(text: str) -> None:
    model = ScriptedModel(reply)
    with pytest.raises(ArticleError):
        Extractor(model).extract(text)
    assert model.requests == []


def test_a_text_over_the_limit_is_refused_with_both_figures() -> None:
    extractor = Extractor(ScriptedModel(reply), settings=Settings(max_characters=100))
    with pytest.raises(ArticleTooLarge, match="100"):
        extractor.extract("word " * 50)


def test_a_final_failure_of_the_model_is_raised_as_it_is() -> None:
    extractor = Extractor(ScriptedModel(lambda _: ModelRefusedKey("no key")))
    with pytest.raises(ModelRefusedKey):
        extractor.extract(ARTICLE)


def test_an_unknown_model_is_refused_at_once() -> None:
    with pytest.raises(UnknownModel):
        Extractor("no-such-model")


@pytest.mark.parametrize("seed", sorted(ROOT.glob("seeds/*.txt")), ids=lambda path: path.name[:3])
@pytest.mark.parametrize("strategy", ["passage", "document"])
def test_a_model_that_cites_at_random_never_gets_an_unproved_value_out(
    seed: Path, strategy: str
) -> None:
    """Whatever ids, names and labels come back, what is returned passes its own check."""
    calls = 0

    def careless(request: ModelRequest) -> str:
        nonlocal calls
        calls += 1
        return json.dumps({key: _random_items(request, key, calls) for key in wanted(request)})

    with Extractor(ScriptedModel(careless), settings=Settings(strategy=strategy)) as extractor:
        text = seed.read_text(encoding="utf-8")
        result = extractor.extract(text)
    assert result.commitments or result.policy_events or result.rejected
    span = result.article.body_span
    for record in (*result.commitments, *result.policy_events):
        assert "unsupported" not in {verdict.verdict for verdict in record.verdicts}
        for item in record.evidence:
            assert text[item.start : item.end] == item.quote
            assert span.start <= item.start < item.end <= span.end


def _random_items(request: ModelRequest, key: str, turn: int) -> list[dict[str, object]]:
    question = request.messages[-1].content
    words = question.split()
    pick = words[turn % len(words)], words[(turn * 7) % len(words)]
    shown = [int(number) for number in re.findall(r"^\[(\d+)\]", question, re.MULTILINE)]
    fields: dict[str, object] = {"who": [pick[0]], "what": " ".join(pick)}
    sentence = shown[turn % len(shown)]
    if key == "events":
        return [event(sentence, **fields, status=EVENT_STATUSES[turn % len(EVENT_STATUSES)])]
    for field, letter in (("money", "m"), ("count", "n")):
        offered = re.findall(rf'\b({letter}\d+) "', question)
        fields[field] = offered[turn % len(offered)] if offered else None
    fields["dates"] = re.findall(r'\b(d\d+) "', question)[:3]
    return [commitment(sentence, **fields, status=STATUSES[turn % len(STATUSES)])]


@dataclass(frozen=True)
class Sure:
    """A finder that says of every sentence how likely it holds a commitment."""

    probability: float
    name: str = "sure"
    tells_kinds: bool = True

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        likely = Likely(self.probability, ("funding",))
        return {"commitment": {s.id: likely for s in article.sentences}, "policy_event": {}}


def with_finder(
    finder: Finder, min_confidence: float = 0.0
) -> tuple[Extraction, list[ModelRequest]]:
    model = ScriptedModel(reply)
    settings = Settings(strategy="passage", policy="told", min_confidence=min_confidence)
    with Extractor(model, settings=settings, finder=finder) as extractor:
        return extractor.extract(ARTICLE), model.requests


def test_a_likelier_sentence_makes_a_surer_record_and_the_finder_is_named() -> None:
    (doubted,), (sure,) = (with_finder(Sure(p))[0].commitments for p in (0.5, 0.9))
    assert 0 < (doubted.confidence or 0) < (sure.confidence or 0) < 1
    assert with_finder(Sure(0.7))[0].provenance.finder == "sure"


def test_what_is_less_likely_than_asked_for_costs_no_call() -> None:
    found, requests = with_finder(Sure(0.7), min_confidence=0.71)
    assert (found.commitments, requests) == ([], [])


@pytest.mark.parametrize(("probability", "must_yield"), [(0.6, True), (0.4, False)])
def test_a_likely_sentence_must_yield_a_record(probability: float, must_yield: bool) -> None:
    _, requests = with_finder(Sure(probability))
    assert {("minItems" in json.dumps(r.json_schema)) for r in requests} == {must_yield}


@pytest.mark.parametrize("strategy", ["passage", "document"])
def test_every_record_has_a_confidence_whatever_the_strategy(strategy: str) -> None:
    found, _ = extract(strategy)
    records = [*found.commitments, *found.policy_events]
    assert records
    assert all(0 < (record.confidence or 0) < 1 for record in records)
    assert found.provenance.finder


def test_without_a_finder_records_have_no_confidence() -> None:
    settings = Settings(strategy="document", finder="none")
    with Extractor(ScriptedModel(reply), settings=settings) as extractor:
        found = extractor.extract(ARTICLE)
    assert {record.confidence for record in found.commitments} == {None}
    assert found.provenance.finder is None


def test_a_record_of_too_little_confidence_is_reported_and_not_returned() -> None:
    settings = Settings(strategy="document", min_confidence=0.999)
    with Extractor(ScriptedModel(reply), settings=settings) as extractor:
        found = extractor.extract(ARTICLE)
    assert found.commitments == []
    assert {item.reason for item in found.rejected} == {"below_confidence"}


def test_an_article_on_which_the_model_fails_is_read_by_the_next_and_says_so() -> None:
    first = ScriptedModel(lambda _: ModelUnavailable("down"), name="first")
    second = ScriptedModel(lambda _: ModelRefusedKey("no"), name="second")
    third = ScriptedModel(reply, name="third")
    settings = Settings(strategy="document", retries=0)
    with Extractor(first, settings=settings, fallbacks=[second, third]) as extractor:
        found = extractor.extract(ARTICLE)
    assert found.provenance.model == "third"
    assert found.commitments
    assert found.usage.calls == 3


def test_the_last_models_failure_is_the_articles() -> None:
    failing = [ScriptedModel(lambda _: ModelUnavailable("down")) for _ in range(2)]
    last = ScriptedModel(lambda _: ModelRefusedKey("no"))
    settings = Settings(strategy="document", retries=0)
    with pytest.raises(ModelRefusedKey):
        Extractor(failing[0], settings=settings, fallbacks=[failing[1], last]).extract(ARTICLE)


def test_fallbacks_spend_from_the_budget_of_the_same_article() -> None:
    first = ScriptedModel(lambda _: ModelUnavailable("down"))
    second = ScriptedModel(reply)
    settings = Settings(strategy="document", retries=5, max_calls=3, timeout_seconds=1)
    found = Extractor(first, settings=settings, fallbacks=[second]).extract(ARTICLE)
    assert (len(first.requests), len(second.requests)) == (3, 0)
    assert "budget_spent" in [notice.code for notice in found.notices]


@pytest.mark.parametrize(("model", "opened"), [(None, 2), ("openai/other", 1)])
def test_only_the_default_model_falls_back_by_itself(model: str | None, opened: int) -> None:
    settings = Settings(
        model="openai/one", fallbacks=("openai/two",), openai_base_url="http://127.0.0.1:9/v1"
    )
    with pytest.raises(ModelUnavailable) as caught, Extractor(model, settings=settings) as used:
        used.extract(ARTICLE, deadline=Deadline(60))
    assert (caught.value.detail.startswith("openai/two")) == (opened == 2)


@pytest.mark.parametrize("strategy", ["document", "passage"])
def test_each_passage_is_told_as_soon_as_it_is_checked(strategy: str) -> None:
    told: list[int] = []
    with Extractor(ScriptedModel(reply), settings=Settings(strategy=strategy)) as extractor:
        found = extractor.extract(ARTICLE, on_checked=lambda c, _: told.append(len(c.commitments)))
    assert len(told) == found.usage.calls
    assert sum(told) >= len(found.commitments) > 0


def test_the_time_of_an_article_ends_while_it_is_read_too() -> None:
    model = ScriptedModel(reply)
    with pytest.raises(DeadlinePassed), Extractor(model) as extractor:
        extractor.extract(ARTICLE, deadline=Deadline(1e-9))
    assert model.requests == []
