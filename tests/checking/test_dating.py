"""Which role a date plays, told by its cue, by the day of the article and by the status."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.article import Article, read_article
from extractor.checking.dating import roles_of
from extractor.checking.values import to_date
from extractor.kinds import COMMITMENT, POLICY_EVENT
from extractor.mentions import DateMention, find_mentions
from extractor.records import DateValue

PUBLISHED = date(2026, 5, 20)


def dates_of(
    text: str, published: date | None = PUBLISHED
) -> tuple[list[tuple[DateMention, DateValue]], Article]:
    article = read_article(text, language="en", published_at=published)
    (sentence,) = article.sentences
    found = find_mentions(sentence.text, "en", published).dates
    values = [(m, to_date(m, lambda s, e: article.verbatim(sentence, s, e))) for m in found]
    return [(mention, value) for mention, value in values if value], article


@pytest.mark.parametrize(
    ("text", "status", "role"),
    [
        ("It will pay by 2031.", "announced", "deadline"),
        ("It will pay in 2031.", "announced", "deadline"),
        ("It has paid since 2020.", "in_progress", "start"),
        ("It promised on 12 March 2026 to pay.", "announced", "announced_on"),
        ("It paid in March 2024.", "completed", "deadline"),
        ("It dropped the plan on 12 March 2026.", "cancelled", "announced_on"),
    ],
)
def test_a_date_of_a_commitment_has_the_role_that_its_time_and_status_give_it(
    text: str, status: str, role: str
) -> None:
    dates, article = dates_of(text)
    assert list(roles_of(COMMITMENT, dates, status, article)) == [role]


@pytest.mark.parametrize(
    ("text", "role"),
    [("It will pay in 2031.", "deadline"), ("It promised on Monday to pay.", "announced_on")],
)
def test_without_a_day_of_the_article_a_plain_year_is_a_deadline_and_a_day_is_not(
    text: str, role: str
) -> None:
    dates, article = dates_of(text, published=None)
    assert list(roles_of(COMMITMENT, dates, "announced", article)) == [role]


def test_a_law_has_the_day_of_its_adoption_and_that_of_its_effect() -> None:
    dates, article = dates_of("Passed on 12 March 2026, it applies from 1 July 2026.")
    roles = roles_of(POLICY_EVENT, dates, "adopted", article)
    act, effect = roles.get("date"), roles.get("deadline")
    assert act is not None
    assert effect is not None
    assert (act.edtf, effect.edtf) == ("2026-03-12", "2026-07-01")


def test_a_law_in_force_of_which_only_the_effect_is_dated_has_that_day() -> None:
    dates, article = dates_of("In force since 1 April 2026, it obliges all.")
    roles = roles_of(POLICY_EVENT, dates, "in_force", article)
    act, effect = roles.get("date"), roles.get("deadline")
    assert act is not None
    assert (act.edtf, effect) == ("2026-04-01", None)
