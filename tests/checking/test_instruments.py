"""Whether two names are of one law, programme or agreement."""

from __future__ import annotations

import pytest

from extractor.checking.instruments import is_same_instrument


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("the Climate Act", "Climate Act", True),
        ("la loi Rivières", "Loi Rivières", True),
        ("Clean Rivers Act (CRA)", "CRA", True),
        ("Luật Sông ngòi (sửa đổi)", "Luật Sông ngòi", True),
        ("Luật Sông ngòi 2026", "Luật Sông ngòi", True),
        ("Decree 13", "Decree 53", False),
        ("Nghị định 13/2026/NĐ-CP", "Nghị định 53/2026/NĐ-CP", False),
        ("Climate Act", "Climate Act Amendment Bill", False),
        ("décret d'application de la loi Rivières", "loi Rivières", False),
    ],
)
def test_instruments_are_one_apart_from_article_brackets_and_a_number(
    left: str, right: str, same: bool
) -> None:
    assert is_same_instrument(left, right) == is_same_instrument(right, left) == same


@pytest.mark.parametrize(
    ("short", "name", "same"),
    [
        ("the act", "Clean Rivers Act", True),
        ("The bill", "Clean Rivers Bill", True),
        ("la loi", "loi sur les forêts", True),
        ("dự luật", "dự luật Lâm nghiệp", True),
        ("the act", "Clean Rivers Bill", False),
        ("Clean Rivers Act", "Clean Rivers Act Amendment Bill", False),
    ],
)
def test_what_is_no_name_of_its_own_is_short_for_the_instrument_that_holds_it(
    short: str, name: str, same: bool
) -> None:
    assert is_same_instrument(short, name) is same
    assert is_same_instrument(name, short) is same
