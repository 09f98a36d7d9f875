"""The whole path against every provider as it really is, and one that takes anything."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final, Literal

import pytest

from eval.judging.ceiling import LabelFinder, PerfectModel
from eval.labels.dataset import LabelledArticle, load_corpus
from extractor.extraction import Extractor
from extractor.models import ModelClient, ModelRequest
from extractor.pipeline import ModelPipeline
from extractor.records import Extraction
from extractor.settings import Settings
from tests.providers.asked import Asked
from tests.providers.server import StrictProvider
from tests.ways import WAYS, Way, reached

Strategy = Literal["document", "passage"]
_ROOT: Final = Path(__file__).parents[1]
_SEED: Final = "003_aea7fe8df9f603cf"
_STRATEGIES: Final[tuple[Strategy, ...]] = ("document", "passage")

# What these models think before they write, in tokens: more than a reply about a sentence may have.
_THINKING: Final = {
    "openai-reasoning": 700,
    "anthropic-no-sampling": 700,
    "gemini": 700,
    "groq-strict": 700,
    "json-object-only": 700,
}


@functools.cache
def _item() -> LabelledArticle:
    corpus = load_corpus(_ROOT / "gold")
    return next(item for item in corpus.items if item.name == _SEED)


@functools.cache
def _reader(strategy: Strategy) -> PerfectModel:
    """A model that answers with the labels, and knows every question of this strategy."""
    model = PerfectModel(_item())
    with Extractor(_of(model, strategy)) as extractor:
        model.learn(extractor.readers[0])
    return model


@functools.cache
def _expected(strategy: Strategy) -> str:
    return _records(_extract(_reader(strategy), strategy))


def _of(client: ModelClient, strategy: Strategy) -> ModelPipeline:
    settings = Settings(strategy=strategy, policy="strong", retries=0)
    return ModelPipeline(client, settings, LabelFinder(_item()))


def _extract(client: ModelClient, strategy: Strategy) -> Extraction:
    item = _item()
    with Extractor(_of(client, strategy)) as extractor:
        return extractor.extract(item.text, published_at=item.published_at)


def _records(found: Extraction) -> str:
    assert found.commitments or found.policy_events
    return json.dumps(
        [
            each.model_dump(mode="json")
            for records in (found.commitments, found.policy_events)
            for each in records
        ],
        ensure_ascii=False,
        indent=1,
    )


def _answer(asked: Asked) -> str:
    """What the labels answer, whichever prompt asked."""
    for strategy in _STRATEGIES:
        for prompt in ("document", "commitments", "events"):
            request = ModelRequest(asked.messages[-1:], {}, prompt, 1)
            try:
                return _reader(strategy).complete(request).text
            except KeyError:
                continue
    raise AssertionError("a question that nobody learnt")


@pytest.mark.parametrize("strategy", _STRATEGIES)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_provider_gives_the_records_that_a_model_gives_which_takes_anything(
    way: Way, strategy: Strategy, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinking = _THINKING.get(way.profile, 0)
    with (
        StrictProvider(way.profile, _answer, thinking_tokens=thinking) as server,
        reached(way, server, monkeypatch) as model,
    ):
        found = _extract(model, strategy)
        form = model.spoken.dialect.form
    assert _records(found) == _expected(strategy)
    if form == "portable" and not server.refusals:
        assert len(server.schemas) <= {"document": 1, "passage": 2}[strategy]
    if way.place is not None:
        assert server.refusals == [], "the table knows what this model takes"
    else:
        assert len(server.refusals) <= 3
        told = any(notice.code == "request_adapted" for notice in found.notices)
        assert told or not server.refusals
