"""What reading an article does, counted in work and not in time, which other programs change."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

import pytest

from eval.judging.ceiling import LabelFinder, PerfectModel
from eval.labels.dataset import load_corpus
from extractor.article import read_article
from extractor.article.order_signs import OrderSigns, order_signs
from extractor.extraction import Extractor
from extractor.languages import LANGUAGES
from extractor.languages.cues import shipped_cues
from extractor.languages.prefilter import letters_of
from extractor.languages.regex_needs import Needs
from extractor.mentions import find_mentions
from extractor.mentions.calendar.patterns import calendar_patterns
from extractor.pipeline import ModelPipeline
from extractor.records import Language
from extractor.settings import load_settings

_CHALLENGE = Path("gold/challenge")
_LINES = (
    "Alderon will lend models that read Swahili to {} schools by 2031.",
    "The fund of the city pays for it. Teachers are trained there first, and then elsewhere.",
    "Nobody said what happens to the older machines.",
)


def _calls(work: Callable[[], object]) -> Counter[str]:
    """How often each function of Python was called, by module and name."""
    counted: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            counted[f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"] += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def _tried(needs: Iterable[Needs], language: Language) -> float:
    """The share of patterns that a sentence is searched for, over the passages of a language."""
    every = [*needs]
    items = [
        item
        for item in load_corpus(_CHALLENGE).items
        if item.gold.document.language == language or language == "id"
    ]
    sentences = [sentence.text for item in items for sentence in read_article(item.text).sentences]
    tried = sum(letters_of(text).meet(each) for text in sentences for each in every)
    return tried / len(sentences) / len(every)


def test_an_article_is_cut_into_sentences_once_and_its_language_is_told_once() -> None:
    read_article("\n".join(_LINES).format("two"))
    text = "\n".join(_LINES).format("thirty-one")
    calls = _calls(lambda: read_article(text))
    assert calls["extractor.article.sentences._stops"] == len(_LINES)
    assert calls["extractor.article.language._identifier"] <= 1
    assert calls["py3langid.langid.rank"] == 1
    # Searched as a whole only where a sentence gives an order to a program.
    assert calls["extractor.article.addressing.addresses_a_machine"] >= len(_LINES)
    assert calls["extractor.article.addressing.may_address"] == 0


def test_an_extraction_finds_the_values_of_each_sentence_once() -> None:
    item = load_corpus(_CHALLENGE).items[0]
    settings = load_settings().model_copy(update={"strategy": "document", "policy": "strong"})
    model = PerfectModel(item)
    with Extractor(ModelPipeline(model, settings, LabelFinder(item))) as extractor:
        model.learn(extractor.readers[0])
        found = []
        find_mentions.cache_clear()
        calls = _calls(lambda: found.append(extractor.extract(item.text)))
    assert found[0].commitments or found[0].policy_events
    assert calls["extractor.mentions.find_mentions"] == found[0].article.sentences


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_searched_for_few_of_the_patterns_of_its_language(language: Language) -> None:
    phrases = [phrase.pattern.needs for phrase in calendar_patterns(language).phrases]
    assert _tried(phrases, language) < 0.15
    cues = shipped_cues()
    patterns = [cues.pattern(cue, language) for cue in cues.cues]
    assert _tried([each.needs for each in patterns if each], language) < 0.25


def test_a_sentence_is_searched_for_few_signs_of_orders() -> None:
    signs = [
        getattr(order_signs(), name).needs
        for name in OrderSigns.__dataclass_fields__
        if name != "openings"
    ]
    assert _tried(signs, "en") < 0.4
