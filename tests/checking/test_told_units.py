"""Figures that a model quotes are in the unit that a lead line, caption or heading tells."""

from __future__ import annotations

import pytest

from extractor import Extractor
from extractor.models import ScriptedModel
from extractor.records import Language
from extractor.settings import Settings
from tests.articles import answer, pledge


@pytest.mark.parametrize(
    ("language", "text", "money", "currency", "value"),
    [
        ("vi", "Kinh phí (đơn vị: tỷ đồng):\n- Askel: 1.200", "1.200", "VND", 12 * 10**11),
        ("en", "Gifts (million euros):\n- Askel: 120", "120", "EUR", 120 * 10**6),
        ("fr", "Dons (en millions d'euros) :\n- Askel : 1 200", "1 200", "EUR", 12 * 10**8),
        ("en", "Gifts (in millions):\n- Askel: 1,200", "1,200", "EUR", 12 * 10**8),
        ("en", "Gifts (million euros):\n- Askel: 1,200 for six trams", "1,200", "EUR", None),
        ("en", "Gifts of a year:\n- Askel: 1,200", "1,200", "EUR", 1200),
    ],
)
def test_a_figure_that_the_model_quotes_is_in_the_scale_that_its_list_tells(
    language: Language, text: str, money: str, currency: str, value: int | None
) -> None:
    told = pledge(2, who=["Askel"], money=money, currency=currency)
    settings = Settings(strategy="document", policy="strong", finder="none")
    model = ScriptedModel(lambda _: answer([told], []), name="openai/scripted")
    with Extractor(model, settings=settings) as extractor:
        extraction = extractor.extract(text, language=language)
    amounts = [one.amount and one.amount.value for one in extraction.commitments]
    assert amounts == [value]
