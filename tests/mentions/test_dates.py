"""Dates: literal cases in three languages, and properties over generated ones."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.types import DateMention
from extractor.records import Language

THURSDAY = date(2024, 4, 11)


def only(text: str, language: Language, reference: date | None = THURSDAY) -> DateMention:
    (mention,) = find_dates(text, language, reference)
    return mention


EXPLICIT: list[tuple[Language, str, str, str]] = [
    ("en", "signed on", "10 April 2024", "2024-04-10"),
    ("en", "signed on", "April 10, 2024", "2024-04-10"),
    ("en", "signed on", "the 10th of April 2024", "2024-04-10"),
    ("en", "dated", "2024-04-10", "2024-04-10"),
    ("en", "dated", "Sept. 5, 2024", "2024-09-05"),
    ("en", "dated", "12/25/2024", "2024-12-25"),
    ("en", "dated", "04/05/2024", "2024"),
    ("en", "opened", "in December 2024", "2024-12"),
    ("en", "opened", "in 2022", "2022"),
    ("en", "opens in", "Q3 2026", "2026-07/2026-09"),
    ("en", "opens in", "the third quarter of 2026", "2026-07/2026-09"),
    ("en", "opens in", "the first half of 2026", "2026-01/2026-06"),
    ("en", "sold in", "the first nine months of 2025", "2025-01/2025-09"),
    ("en", "spent", "2025-2030", "2025/2030"),
    ("en", "spent", "2025-26", "2025/2026"),
    ("en", "spent", "from 2025 to 2030", "2025/2030"),
    ("en", "spent", "between 2025 and 2030", "2025/2030"),
    ("en", "spent", "from April 2025 to March 2026", "2025-04/2026-03"),
    ("en", "held", "10-12 April 2024", "2024-04-10/2024-04-12"),
    ("en", "in", "the fiscal year starting in April 2026", "2026-04/2027-03"),
    ("en", "in", "the fiscal year ending March 2027", "2026-04/2027-03"),
    ("en", "music of", "the 2010s", "201X"),
    ("fr", "signé", "le 10 avril 2024", "2024-04-10"),
    ("fr", "signé", "le 1er juillet 2024", "2024-07-01"),
    ("fr", "signé", "le 11/02/2025", "2025-02-11"),
    ("fr", "signé", "en décembre 2024", "2024-12"),
    ("fr", "signé", "décembre 2024", "2024-12"),
    ("fr", "signé", "en 2022", "2022"),
    ("fr", "ouvert", "le troisième trimestre 2026", "2026-07/2026-09"),
    ("fr", "ouvert", "T3 2026", "2026-07/2026-09"),
    ("fr", "ouvert", "premier semestre 2026", "2026-01/2026-06"),
    ("fr", "dépensé", "entre 2025 et 2030", "2025/2030"),
    ("fr", "dépensé", "de 2025 à 2030", "2025/2030"),
    ("fr", "tenu", "du 10 au 12 avril 2024", "2024-04-10/2024-04-12"),
    ("fr", "dans", "l'exercice débutant en avril 2026", "2026-04/2027-03"),
    ("fr", "dans", "les années 2010", "201X"),
    ("vi", "ký", "11/2/2025", "2025-02-11"),
    ("vi", "ký", "ngày 11 tháng 2 năm 2025", "2025-02-11"),
    ("vi", "ký", "ngày 11-2-2025", "2025-02-11"),
    ("vi", "ký", "tháng 12/2024", "2024-12"),
    ("vi", "ký", "tháng 12 năm 2024", "2024-12"),
    ("vi", "ký", "năm 2022", "2022"),
    ("vi", "mở", "quý III/2026", "2026-07/2026-09"),
    ("vi", "mở", "quý 3 năm 2026", "2026-07/2026-09"),
    ("vi", "mở", "nửa đầu năm 2026", "2026-01/2026-06"),
    ("vi", "bán", "6 tháng cuối năm 2025", "2025-07/2025-12"),
    ("vi", "chi", "giai đoạn 2025-2030", "2025/2030"),
    ("vi", "chi", "từ năm 2025 đến năm 2030", "2025/2030"),
    ("vi", "chi", "từ tháng 4/2025 đến tháng 3/2026", "2025-04/2026-03"),
    ("vi", "chi", "năm tài chính bắt đầu từ tháng 4/2026", "2026-04/2027-03"),
    ("vi", "nhạc", "những năm 2010", "201X"),
]


@pytest.mark.parametrize(("language", "before", "words", "edtf"), EXPLICIT)
def test_a_complete_date_needs_no_reference(
    language: Language, before: str, words: str, edtf: str
) -> None:
    text = f"{before} {words}."
    with_reference, without = only(text, language), only(text, language, None)
    assert with_reference == without
    assert without.edtf == edtf
    assert without.basis == "explicit"
    assert text[without.start :].endswith(f"{words}.")
    assert without.end == len(text) - 1


YEARLESS: list[tuple[Language, str, str, str]] = [
    ("en", "April 10", "2024-04-10", "XXXX-04-10"),
    ("en", "on May 26", "2023-05-26", "XXXX-05-26"),
    ("en", "in May", "2023-05", "XXXX-05"),
    ("en", "before 30 June", "2024-06-30", "XXXX-06-30"),
    ("en", "next April", "2025-04", "XXXX-04"),
    ("en", "last April", "2023-04", "XXXX-04"),
    ("en", "yesterday (April 10)", "2024-04-10", "XXXX-04-10"),
    ("en", "the third quarter", "2023-07/2023-09", "XXXX-07/XXXX-09"),
    ("en", "December last year", "2023-12", "XXXX-12"),
    ("en", "on 29 February", "2024-02-29", "XXXX-02-29"),
    ("fr", "le 10 avril", "2024-04-10", "XXXX-04-10"),
    ("fr", "jusqu'au 30 juin", "2024-06-30", "XXXX-06-30"),
    ("fr", "lundi 8 avril", "2024-04-08", "XXXX-04-08"),
    ("fr", "en avril prochain", "2025-04", "XXXX-04"),
    ("fr", "mi-avril", "2024-04", "XXXX-04"),
    ("vi", "ngày 11/2", "2024-02-11", "XXXX-02-11"),
    ("vi", "hôm 26.5", "2023-05-26", "XXXX-05-26"),
    ("vi", "vào ngày 28.4", "2023-04-28", "XXXX-04-28"),
    ("vi", "sáng 26.5", "2023-05-26", "XXXX-05-26"),
    ("vi", "hôm qua (10/4)", "2024-04-10", "XXXX-04-10"),
    ("vi", "tháng 12", "2023-12", "XXXX-12"),
    ("vi", "tháng 6 năm ngoái", "2023-06", "XXXX-06"),
    ("vi", "trước ngày 30/6", "2024-06-30", "XXXX-06-30"),
    ("vi", "từ ngày 10 đến 12/4", "2024-04-10/2024-04-12", "XXXX-04-10/XXXX-04-12"),
]


@pytest.mark.parametrize(("language", "text", "resolved", "open_year"), YEARLESS)
def test_a_date_without_a_year_takes_the_year_from_the_reference_or_none(
    language: Language, text: str, resolved: str, open_year: str
) -> None:
    mention, unresolved = only(text, language), only(text, language, None)
    assert (mention.edtf, unresolved.edtf) == (resolved, open_year)
    assert mention.basis == unresolved.basis == "from_reference"
    assert (mention.start, mention.end) == (0, len(text))


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("en", "the plant will open on 5 June", "2024-06-05"),
        ("en", "the plant opened on 5 June", "2023-06-05"),
        ("fr", "l'usine ouvrira le 5 juin", "2024-06-05"),
        ("fr", "l'usine a ouvert le 5 juin", "2023-06-05"),
        ("en", "the rule takes effect on 5 June", "2024-06-05"),
        ("fr", "la loi entre en vigueur le 5 juin", "2024-06-05"),
        ("fr", "le vote est fixé au 5 juin", "2024-06-05"),
        ("vi", "nhà máy sẽ mở cửa ngày 5/6", "2024-06-05"),
        ("vi", "nhà máy đã mở cửa ngày 5/6", "2023-06-05"),
    ],
)
def test_a_future_word_before_it_puts_a_date_without_a_year_after_the_reference(
    language: Language, text: str, edtf: str
) -> None:
    assert only(text, language).edtf == edtf


RELATIVE: list[tuple[Language, str, str, str | None]] = [
    ("en", "today", "2024-04-11", None),
    ("en", "yesterday", "2024-04-10", None),
    ("en", "tomorrow", "2024-04-12", None),
    ("en", "last week", "2024-04-01/2024-04-07", None),
    ("en", "last month", "2024-03", None),
    ("en", "this year", "2024", None),
    ("en", "next year", "2025", None),
    ("en", "the end of this year", "2024", "end"),
    ("en", "early next year", "2025", "start"),
    ("en", "on Monday", "2024-04-08", None),
    ("en", "on Thursday", "2024-04-11", None),
    ("en", "last Thursday", "2024-04-04", None),
    ("en", "next Monday", "2024-04-15", None),
    ("en", "two years ago", "2022", None),
    ("fr", "aujourd'hui", "2024-04-11", None),
    ("fr", "hier", "2024-04-10", None),
    ("fr", "demain", "2024-04-12", None),
    ("fr", "la semaine dernière", "2024-04-01/2024-04-07", None),
    ("fr", "le mois dernier", "2024-03", None),
    ("fr", "l'année prochaine", "2025", None),
    ("fr", "l'an dernier", "2023", None),
    ("fr", "la fin de l'année", "2024", "end"),
    ("fr", "lundi dernier", "2024-04-08", None),
    ("vi", "hôm nay", "2024-04-11", None),
    ("vi", "hôm qua", "2024-04-10", None),
    ("vi", "hôm kia", "2024-04-09", None),
    ("vi", "ngày mai", "2024-04-12", None),
    ("vi", "tuần trước", "2024-04-01/2024-04-07", None),
    ("vi", "tuần này", "2024-04-08/2024-04-14", None),
    ("vi", "tuần sau", "2024-04-15/2024-04-21", None),
    ("vi", "cuối tháng trước", "2024-03", "end"),
    ("vi", "năm ngoái", "2023", None),
    ("vi", "cuối năm ngoái", "2023", "end"),
    ("vi", "cuối năm nay", "2024", "end"),
    ("vi", "giữa năm nay", "2024", "mid"),
    ("vi", "đầu năm sau", "2025", "start"),
    ("vi", "vào năm tới", "2025", None),
    ("vi", "thứ Hai tuần trước", "2024-04-01", None),
    ("vi", "hai tuần trước", "2024-03-25/2024-03-31", None),
]


@pytest.mark.parametrize(("language", "text", "edtf", "modifier"), RELATIVE)
def test_relative_words_are_resolved_at_their_own_precision_or_not_at_all(
    language: Language, text: str, edtf: str, modifier: str | None
) -> None:
    mention, unresolved = only(text, language), only(text, language, None)
    assert (mention.edtf, mention.modifier, mention.role) == (edtf, modifier, "point")
    assert unresolved.edtf is None
    assert mention.basis == unresolved.basis == "from_reference"
    assert (mention.start, mention.end) == (0, len(text))


ROLES: list[tuple[Language, str, str, str | None, str]] = [
    ("en", "by 2027", "2027", None, "deadline"),
    ("en", "by the end of 2026", "2026", "end", "deadline"),
    ("en", "by the end of the decade", "202X", "end", "deadline"),
    ("en", "no later than 31 December 2026", "2026-12-31", None, "deadline"),
    ("en", "until 2030", "2030", None, "deadline"),
    ("en", "since 2020", "2020", None, "start"),
    ("en", "starting in 2026", "2026", None, "start"),
    ("en", "mid-2026", "2026", "mid", "point"),
    ("en", "late 2025", "2025", "end", "point"),
    ("fr", "d'ici 2027", "2027", None, "deadline"),
    ("fr", "d\N{RIGHT SINGLE QUOTATION MARK}ici à fin 2027", "2027", "end", "deadline"),
    ("fr", "d'ici la fin de l'année", "2024", "end", "deadline"),
    ("fr", "avant le 30 juin 2026", "2026-06-30", None, "deadline"),
    ("fr", "au plus tard en 2026", "2026", None, "deadline"),
    ("fr", "jusqu'en 2030", "2030", None, "deadline"),
    ("fr", "à partir du 1er juillet 2026", "2026-07-01", None, "start"),
    ("fr", "dès 2026", "2026", None, "start"),
    ("fr", "fin 2027", "2027", "end", "point"),
    ("vi", "trước năm 2030", "2030", None, "deadline"),
    ("vi", "đến năm 2030", "2030", None, "deadline"),
    ("vi", "đến cuối năm nay", "2024", "end", "deadline"),
    ("vi", "chậm nhất vào năm 2027", "2027", None, "deadline"),
    ("vi", "từ nay đến năm 2030", "2030", None, "deadline"),
    ("vi", "kể từ năm 2020", "2020", None, "start"),
    ("vi", "bắt đầu từ năm 2026", "2026", None, "start"),
    ("vi", "tính đến cuối năm 2024", "2024", "end", "point"),
    ("vi", "vào cuối năm 2022", "2022", "end", "point"),
]


@pytest.mark.parametrize(("language", "text", "edtf", "modifier", "role"), ROLES)
def test_the_cue_tells_the_role_and_belongs_to_the_mention(
    language: Language, text: str, edtf: str, modifier: str | None, role: str
) -> None:
    mention = only(text, language)
    assert (mention.edtf, mention.modifier, mention.role) == (edtf, modifier, role)
    assert (mention.start, mention.end) == (0, len(text))


@pytest.mark.parametrize(
    ("language", "text", "duration", "edtf"),
    [
        ("en", "in the next two years", "P2Y", "2026"),
        ("en", "over the next three years", "P3Y", "2027"),
        ("en", "over the next decade", "P10Y", "2034"),
        ("en", "within 18 months", "P18M", "2025-10"),
        ("fr", "au cours des deux prochaines années", "P2Y", "2026"),
        ("fr", "dans les cinq prochaines années", "P5Y", "2029"),
        ("fr", "d'ici deux ans", "P2Y", "2026"),
        ("vi", "trong hai năm tới", "P2Y", "2026"),
        ("vi", "trong vòng 5 đến 10 năm tới", "P10Y", "2034"),
        ("vi", "trong năm năm tới", "P5Y", "2029"),
    ],
)
def test_a_length_of_time_ahead_is_a_duration_and_a_deadline(
    language: Language, text: str, duration: str, edtf: str
) -> None:
    mention, unresolved = only(text, language), only(text, language, None)
    assert (mention.duration, mention.edtf) == (duration, edtf)
    assert (unresolved.duration, unresolved.edtf) == (duration, None)
    assert mention.role == unresolved.role == "deadline"
    assert mention.basis == "from_reference"


@pytest.mark.parametrize(
    ("language", "text", "duration"),
    [
        ("en", "lasting four years", "P4Y"),
        ("en", "over five years", "P5Y"),
        ("en", "for two years", "P2Y"),
        ("en", "over 18 months", "P18M"),
        ("fr", "sur cinq ans", "P5Y"),
        ("fr", "sur une période de trois ans", "P3Y"),
        ("fr", "pendant six semaines", "P6W"),
        ("vi", "kéo dài bốn năm", "P4Y"),
        ("vi", "trong 2 năm", "P2Y"),
        ("vi", "trong 18 tháng", "P18M"),
        ("vi", "kéo dài hai năm rưỡi", "P30M"),
        ("vi", "kéo dài 6 ngày", "P6D"),
    ],
)
def test_a_bare_length_of_time_gives_a_duration_and_no_date(
    language: Language, text: str, duration: str
) -> None:
    mention = only(text, language)
    assert (mention.duration, mention.edtf) == (duration, None)
    assert (mention.role, mention.basis) == ("duration", "explicit")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "recently, in recent months, every year, per year"),
        ("en", "we may march on 26.5 of 30 points"),
        ("en", "a 67-year-old spent 2.5 years there"),
        ("en", "over the last two years it made 2030 chips and lent US$ 2030"),
        ("en", "on February 30"),
        ("fr", "récemment, ces derniers mois, par an, 67 ans"),
        ("fr", "plus de 2025 GPU et 26.5 points"),
        ("vi", "mới đây, những tháng gần đây, hàng năm, mỗi năm, sau 9 năm"),
        ("vi", "thập kỷ qua, trong 10 năm qua, hai năm sau, vài tuần sau khi"),
        ("vi", "năm nhà máy, tăng 26.5%, 26.5 điểm, thứ hai châu Á"),
        ("vi", "trong những năm tới, tuần trước đó, hiện nay, năm học"),
        ("vi", "giảm đến 1/3 dân số, ngày 30/2"),
    ],
)
def test_vague_words_ages_rates_and_plain_numbers_are_no_dates(
    language: Language, text: str
) -> None:
    found = [text[m.start : m.end] for m in find_dates(text, language, THURSDAY)]
    assert found == []


def test_five_and_year_are_told_apart_in_vietnamese() -> None:
    text = "năm nhà máy mới trong năm năm tới, từ năm 2026"
    found = [text[m.start : m.end] for m in find_dates(text, "vi", None)]
    assert found == ["trong năm năm tới", "từ năm 2026"]


_MONTH_NAMES: dict[Language, str] = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "vi": "|".join(f"tháng {number}" for number in range(1, 13)),
}
MONTHS = {language: names.split("|") for language, names in _MONTH_NAMES.items()}
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["vi", "fr", "en"])
YEARS = st.integers(1950, 2090)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
REFERENCES = st.dates(date(1960, 1, 1), date(2080, 12, 31))


def renderings(day: date, language: Language) -> dict[str, str]:
    """Texts of a day, month, quarter, half or year, with the EDTF they must come back with."""
    y, m, d = day.year, day.month, day.day
    month, quarter, half = MONTHS[language][m - 1], (m + 2) // 3, 1 + (m > 6)
    iso, year_month = f"{y}-{m:02d}-{d:02d}", f"{y}-{m:02d}"
    quarters = f"{y}-{3 * quarter - 2:02d}/{y}-{3 * quarter:02d}"
    halves = f"{y}-{6 * half - 5:02d}/{y}-{6 * half:02d}"
    common = {iso: iso, f"{y}-{y + 5}": f"{y}/{y + 5}"}
    match language:
        case "en":
            ordinal = ["first", "second", "third", "fourth"]
            own = {
                f"{month} {d}, {y}": iso,
                f"{d} {month} {y}": iso,
                f"on {month} {d}, {y}": iso,
                f"in {month} {y}": year_month,
                f"Q{quarter} {y}": quarters,
                f"the {ordinal[quarter - 1]} quarter of {y}": quarters,
                f"the {ordinal[half - 1]} half of {y}": halves,
                f"by {y}": f"{y}",
            }
        case "fr":
            ordinal = ["premier", "deuxième", "troisième", "quatrième"]
            own = {
                f"le {d} {month} {y}": iso,
                f"{d}/{m}/{y}": iso,
                f"en {month} {y}": year_month,
                f"T{quarter} {y}": quarters,
                f"au {ordinal[quarter - 1]} trimestre {y}": quarters,
                f"au {ordinal[half - 1]} semestre {y}": halves,
                f"d'ici {y}": f"{y}",
            }
        case "vi":
            own = {
                f"ngày {d}/{m}/{y}": iso,
                f"ngày {d} {month} năm {y}": iso,
                f"ngày {d:02d}-{m:02d}-{y}": iso,
                f"{month}/{y}": year_month,
                f"{month} năm {y}": year_month,
                f"quý {['I', 'II', 'III', 'IV'][quarter - 1]}/{y}": quarters,
                f"nửa {['đầu', 'cuối'][half - 1]} năm {y}": halves,
                f"trước năm {y}": f"{y}",
            }
    return common | own


@given(DAYS, LANGUAGES, st.none() | REFERENCES, st.data())
def test_a_rendered_date_comes_back(
    day: date, language: Language, reference: date | None, data: st.DataObject
) -> None:
    text, edtf = data.draw(st.sampled_from(sorted(renderings(day, language).items())))
    (mention,) = find_dates(f"({text})", language, reference)
    assert mention.edtf == edtf
    assert mention.basis == "explicit"
    assert (mention.start, mention.end) == (1, 1 + len(text))


FRAGMENTS = st.sampled_from(
    [words for _, before, phrase, _ in EXPLICIT for words in (before, phrase)]
    + [text for _, text, *_ in YEARLESS + RELATIVE + ROLES]
    + ["trong hai năm tới", "over the next two years", "sur cinq ans", "năm", "(", ")", ",", "-"]
    + ["2026", "31", "0", "9999", "by", "đến", "d'ici", "fin", "cuối", "tháng", "Q", "the"]
)
NOISE = st.text(max_size=60) | st.lists(FRAGMENTS, max_size=8).map(" ".join)
ANY_REFERENCE = st.none() | st.dates()


@given(NOISE, LANGUAGES, ANY_REFERENCE)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_ordered_mentions_within_it_and_valid_edtf(
    text: str, language: Language, reference: date | None
) -> None:
    end = 0
    for mention in find_dates(text, language, reference):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end]
        end = mention.end
        if mention.edtf is not None:
            parse_edtf(mention.edtf)
            assert mention.role != "duration"
        if mention.duration is not None:
            assert re.fullmatch(r"P[0-9]+[YMWD]", mention.duration)
        if mention.edtf is None:
            assert mention.basis == "from_reference" or mention.role == "duration"


@given(st.lists(FRAGMENTS, max_size=8).map(" ".join), LANGUAGES)
def test_without_a_reference_every_year_is_written_in_the_text(
    text: str, language: Language
) -> None:
    for mention in find_dates(text, language, None):
        words = text[mention.start : mention.end]
        for year in re.findall(r"(?:^|/)([0-9X]{4})", mention.edtf or ""):
            written = year == "XXXX" or year.replace("X", "0") in words
            told = "fiscal" in words or "exercice" in words or "tài chính" in words
            short = re.search(r"[0-9]{2}-([0-9]{2})\b", words)
            assert written or told or (short is not None and year.endswith(short[1]))


@given(REFERENCES, LANGUAGES)
def test_relative_dates_agree_with_the_reference(reference: date, language: Language) -> None:
    phrases: dict[Language, list[str]] = {
        "en": ["last week", "this week", "next week", "last month", "next month", "last year"],
        "fr": ["la semaine dernière", "cette semaine", "la semaine prochaine", "le mois dernier"]
        + ["le mois prochain", "l'an dernier"],
        "vi": ["tuần trước", "tuần này", "tuần sau", "tháng trước", "tháng sau", "năm ngoái"],
    }
    found = [only(phrase, language, reference).edtf or "" for phrase in phrases[language]]
    last_week, this_week, next_week = (
        [date.fromisoformat(day) for day in week.split("/")] for week in found[:3]
    )
    assert last_week[1] < this_week[0] <= reference <= this_week[1] < next_week[0]
    assert {week[0].weekday() for week in (last_week, this_week, next_week)} == {0}
    assert {(week[1] - week[0]).days for week in (last_week, this_week, next_week)} == {6}
    first = reference.replace(day=1)
    assert found[3] == (first - timedelta(days=1)).isoformat()[:7]
    length = monthrange(reference.year, reference.month)[1]
    assert found[4] == (first + timedelta(days=length)).isoformat()[:7]
    assert found[5] == f"{reference.year - 1:04d}"


@given(DAYS, REFERENCES, LANGUAGES)
def test_a_date_without_a_year_lies_in_the_year_up_to_the_reference(
    day: date, reference: date, language: Language
) -> None:
    assume((day.month, day.day) != (2, 29))
    month = MONTHS[language][day.month - 1]
    text = {
        "en": f"{month} {day.day}",
        "fr": f"le {day.day} {month}",
        "vi": f"ngày {day.day} {month}",
    }
    resolved = date.fromisoformat(only(text[language], language, reference).edtf or "")
    assert (resolved.month, resolved.day) == (day.month, day.day)
    assert 0 <= (reference - resolved).days <= 366


@given(DAYS, REFERENCES)
def test_a_deadline_without_a_year_lies_in_the_year_from_the_reference(
    day: date, reference: date
) -> None:
    assume((day.month, day.day) != (2, 29))
    month = MONTHS["en"][day.month - 1]
    mention = only(f"by {month} {day.day}", "en", reference)
    resolved = date.fromisoformat(mention.edtf or "")
    assert (resolved.month, resolved.day) == (day.month, day.day)
    assert 0 <= (resolved - reference).days <= 366
