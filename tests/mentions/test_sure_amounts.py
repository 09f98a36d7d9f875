"""What makes an amount sure, and what leaves it without a number, kind by kind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.article import read_article
from extractor.article.folding import fold, fold_text
from extractor.mentions import find_mentions
from extractor.mentions.quoted import read_money
from extractor.records import Language


def numbers(text: str, language: Language) -> list[str]:
    """Every number that is offered, with its currency, conversions after what they convert."""
    mentions = find_mentions(fold_text(text), language, None).money
    every = [one for mention in mentions for one in (mention, *mention.converted)]
    return [told(one.value, one.value_max, one.currency) for one in every if one.value is not None]


def told(value: Decimal | None, most: Decimal | None, currency: str | None) -> str:
    """An amount in one word for each part."""
    return f"{value:,}{f'-{most:,}' if most is not None else ''} {currency}"


def in_article(text: str, language: Language) -> list[str]:
    """The numbers of a whole article."""
    article = read_article(text, language=language)
    money = [one for sentence in article.sentences for one in article.mentions(sentence.id).money]
    return [told(one.value, one.value_max, one.currency) for one in money if one.value is not None]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It costs $7MM.", "7,000,000 USD"),
        ("en", "It costs US$7.5mn.", "7,500,000 USD"),
        ("en", "It costs 240 USD million.", "240,000,000 USD"),
        ("fr", "Cela coûte 4 MEUR.", "4,000,000 EUR"),
        ("fr", "Cela coûte 4 Mds €.", "4,000,000,000 EUR"),
        ("fr", "Cela coûte EUR4m.", "4,000,000 EUR"),
        ("fr", "CELA COÛTE 1,7 MILLIARD D'EUROS", "1,700,000,000 EUR"),
        ("vi", "DỰ ÁN TỐN 3.400 TỶ ĐỒNG", "3,400,000,000,000 VND"),
        ("vi", "Dự án tốn 06 tỷ đồng.", "6,000,000,000 VND"),
        ("id", "BIAYANYA RP1,7 TRILIUN", "1,700,000,000,000 IDR"),
        ("en", "It costs Rs 3,200 crore.", "32,000,000,000 INR"),
        ("en", "It costs ₹14.5 lakh crore.", "14,500,000,000,000 INR"),
        ("en", "It costs ₹23,45,678.", "2,345,678 INR"),
        ("fr", "Cela coûte 2 750,50 €.", "2,750.5 EUR"),
        ("en", "It costs CHF 2'750'000.", "2,750,000 CHF"),
        ("en", "It costs \uff17\uff10 million euros.", "70,000,000 EUR"),
        ("fr", "Cela coûte 3\u202f400\u00a0000\u2009€.", "3,400,000 EUR"),
        ("en", "It costs 7\u00ad0 mil\u00adlion euros.", "70,000,000 EUR"),
        ("en", "It costs from 700,000 to 3 million euros.", "700,000-3,000,000 EUR"),
        ("en", "It costs €3.5m-€4m.", "3,500,000-4,000,000 EUR"),
    ],
)
def test_every_common_notation_has_its_value(language: Language, text: str, expected: str) -> None:
    assert numbers(text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It costs $7x."),
        ("en", "It costs $7zz million."),
        ("en", "It costs $4-9,000."),
        ("en", "It costs 23.45.678 dollars."),
        ("en", "It costs 1.234,567.890 euros."),
        ("en", "It costs 23,45,678 dollars."),
        ("en", "It costs 1.275 dollars."),
        ("en", "It costs $2.000 billion."),
        ("en", "It costs M€ 7."),
        ("en", "It lost -€7 million and -7 million euros."),
        ("en", "It grew by 7 per cent and 7%."),
        ("en", "It pays for phase 2 700 million euros."),
        ("en", "It costs 10\u2079 euros."),
        ("fr", "Cela coûte 83,500 euros."),
        ("fr", "Cela coûte 7 Bn$."),
        ("fr", "Cela coûte 3 trillions de dollars."),
        ("fr", "Cela coûte €7 billions."),
        ("fr", "Cela coûte 1.275 milliard d'euros."),
        ("vi", "Dự án tốn 1,275 tỷ đồng."),
        ("vi", "Đợt 3 700 tỷ đồng."),
        ("vi", "Dự án tốn $7T."),
        ("id", "Biayanya US$7M."),
    ],
)
def test_what_may_mean_two_things_or_nothing_is_no_number(language: Language, text: str) -> None:
    assert numbers(text, language) == []


def test_an_amount_of_two_meanings_is_offered_in_its_words() -> None:
    text = "Dự án tốn 1,275 tỷ đồng."
    (mention,) = find_mentions(text, "vi", None).money
    assert text[mention.start : mention.end] == "1,275 tỷ đồng"
    assert (mention.value, mention.currency) == (None, "VND")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Họ chi $1.275 billion.", "1,275,000,000 USD"),
        ("vi", "Họ chi $3.4bn.", "3,400,000,000 USD"),
        ("fr", "Ils paient $1.275 billion.", "1,275,000,000 USD"),
        ("fr", "Ils paient 2 billions de yens.", "2,000,000,000,000 JPY"),
        ("fr", "Ils paient 1,275 milliard d'euros.", "1,275,000,000 EUR"),
        ("vi", "Họ chi 1.275 tỷ đồng.", "1,275,000,000,000 VND"),
        ("id", "Biayanya Rp7 M.", "7,000,000,000 IDR"),
    ],
)
def test_a_borrowed_scale_word_brings_the_marks_of_its_language(
    language: Language, text: str, expected: str
) -> None:
    assert numbers(text, language) == [expected]


def test_a_borrowed_scale_word_without_a_sign_may_follow_figures_of_either_language() -> None:
    assert numbers("Họ chi 1.275 million USD.", "vi") == []
    assert numbers("Họ chi 1.5 million USD.", "vi") == ["1,500,000 USD"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "They pay 7 and 9 million euros respectively.",
            ["7,000,000 EUR", "9,000,000 EUR"],
        ),
        ("en", "They pay $7 and 9 million respectively.", ["7,000,000 USD", "9,000,000 USD"]),
        (
            "fr",
            "Ils paient 7 et 9 millions d'euros respectivement.",
            ["7,000,000 EUR", "9,000,000 EUR"],
        ),
        ("vi", "Họ lần lượt chi 7 và 9 triệu USD.", ["7,000,000 USD", "9,000,000 USD"]),
        ("en", "They pay 7 and 9 million euros.", ["9,000,000 EUR"]),
        ("en", "They pay $7 and 9 million.", []),
    ],
)
def test_a_list_that_goes_with_another_member_by_member_shares_its_scale(
    language: Language, text: str, expected: list[str]
) -> None:
    assert numbers(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "It gives €7 million for Orsel, 8 million for Tarn and 9 million for Velm.",
            ["7,000,000 EUR", "8,000,000 EUR", "9,000,000 EUR"],
        ),
        (
            "fr",
            "Il verse 7 millions d'euros à Orsel, 8 millions à Tarn.",
            ["7,000,000 EUR", "8,000,000 EUR"],
        ),
        (
            "vi",
            "Quỹ chi 7 tỷ đồng cho xã Hạ, 8 tỷ cho xã Mai.",
            ["7,000,000,000 VND", "8,000,000,000 VND"],
        ),
        ("en", "It gives €7 million for Orsel, 8 million people live there.", ["7,000,000 EUR"]),
        ("en", "It gives €7 million for Orsel, 8 million in all live there.", ["7,000,000 EUR"]),
    ],
)
def test_members_of_a_list_that_lead_on_alike_share_its_currency(
    language: Language, text: str, expected: list[str]
) -> None:
    assert numbers(text, language) == expected


def test_fifteen_amounts_in_one_sentence_are_all_offered() -> None:
    text = ", ".join(f"Orsel {number} million euros" for number in range(11, 26))
    assert numbers(f"They pay: {text}.", "en") == [f"{n},000,000 EUR" for n in range(11, 26)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They pay 70[5] million euros.", "70,000,000 EUR"),
        ("They pay €70 million[12].", "70,000,000 EUR"),
        ("They pay €70 million\u00b9\u00b2.", "70,000,000 EUR"),
        ("They pay €70m\u00b9\u00b2, as agreed.[3][4]", "70,000,000 EUR"),
    ],
)
def test_the_mark_of_a_footnote_is_no_part_of_an_amount(text: str, expected: str) -> None:
    assert numbers(text, "en") == [expected]


def test_a_quote_of_a_sentence_keeps_the_marks_of_footnotes() -> None:
    text = "The fund pays 70[5] million euros to Orsel.[6]"
    article = read_article(text, language="en")
    (sentence,) = article.sentences
    assert article.quote(sentence).startswith("The fund pays 70[5] million euros to Orsel.")
    (mention,) = article.mentions(1).money
    assert article.verbatim(sentence, mention.start, mention.end) == "70[5] million euros"


@pytest.mark.parametrize(
    "text", ["40 km\u00b2", "a[0] = b [1]", "10\u2079 cells", "5 m\u00b3", "R\u00b2"]
)
def test_powers_and_brackets_that_no_word_carries_are_no_footnotes(text: str) -> None:
    assert fold(text).text in (text, text.replace("a[0]", "a"))


def test_the_currency_named_in_full_beside_dollars_does_not_make_them_its_own() -> None:
    text = "Ils paient 42 millions de dollars (63 millions de dollars australiens)."
    assert numbers(text, "fr") == ["42,000,000 USD", "63,000,000 AUD"]
    assert numbers("Canada will pay 5 million dollars.", "en") == ["5,000,000 CAD"]


def test_a_year_before_an_amount_is_no_bound_of_a_range() -> None:
    text = "The bill went from $900 million in 2016 to $2.1 billion."
    assert numbers(text, "en") == ["900,000,000 USD", "2,100,000,000 USD"]


def test_the_dollar_of_an_unknown_country_is_none() -> None:
    assert numbers("It costs TT$500,000.", "en") == ["500,000 TTD"]
    assert numbers("It costs QX$40 million.", "en") == []


def test_a_quotation_is_read_in_its_own_language() -> None:
    text = (
        'Le patron a dit : "We will put 2 billion dollars into the port and the mill." '
        "Il versera 3 billions de yens."
    )
    assert in_article(text, "fr") == ["2,000,000,000 USD", "3,000,000,000,000 JPY"]
    mixed = 'Il a dit le mot "We will put $1.275 million into the port of Orsel" et il part.'
    assert numbers(mixed, "fr") == ["1,275,000 USD"]


def test_a_word_of_another_language_however_often_makes_no_quotation() -> None:
    text = ", ".join(f"{number} tỷ đô la Úc" for number in range(2, 9))
    assert len(numbers(f"Ngân hàng cho vay {text}.", "vi")) == 7


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Quỹ chi 2,400,000 USD cho trường.", "1,275,000,000,000 VND"),
        ("Quỹ chi 3.5 tỷ USD cho trường.", "1,275,000,000,000 VND"),
        ("Quỹ chi 3,5 tỷ USD cho trường.", None),
        ("Quỹ chi tiền cho trường.", None),
    ],
)
def test_how_an_article_groups_its_figures_tells_of_one_that_may_be_either(
    before: str, expected: str | None
) -> None:
    found = in_article(f"{before} Sau đó họ góp thêm 1,275 tỷ đồng cho xã.", "vi")
    assert (expected in found) if expected else not any("VND" in one for one in found)


def test_words_that_a_model_points_at_are_as_unsure_as_those_of_the_rules() -> None:
    text = "Dự án tốn 1,275 tỷ đồng."
    read = read_money(text, (10, 23), "vi", "VND")
    assert read is not None
    assert read.value is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It gives three quarters of a billion euros.", 750_000_000),
        ("en", "It gives a quarter billion dollars.", 250_000_000),
        ("fr", "Elle versera trois quarts de milliard d'euros.", 750_000_000),
        ("fr", "Elle versera un quart de million de dollars.", 250_000),
        ("vi", "Họ góp ba phần tư tỷ đồng.", 750_000_000),
        ("id", "Mereka memberi seperempat juta dolar.", 250_000),
        ("en", "It gives two thirds of a billion dollars.", None),
        ("fr", "Elle versera un tiers d'un milliard d'euros.", None),
        ("vi", "Họ góp hai phần ba tỷ đồng.", None),
        ("id", "Mereka memberi sepertiga miliar rupiah.", None),
    ],
)
def test_a_part_of_a_scale_word_is_read_if_it_has_an_end_and_is_never_the_whole(
    language: Language, text: str, expected: int | None
) -> None:
    [amount] = find_mentions(text, language, None).money
    assert amount.value == expected
