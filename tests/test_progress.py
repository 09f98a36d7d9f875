"""How far the questions about an article are."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.article import read_article
from extractor.asking.progress import progress_of
from extractor.prompting import load_prompts
from extractor.prompting.passages import make_article_passage

_TEXT = "\n".join(
    f"Lakeside council {number} will pay 3 million euros for its quay." for number in range(9)
)


def test_the_first_question_counts_for_the_article_that_it_has_read() -> None:
    article = read_article(_TEXT, published_at=date(2026, 3, 2))
    prompt = load_prompts(tuned=True)["article"]
    asked = (
        make_article_passage(article, numbers, range(1, 10), prompt.record_types)
        for numbers in (range(1, 5), range(5, 10))
    )
    before, first, last = progress_of([(prompt, passage) for passage in asked])
    assert (before.answered, before.share) == (0, 0)
    assert (last.answered, last.questions) == (2, 2)
    assert last.share == pytest.approx(1)
    assert 0.5 < first.share < 0.8


def test_an_article_without_questions_is_done() -> None:
    assert [now.questions for now in progress_of([])] == [0]
