"""A bare dollar is the payer's, where the model and the words leave it open."""

from __future__ import annotations

import pytest

from extractor import Extractor
from extractor.models import ScriptedModel
from extractor.records import Money
from extractor.settings import Settings
from tests.articles import answer, pledge

PAID = "{payer} will give $45 million to Sierra Leone. Doctors will go to Freetown in Sierra Leone."


def _amount(text: str, sentence: int, payer: str, money: str, chosen: str | None = None) -> Money:
    told = pledge(sentence, who=[payer], money=money, currency=chosen)
    settings = Settings(strategy="document", policy="strong", finder="none")
    model = ScriptedModel(lambda _: answer([told], []), name="openai/scripted")
    with Extractor(model, settings=settings) as extractor:
        (record,) = extractor.extract(text, language="en").commitments
    assert record.amount is not None
    return record.amount


def _currency(payer: str, chosen: str | None = None) -> str | None:
    amount = _amount(PAID.format(payer=payer), 1, payer, "$45 million", chosen)
    assert amount.value == 45_000_000
    return amount.currency


@pytest.mark.parametrize(
    ("payer", "currency"),
    [
        ("The Canadian government", "CAD"),
        ("Ottawa", "CAD"),
        ("Ontario", "CAD"),
        ("New Zealand", "NZD"),
        ("Norway", "USD"),
        ("The Ontario Teachers Fund", "USD"),
        ("Askel", "USD"),
        ("A bank of Singapore", "USD"),
    ],
)
def test_a_bare_dollar_is_of_the_payers_country(payer: str, currency: str) -> None:
    assert _currency(payer) == currency


def test_international_bodies_pay_in_us_dollars() -> None:
    text = "Jamaica wants a port. The World Bank will lend it $45 million."
    assert _amount(text, 2, "The World Bank", "$45 million").currency == "USD"


def test_what_an_amount_is_converted_to_is_no_payers_currency_for_it() -> None:
    text = "Fiji wants a port. The World Bank will lend it $50 million (US$22 million)."
    amount = _amount(text, 2, "The World Bank", "$50 million")
    assert amount.currency == "FJD"
    assert [one.currency for one in amount.converted] == ["USD"]


def test_the_models_own_word_on_the_dollar_counts_more() -> None:
    assert _currency("The Canadian government", "USD") == "USD"
    assert _currency("Norway", "AUD") == "AUD"
    # The words allow no euro.
    assert _currency("The Canadian government", "EUR") == "CAD"
