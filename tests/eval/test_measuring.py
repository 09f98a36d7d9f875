"""What the ablation and the load benchmark are made of."""

from __future__ import annotations

import json

import pytest

from eval.ablation import STAGES, Stage
from eval.bench.serving.articles import BRIEF, LONG, TINY, WHOLE, articles
from eval.bench.serving.fake import RECORD
from extractor import Extractor
from extractor.article import read_article
from extractor.checking import STAGES as NAMES
from extractor.errors import ConfigurationError
from extractor.models import ScriptedModel
from extractor.settings import Settings


def test_the_table_tries_every_stage() -> None:
    tried = [stage.settings.get("without_stages") for stage in STAGES]
    assert [names for names in tried if names] == [(name,) for name in NAMES]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_settings_of_a_stage_are_settings(stage: Stage) -> None:
    settings = Settings.model_validate({**stage.settings, "finder": "rules"})
    Extractor(ScriptedModel([]), settings=settings).close()


def test_a_stage_that_there_is_not_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="merge"):
        Extractor(ScriptedModel([]), settings=Settings(finder="rules", without_stages=("x",)))


@pytest.mark.parametrize("characters", [TINY, BRIEF, WHOLE, LONG])
def test_no_two_articles_share_a_sentence(characters: int) -> None:
    first, second = articles(2, characters)
    assert 0.7 * characters < len(first) < 1.1 * characters
    one, other = (
        {sentence.text for sentence in read_article(text).sentences} for text in (first, second)
    )
    shared = one & other
    assert len(shared) <= 1  # the last one, which is cut off


def test_what_the_fake_model_answers_is_borne_by_the_article() -> None:
    model = ScriptedModel([json.dumps({"commitments": [RECORD], "events": []})])
    with Extractor(model, settings=Settings(strategy="document")) as extractor:
        extraction = extractor.extract(articles(1, BRIEF)[0])
    assert extraction.usage.calls == 1
    assert extraction.rejected == []
    [commitment] = extraction.commitments
    assert commitment.amount is not None
    assert commitment.amount.value == 40_000_000
