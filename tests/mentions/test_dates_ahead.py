"""Dates without a year or week of their own: which may be ahead, and which are over."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.mentions.calendar.dates import find_dates
from extractor.records import Language


@pytest.mark.parametrize(
    ("language", "text", "edtf", "ahead"),
    [
        ("en", "doors open on 5 June", "2023-06-05", "2024-06-05"),
        ("en", "doors open on Monday", "2024-04-08", "2024-04-15"),
        ("en", "doors opened on 5 June", "2023-06-05", None),
        ("en", "doors open on 5 March", "2024-03-05", None),
        ("en", "doors will open on 5 June", "2024-06-05", None),
        ("en", "doors open on 5 June 2025", "2025-06-05", None),
        ("fr", "les portes ouvrent le 5 juin", "2023-06-05", "2024-06-05"),
        ("fr", "les portes ont ouvert le 5 juin", "2023-06-05", None),
        ("fr", "les portes, ouvertes depuis le 5 juin", "2023-06-05", None),
        ("vi", "mở cửa ngày 5/6", "2023-06-05", "2024-06-05"),
        ("vi", "đã mở cửa ngày 5/6", "2023-06-05", None),
    ],
)
def test_a_date_without_a_year_may_be_ahead_where_nothing_says_that_it_is_over_or_far(
    language: Language, text: str, edtf: str, ahead: str | None
) -> None:
    (mention,) = find_dates(text, language, date(2024, 4, 11))
    assert (mention.edtf, mention.ahead) == (edtf, ahead)
