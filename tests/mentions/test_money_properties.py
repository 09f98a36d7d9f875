from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.amounts.money import find_money
from extractor.mentions.types import MoneyMention
from extractor.records import Language, Per, Qualifier, Scope


def _only(text: str, language: Language) -> MoneyMention:
    (mention,) = find_money(text, language)
    return mention


@dataclass(frozen=True)
class _Style:
    """How an independent writer puts amounts of one language, from hand-made tables."""

    language: Language
    decimal: str
    thousands: tuple[str, ...]
    scales: tuple[tuple[str, int], ...]
    suffixes: tuple[tuple[str, str], ...]
    prefixes: tuple[tuple[str, str], ...]
    qualifiers: tuple[tuple[str, Qualifier], ...]
    closings: tuple[tuple[str, Per, Scope], ...]
    opening: str
    range_words: tuple[str, str]


_STYLES = (
    _Style(
        "vi",
        ",",
        (".",),
        (("", 0), (" nghìn", 3), (" ngàn", 3), (" triệu", 6), (" tỷ", 9), (" nghìn tỷ", 12)),
        ((" USD", "USD"), (" euro", "EUR"), (" đồng", "VND"), (" đô la Singapore", "SGD")),
        (),
        (("", "exact"), ("khoảng ", "about"), ("hơn ", "over"), ("tối đa ", "up_to")),
        (
            ("", "once", "total"),
            (" mỗi năm", "year", "total"),
            (" mỗi tháng", "month", "total"),
            (" mỗi bên", "once", "each"),
        ),
        "Chính phủ sẽ chi ",
        ("từ ", " đến "),
    ),
    _Style(
        "fr",
        ",",
        (".", " "),
        (("", 0), (" millions", 6), (" milliards", 9), (" billions", 12)),
        (("d'euros", "EUR"), ("de dollars", "USD"), ("de yens", "JPY"), ("de wons", "KRW")),
        (),
        (("", "exact"), ("environ ", "about"), ("plus de ", "over"), ("au moins ", "at_least")),
        (
            ("", "once", "total"),
            (" par an", "year", "total"),
            (" par mois", "month", "total"),
            (" chacun", "once", "each"),
        ),
        "Le gouvernement versera ",
        ("entre ", " et "),
    ),
    _Style(
        "en",
        ".",
        (",",),
        (("", 0), (" thousand", 3), (" million", 6), ("bn", 9), (" billion", 9), (" trillion", 12)),
        ((" dollars", "USD"), (" euros", "EUR"), (" yuan", "CNY"), (" Australian dollars", "AUD")),
        (("$", "USD"), ("US$ ", "USD"), ("€", "EUR"), ("GBP ", "GBP"), ("A$", "AUD")),
        (("", "exact"), ("nearly ", "about"), ("over ", "over"), ("less than ", "under")),
        (
            ("", "once", "total"),
            (" a year", "year", "total"),
            (" per month", "month", "total"),
            (" each", "once", "each"),
        ),
        "The government will pay ",
        ("between ", " and "),
    ),
)


def _figure(style: _Style, value: Decimal, mark: str) -> str:
    whole, _, fraction = format(value, "f").partition(".")
    grouped = f"{int(whole):,}".replace(",", mark)
    return grouped + (style.decimal + fraction if fraction else "")


def _currency_words(style: _Style, words: str, scale: str) -> str:
    if style.language != "fr":
        return words
    return f" {words}" if scale else " " + words.removeprefix("d'").removeprefix("de ")


@st.composite
def _figures(draw: st.DrawFn) -> Decimal:
    digits = draw(st.integers(min_value=2, max_value=999_999))
    places = draw(st.sampled_from((0, 0, 1, 2)))
    value = Decimal(digits).scaleb(-places)
    return value if value >= 2 else value + 2


@dataclass(frozen=True)
class _Parts:
    style: _Style
    figure: Decimal
    mark: str
    scale: tuple[str, int]
    currency: tuple[str, str]
    prefixed: bool
    qualifier: tuple[str, Qualifier]
    closing: tuple[str, Per, Scope]

    def raw(self) -> str:
        figure = _figure(self.style, self.figure, self.mark)
        if self.prefixed:
            return f"{self.currency[0]}{figure}{self.scale[0]}"
        words = _currency_words(self.style, self.currency[0], self.scale[0])
        return f"{figure}{self.scale[0]}{words}"

    def sentence(self) -> str:
        return f"{self.style.opening}{self.qualifier[0]}{self.raw()}{self.closing[0]}."

    def value(self) -> Decimal:
        return self.figure * Decimal(10) ** self.scale[1]


