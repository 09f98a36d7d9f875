"""What a strong model points at as an amount or a quantity, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest

from extractor import Extraction, Extractor
from extractor.models import ScriptedModel
from extractor.records import Count, Language, Money
from extractor.settings import Settings
from tests.articles import answer, pledge

SETTINGS = Settings(strategy="document", policy="strong", finder="none")


def extraction_of(language: Language, text: str, **fields: object) -> Extraction:
    """The extraction of a text of which a model says that Alderon pledges something."""
    one = pledge(who=["Alderon"], **fields)
    model = ScriptedModel(lambda _: answer([one], []), name="openai/scripted")
    with Extractor(model, settings=SETTINGS) as extractor:
        return extractor.extract(text, published_at=date(2026, 3, 12), language=language)


def amount(language: Language, text: str, words: str) -> Money:
    """The amount that the words give, proved."""
    extraction = extraction_of(language, text, money=words)
    assert extraction.rejected == []
    money = extraction.commitments[0].amount
    assert money is not None
    return money


def quantity(language: Language, text: str, words: str, unit: str | None = None) -> Count:
    """The quantity that the words give, proved."""
    extraction = extraction_of(language, text, count=words, unit=unit)
    assert extraction.rejected == []
    count = extraction.commitments[0].quantity
    assert count is not None
    return count


@pytest.mark.parametrize(
    ("language", "text", "words", "value"),
    [
        ("en", "Alderon raised its pledge to the Fund by €15 million to €35 million.")
        + ("€35 million", 35_000_000),
        ("en", "Alderon moves the sum for its six schools from $20 million to $45 million.")
        + ("$45 million", 45_000_000),
        ("fr", "Alderon relève son aide de 15 millions d'euros à 35 millions d'euros.")
        + ("35 millions d'euros", 35_000_000),
        ("vi", "Alderon đưa vốn từ 2 tỷ đồng đến 5 tỷ đồng.", "5 tỷ đồng", 5_000_000_000),
    ],
)
def test_the_level_that_a_change_ends_at_is_an_amount_of_its_own(
    language: Language, text: str, words: str, value: int
) -> None:
    money = amount(language, text, words)
    assert (money.value, money.value_max, money.raw) == (value, None, words)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "Alderon takes the capacity of the plant from 40 to 100 megawatts.",
            "100 megawatts",
        ),
        ("fr", "Alderon amène la capacité du site de 40 à 100 mégawatts.", "100 mégawatts"),
        ("vi", "Alderon đưa công suất từ 40 đến 100 MW.", "100 MW"),
    ],
)
def test_the_level_that_a_change_ends_at_is_a_quantity_of_its_own(
    language: Language, text: str, words: str
) -> None:
    count = quantity(language, text, words)
    assert (count.value, count.value_max, count.unit, count.raw) == (100, None, "megawatt", words)


@pytest.mark.parametrize(
    ("language", "text", "words", "qualifier", "raw"),
    [
        ("en", "Alderon will pay up to a third of the cost.", "up to a third of the cost")
        + ("up_to", "a third of the cost"),
        ("en", "Alderon covers two-thirds of the bill.", "two-thirds of the bill")
        + ("exact", "two-thirds of the bill"),
        ("fr", "Alderon paiera un tiers du coût.", "un tiers du coût", "exact", "un tiers du coût"),
        ("fr", "Alderon prend les deux tiers des frais.", "les deux tiers des frais")
        + ("exact", "les deux tiers des frais"),
        ("vi", "Alderon góp một phần ba vốn.", "một phần ba vốn", "exact", "một phần ba vốn"),
    ],
)
def test_a_share_that_is_no_exact_percentage_keeps_its_words_and_has_no_value(
    language: Language, text: str, words: str, qualifier: str, raw: str
) -> None:
    count = quantity(language, text, words, "percent_of_cost")
    assert (count.value, count.unit) == (None, "percent_of_cost")
    assert (count.qualifier, count.raw) == (qualifier, raw)


@pytest.mark.parametrize(
    ("language", "text", "words", "raw"),
    [
        ("en", "Alderon hires hundreds of nurses.", "hundreds of nurses", "hundreds of nurses"),
        ("en", "Alderon trains several thousand nurses.", "several thousand nurses")
        + ("several thousand nurses",),
        ("en", "Alderon sends dozens of nurses.", "dozens of nurses", "dozens of nurses"),
        ("fr", "Alderon forme des centaines de soignants.", "des centaines de soignants")
        + ("centaines de soignants",),
        ("vi", "Alderon đào tạo hàng nghìn y tá.", "hàng nghìn y tá", "hàng nghìn y tá"),
    ],
)
def test_a_count_without_a_figure_keeps_its_words_and_has_no_value(
    language: Language, text: str, words: str, raw: str
) -> None:
    count = quantity(language, text, words, "nurse")
    assert (count.value, count.unit, count.raw) == (None, "nurse", raw)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Alderon builds many clinics.", "many clinics"),
        ("en", "Alderon gives tens of millions of dollars.", "tens of millions of dollars"),
        ("en", "Alderon plans a third loan.", "a third loan"),
        ("en", "Alderon sends dozens of nurses and hundreds of beds.")
        + ("dozens of nurses and hundreds of beds",),
        ("vi", "Alderon xây nhiều trường.", "nhiều trường"),
    ],
)
def test_words_that_tell_no_number_or_two_are_reported_as_no_quantity(
    language: Language, text: str, words: str
) -> None:
    extraction = extraction_of(language, text, count=words, unit="item")
    assert [(item.field, item.value) for item in extraction.rejected] == [("quantity", words)]
