"""Times and counts that look like others: read rightly, or not at all; one sentence for a kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractor.article import read_article
from extractor.mentions import find_mentions
from extractor.records import Language

_DAY = date(2026, 3, 12)


def _times(text: str, language: Language) -> list[str | None]:
    return [one.edtf for one in find_mentions(text, language, _DAY).dates]


def _counts(text: str, language: Language) -> list[tuple[int | float, str]]:
    counts = find_mentions(text, language, _DAY).counts
    return [(float(one.value), one.unit) for one in counts]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It will open by the end of fiscal 2031."),
        ("en", "It will open in the third quarter of FY2031."),
        ("en", "It will open in the 2031 financial year."),
        ("fr", "Il ouvrira d'ici la fin de l'exercice 2031."),
        ("fr", "Il ouvrira au 3e trimestre de l'exercice 2031."),
        ("vi", "Bến sẽ mở trong quý III năm tài chính 2031."),
        ("vi", "Bến sẽ mở trong nửa đầu năm tài khóa 2031."),
        ("id", "Dermaga akan dibuka pada kuartal III tahun fiskal 2031."),
    ],
)
def test_a_fiscal_year_of_one_number_has_months_that_nobody_knows(
    language: Language, text: str
) -> None:
    assert _times(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "role"),
    [
        ("en", "It will open in FY2031-32.", "point"),
        ("en", "It will open before the 2031/32 school year.", "deadline"),
        ("en", "It will open by fiscal year 2031-32.", "deadline"),
        ("fr", "Il ouvrira avant l'exercice 2031-2032.", "deadline"),
        ("fr", "Il ouvrira dès l'année scolaire 2031/2032.", "start"),
        ("vi", "Bến sẽ mở từ năm học 2031-2032.", "start"),
        ("vi", "Bến sẽ mở trước niên khóa 2031/2032.", "deadline"),
        ("id", "Dermaga akan dibuka mulai tahun ajaran 2031/2032.", "start"),
    ],
)
def test_a_year_of_two_numbers_is_both_years_and_a_limit_reaches_over_its_name(
    language: Language, text: str, role: str
) -> None:
    (found,) = find_mentions(text, language, _DAY).dates
    assert (found.edtf, found.role, found.modifier) == ("2031/2032", role, None)


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("en", "by 3Q 2031", "2031-07/2031-09"),
        ("fr", "d'ici T3 2031", "2031-07/2031-09"),
        ("vi", "trước T3/2031", "2031-03"),
        ("vi", "trước quý III 2031", "2031-07/2031-09"),
        ("id", "sebelum TW III 2031", "2031-07/2031-09"),
        ("fr", "avant le 2e sem. 2031", "2031-07/2031-12"),
        ("en", "by 2H 2031", "2031-07/2031-12"),
    ],
)
def test_the_same_letter_is_a_quarter_in_one_language_and_a_month_in_another(
    language: Language, text: str, edtf: str
) -> None:
    assert _times(text, language) == [edtf]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It will open in Q1-Q3 2031."),
        ("vi", "Bến sẽ mở trong quý I và II/2031."),
        ("id", "Dermaga akan dibuka pada kuartal I-III 2031."),
        ("en", "It will open on 5 June of that year."),
        ("fr", "Il ouvrira le 5 juin de la même année."),
        ("vi", "Bến sẽ mở ngày 5 tháng 6 cùng năm."),
    ],
)
def test_a_year_that_stands_further_on_or_before_is_not_guessed(
    language: Language, text: str
) -> None:
    assert _times(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("en", "by 2031-06", "2031-06"),
        ("en", "by 06/2031", "2031-06"),
        ("fr", "avant 06/2031", "2031-06"),
        ("en", "by 2031/06/15", "2031-06-15"),
        ("en", "by 15-Jun-2031", "2031-06-15"),
        ("en", "BY 15 JUNE 2031", "2031-06-15"),
        ("en", "by 05/06/2031", "2031"),
        ("fr", "avant le 05/06/2031", "2031-06-05"),
        ("fr", "av. le 15 juin 2031", "2031-06-15"),
        ("fr", "le 15 juin de l'année 2031", "2031-06-15"),
        ("vi", "trước tháng sáu năm 2031", "2031-06"),
        ("vi", "từ ngày 3 đến ngày 15 tháng 6 năm 2031", "2031-06-03/2031-06-15"),
    ],
)
def test_a_day_or_month_in_figures_or_capitals_is_read_where_its_order_is_sure(
    language: Language, text: str, edtf: str
) -> None:
    assert _times(text, language) == [edtf]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "by 2011-12"),
        ("en", "under No. 2031-32"),
        ("fr", "selon la loi n° 2031-32"),
        ("vi", "theo Nghị định 05/2031/NĐ-CP"),
        ("vi", "theo Quyết định số 5/2031"),
        ("vi", "cho trường Tháng Tám"),
        ("id", "sesuai UU No. 5 Tahun 2031"),
        ("id", "selama 24/7"),
    ],
)
def test_numbers_of_laws_and_names_are_no_times(language: Language, text: str) -> None:
    assert _times(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "duration"),
    [
        ("en", "within twenty-five months", "P25M"),
        ("fr", "dans vingt-cinq mois", "P25M"),
        ("vi", "trong hai mươi lăm tháng tới", "P25M"),
        ("id", "dalam dua puluh lima bulan ke depan", "P25M"),
        ("en", "within two dozen months", "P24M"),
        ("fr", "sur un an", "P1Y"),
    ],
)
def test_a_length_of_time_is_told_in_any_number_words(
    language: Language, text: str, duration: str
) -> None:
    (found,) = find_mentions(text, language, _DAY).dates
    assert found.duration == duration


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two thirds of the board"),
        ("en", "At 14.30 people came"),
        ("en", "They built 5.5 schools"),
        ("en", "They built 12.487 schools"),
        ("en", "3 of 5 schools; every 10 homes; sections 4-6 schools; art. 12 jobs"),
        ("fr", "12,487 écoles à 14.30 trains"),
        ("vi", "học sinh lớp 12 trường Mỹ Lộ, 12,487 trường học"),
        ("id", "SMA Negeri 3 siswa, 12,487 sekolah, setiap 10 rumah"),
    ],
)
def test_parts_of_things_clock_times_and_numbered_things_count_nothing(
    language: Language, text: str
) -> None:
    assert _counts(text, language) == []


def test_flats_are_no_households() -> None:
    assert _counts("xây 240 căn hộ và đón 12 căn nhà", "vi") == [(240, "home"), (12, "home")]


def test_what_stands_behind_a_footnote_still_says_how_often() -> None:
    (found,) = find_mentions("They will build 40 ferries[3][4] a year.[5]", "en", _DAY).counts
    assert (found.value, found.unit, found.per) == (Decimal(40), "ferry", "year")


def test_a_thing_of_no_table_is_named_in_its_own_singular() -> None:
    text = "40 ferries, 9 trenches, 3 addresses, 5 tranches"
    units = [unit for _, unit in _counts(text, "en")]
    assert units == ["ferry", "trench", "address", "tranche"]


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("fr", "Le quai ouvrira av. le 15 déc. 2031 à midi. Il est neuf.", "2031-12-15"),
        ("en", "The pier opens by Dec. 15, 2031, at noon. It is new.", "2031-12-15"),
        ("id", "Dermaga dibuka sebelum 15 Des. 2031 siang. Itu baru.", "2031-12-15"),
        ("vi", "Bến mở trước 15.12.2031 buổi trưa. Bến này mới.", "2031-12-15"),
    ],
)
def test_the_full_stop_of_a_month_or_cue_ends_no_sentence(
    language: Language, text: str, edtf: str
) -> None:
    article = read_article(text, language=language, published_at=_DAY)
    assert len(article.sentences) == 2
    assert [one.edtf for one in article.mentions(1).dates] == [edtf]