@st.composite
def _parts(draw: st.DrawFn) -> _Parts:
    style = draw(st.sampled_from(_STYLES))
    prefixed = bool(style.prefixes) and draw(st.booleans())
    scale = draw(st.sampled_from(style.scales))
    figure = draw(_figures())
    if not scale[1]:
        figure = figure.to_integral_value()
    return _Parts(
        style=style,
        figure=figure,
        mark=draw(st.sampled_from(style.thousands)),
        scale=scale,
        currency=draw(st.sampled_from(style.prefixes if prefixed else style.suffixes)),
        prefixed=prefixed,
        qualifier=draw(st.sampled_from(style.qualifiers)),
        closing=draw(st.sampled_from(style.closings)),
    )


@settings(deadline=None)
@given(_parts())
def test_any_rendered_amount_is_found_with_exactly_its_value(parts: _Parts) -> None:
    text = parts.sentence()
    mention = _only(text, parts.style.language)
    assert text[mention.start : mention.end] == parts.raw()
    # A dollar may be settled by what stands around the sentence.
    assert replace(mention, open_to=()) == MoneyMention(
        start=mention.start,
        end=mention.end,
        value=parts.value(),
        value_max=None,
        currency=parts.currency[1],
        qualifier=parts.qualifier[1],
        per=parts.closing[1],
        scope=parts.closing[2],
    )


@settings(deadline=None)
@given(_parts(), st.integers(min_value=1, max_value=999))
def test_any_rendered_range_has_both_bounds(parts: _Parts, more: int) -> None:
    upper = parts.figure + more
    low, high = (_figure(parts.style, value, parts.mark) for value in (parts.figure, upper))
    before, between = parts.style.range_words
    words = _currency_words(parts.style, parts.style.suffixes[0][0], parts.scale[0])
    text = f"{parts.style.opening}{before}{low}{between}{high}{parts.scale[0]}{words}."
    mention = _only(text, parts.style.language)
    factor = Decimal(10) ** parts.scale[1]
    assert (mention.value, mention.value_max) == (parts.figure * factor, upper * factor)
    assert mention.currency == parts.style.suffixes[0][1]


@settings(deadline=None)
@given(_parts(), _figures(), st.data())
def test_another_number_scale_or_currency_gives_another_mention(
    parts: _Parts, figure: Decimal, data: st.DataObject
) -> None:
    options = parts.style.prefixes if parts.prefixed else parts.style.suffixes
    other = _Parts(
        style=parts.style,
        figure=figure if parts.scale[1] else figure.to_integral_value(),
        mark=parts.mark,
        scale=data.draw(st.sampled_from(parts.style.scales[1:])) if parts.scale[1] else parts.scale,
        currency=data.draw(st.sampled_from(options)),
        prefixed=parts.prefixed,
        qualifier=parts.qualifier,
        closing=parts.closing,
    )
    first = _only(parts.sentence(), parts.style.language)
    second = _only(other.sentence(), parts.style.language)
    same = (parts.value(), parts.currency[1]) == (other.value(), other.currency[1])
    assert ((first.value, first.currency) == (second.value, second.currency)) == same


_LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(("vi", "fr", "en"))
_NUMBERLESS_WORDS = (
    "USD euro euros dollars đô la đồng công ty người usine écoles people jobs the công nghệ will"
    " gouvernement khoảng hơn environ about mỗi each chacun $ € £ (soit) , . - /"
)
_MONEY_WORDS = (
    "1 2,5 3.000 1 000 - – ( ) $ € US$ USD tỷ triệu nghìn milliards millions de d'euros euros"
    " billion bn dollars hundreds of một hai trăm năm mươi rưỡi un demi cent et a half and to"
    " between from từ đến entre à khoảng plus de each mỗi năm par an chacun soit or \n % + ' / : x"
    " \u0301 \u00a0 é 𝟙 ²"
)
_NUMBERLESS = st.lists(st.sampled_from(_NUMBERLESS_WORDS.split())).map(" ".join)
_FRAGMENTS = st.lists(st.sampled_from(_MONEY_WORDS.split(" "))).map(" ".join)


@settings(deadline=None)
@given(_NUMBERLESS, _LANGUAGES)
def test_words_without_any_number_hold_no_money(text: str, language: Language) -> None:
    assert find_money(text, language) == ()


@settings(deadline=None)
@given(
    st.one_of(st.text(), _FRAGMENTS, _FRAGMENTS.map(lambda text: text.replace(" ", ""))), _LANGUAGES
)
def test_any_text_gives_ordered_spans_inside_it_without_overlap(
    text: str, language: Language
) -> None:
    position = 0
    for mention in find_money(text, language):
        for span in (mention, *mention.converted):
            assert position <= span.start < span.end <= len(text)
            position = span.end
            assert span.value_max is None or (
                span.value is not None and span.value < span.value_max
            )
