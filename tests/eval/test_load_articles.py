"""What the load benchmark sends, and what its fake model answers."""

import json

import pytest

from eval.bench.serving.articles import BRIEF, LONG, TINY, WHOLE, articles
from eval.bench.serving.fake import RECORD
from extractor.article import read_article
from extractor.extraction import Extractor
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings


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
