from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor.mentions.quoted import currencies_borne, read_count, read_date, read_money
from extractor.mentions.types import CountMention, MoneyMention
from extractor.records import Language


def _span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


_LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(("vi", "fr", "en"))
_MARKS: dict[Language, tuple[str, str]] = {"vi": (".", ","), "fr": (" ", ","), "en": (",", ".")}
_SCALES: dict[Language, dict[str, int]] = {
    "vi": {" triệu": 6, " tỷ": 9, " nghìn tỷ": 12, " crore": 7, "bn": 9},
    "fr": {" millions": 6, " milliards": 9, " lakhs": 5, "bn": 9},
    "en": {" million": 6, " billion": 9, "bn": 9, " crores": 7, " lakh": 5, " trillion": 12},
}
_OWN_SCALES = {" triệu", " tỷ", " nghìn tỷ", " millions", " milliards", " million", " billion"}
_OPENINGS: dict[Language, str] = {"vi": "Họ góp ", "fr": "Ils versent ", "en": "They give "}
_UNITS: dict[Language, tuple[str, ...]] = {
    "vi": (" MW", "%", " con chip", " tấn", " giờ", " người", " dụng cụ"),
    "fr": (" MW", " %", " puces", " tonnes", " heures", " cas", " sites"),
    "en": (" MW", "%", " chips", " tonnes", " hours", " gizmos", " sq. m"),
}


@st.composite
def _written(draw: st.DrawFn, language: Language) -> tuple[str, Decimal]:
    """A number as the language writes it, and its value."""
    thousands, decimal = _MARKS[language]
    whole = draw(st.integers(min_value=2, max_value=9_999_999))
    tenths = draw(st.integers(min_value=0, max_value=9)) if whole < 1000 else 0
    figure = f"{whole:,}".replace(",", thousands) + (f"{decimal}{tenths}" if tenths else "")
    return figure, Decimal(f"{whole}.{tenths}")


@settings(deadline=None)
@given(st.data(), _LANGUAGES)
def test_the_amount_read_is_the_amount_written_whatever_currency_the_model_says(
    data: st.DataObject, language: Language
) -> None:
    figure, value = data.draw(_written(language))
    scale = data.draw(st.sampled_from(sorted(_SCALES[language])))
    # Which language writes one mark and three digits before a borrowed word?
    assume(len(figure) < 4 or value < 1000 or value >= 10**6 or scale in _OWN_SCALES)
    text = f"{_OPENINGS[language]}{figure}{scale}."
    span = _span(text, figure + scale)
    first = read_money(text, span, language, data.draw(st.sampled_from(("USD", "SEK", "VND"))))
    second = read_money(text, span, language, data.draw(st.none() | st.text()))
    assert first is not None
    assert second is not None
    assert first.value == value * 10 ** _SCALES[language][scale]
    assert replace(first, currency=None) == replace(second, currency=None)
    assert (first.start, first.end) == span


@settings(deadline=None)
@given(st.data(), _LANGUAGES)
def test_the_count_read_is_the_count_written_whatever_unit_the_model_says(
    data: st.DataObject, language: Language
) -> None:
    figure, value = data.draw(_written(language))
    unit = data.draw(st.sampled_from(_UNITS[language]))
    text = f"{_OPENINGS[language]}{figure}{unit}."
    span = _span(text, figure + unit)
    first = read_count(text, span, language, None)
    second = read_count(text, span, language, data.draw(st.text()))
    assert first is not None
    assert second is not None
    assert first.value == second.value == value
    assert (first.start, first.end) == (second.start, second.end) == span


@settings(deadline=None)
@given(st.data(), _LANGUAGES)
def test_words_cut_inside_a_number_give_all_of_it_or_nothing(
    data: st.DataObject, language: Language
) -> None:
    figure, value = data.draw(_written(language))
    text = f"{_OPENINGS[language]}{figure} MW."
    start, end = _span(text, figure)
    first = data.draw(st.integers(min_value=start, max_value=end - 1))
    last = data.draw(st.integers(min_value=first + 1, max_value=end))
    mention = read_count(text, (first, last), language, None)
    assert mention is None or (mention.value, mention.start) == (value, start)


_WORDS = (
    "1 2,5 3.000 1 000 - – ( ) $ € US$ C$ Rs USD tỷ triệu crore milliards millions de d'euros kr"
    " billion bn hundreds of một hai trăm năm mươi nửa un demi cent half of the la moitié du and to"
    " between from từ đến entre à hơn plus de each par an MW % heures con chip sites 2027 tháng 3 +"
    " ' / : x \n \u0301 \u00a0 é 𝟙 ²"
)
_FRAGMENTS = st.lists(st.sampled_from(_WORDS.split(" "))).map(" ".join)
_ANY = st.one_of(st.text(), _FRAGMENTS, _FRAGMENTS.map(lambda text: text.replace(" ", "")))


@settings(deadline=None, max_examples=200)
@given(_ANY, _LANGUAGES, st.integers(-5, 80), st.integers(-5, 80), st.none() | st.text())
def test_any_words_of_any_text_give_a_mention_inside_it_that_touches_them_or_nothing(
    text: str, language: Language, start: int, end: int, said: str | None
) -> None:
    span = (start, end)
    money = read_money(text, span, language, said)
    count = read_count(text, span, language, said)
    when = read_date(text, span, language, None)
    currencies_borne(text, span, language)
    for mention in (money, count, when):
        if mention is not None:
            assert 0 <= mention.start < mention.end <= len(text)
            assert mention.start < end
            assert start < mention.end
    for amount in (money, count):
        _check_bounds(amount)


def _check_bounds(mention: MoneyMention | CountMention | None) -> None:
    if mention is not None and mention.value_max is not None:
        assert mention.value is not None
        assert mention.value < mention.value_max
