from __future__ import annotations

import time
from decimal import Decimal

import pytest

from extractor.mentions import find_mentions
from extractor.mentions.amounts.money import find_money
from extractor.mentions.types import MoneyMention
from extractor.records import Language, Per, Qualifier, Scope

K, M, G, T = (Decimal(10) ** power for power in (3, 6, 9, 12))


_ALL_LANGUAGES: tuple[Language, ...] = ("vi", "fr", "en")


def _only(text: str, language: Language) -> MoneyMention:
    (mention,) = find_money(text, language)
    return mention


def _number(text: str) -> Decimal:
    return Decimal(text)


# Language, sentence, words of the mention, value, currency.
_AMOUNTS: list[tuple[Language, str, str, Decimal, str]] = [
    ("vi", "Công ty sẽ đầu tư 2,6 tỷ USD trong hai năm tới.", "2,6 tỷ USD", 2_600 * M, "USD"),
    ("vi", "TẬP ĐOÀN RÓT 2,6 TỶ USD VÀO ĐÁM MÂY", "2,6 TỶ USD", 2_600 * M, "USD"),
    ("vi", "Khoản vay 3.5 tỷ USD.", "3.5 tỷ USD", 3_500 * M, "USD"),
    ("vi", "Dự toán 15.000 tỷ đồng.", "15.000 tỷ đồng", 15 * T, "VND"),
    ("vi", "Tác động 150 nghìn tỷ Yên.", "150 nghìn tỷ Yên", 150 * T, "JPY"),
    ("vi", "Gói 3 triệu tỷ đồng.", "3 triệu tỷ đồng", 3 * M * G, "VND"),
    ("vi", "Quỹ 500 ngàn đô la.", "500 ngàn đô la", 500 * K, "USD"),
    ("vi", "Quỹ 20 tỉ euro.", "20 tỉ euro", 20 * G, "EUR"),
    ("vi", "Chi một tỷ USD.", "một tỷ USD", G, "USD"),
    ("vi", "Chi nửa tỷ USD.", "nửa tỷ USD", G / 2, "USD"),
    ("vi", "Chi 2 tỷ rưỡi đô-la Mỹ.", "2 tỷ rưỡi đô-la Mỹ", 2_500 * M, "USD"),
    ("vi", "Chi 2 tỷ 500 triệu USD.", "2 tỷ 500 triệu USD", 2_500 * M, "USD"),
    ("vi", "Chi hai mươi lăm triệu bảng Anh.", "hai mươi lăm triệu bảng Anh", 25 * M, "GBP"),
    ("vi", "Chi hai trăm năm mươi triệu won.", "hai trăm năm mươi triệu won", 250 * M, "KRW"),
    ("vi", "Chi 70 triệu nhân dân tệ.", "70 triệu nhân dân tệ", 70 * M, "CNY"),
    ("vi", "Chi 5 tỷ NDT.", "5 tỷ NDT", 5 * G, "CNY"),
    ("vi", "Chi 2 tỷ đô la Úc.", "2 tỷ đô la Úc", 2 * G, "AUD"),
    ("vi", "Chi 10 triệu ringgit.", "10 triệu ringgit", 10 * M, "MYR"),
    ("vi", "Phí 500.000đ.", "500.000đ", 500 * K, "VND"),
    ("vi", "Tổng vốn 1,000 USD.", "1,000 USD", K, "USD"),
    ("fr", "Un plan de 16,4 milliards de dollars.", "16,4 milliards de dollars", 16_400 * M, "USD"),
    ("fr", "Un fonds de 1 500 millions d'euros.", "1 500 millions d'euros", 1_500 * M, "EUR"),
    ("fr", "Un fonds de 1.234,56 euros.", "1.234,56 euros", _number("1234.56"), "EUR"),
    ("fr", "Un fonds de 2 billions de yens.", "2 billions de yens", 2 * T, "JPY"),
    ("fr", "20 M€", "20 M€", 20 * M, "EUR"),
    ("fr", "1,5 Md€", "1,5 Md€", 1_500 * M, "EUR"),
    ("fr", "3 Mds d'euros", "3 Mds d'euros", 3 * G, "EUR"),
    ("fr", "500 k€", "500 k€", 500 * K, "EUR"),
    ("fr", "mille milliards de yens", "mille milliards de yens", T, "JPY"),
    ("fr", "un demi-milliard d'euros", "un demi-milliard d'euros", G / 2, "EUR"),
    ("fr", "un milliard et demi d'euros", "un milliard et demi d'euros", 3 * G / 2, "EUR"),
    (
        "fr",
        "deux cent cinquante millions de yuans",
        "deux cent cinquante millions de yuans",
        250 * M,
        "CNY",
    ),
    ("fr", "2 milliards de dollars canadiens", "2 milliards de dollars canadiens", 2 * G, "CAD"),
    ("fr", "9 milliards de francs CFA", "9 milliards de francs CFA", 9 * G, "XOF"),
    ("fr", "4 millions de livres sterling", "4 millions de livres sterling", 4 * M, "GBP"),
    ("fr", "6 millions de roupies", "6 millions de roupies", 6 * M, "INR"),
    ("fr", "5 $ US", "5 $ US", Decimal(5), "USD"),
    ("en", "They spend $2.5bn on chips.", "$2.5bn", 2_500 * M, "USD"),
    ("en", "They spend US$ 3m on chips.", "US$ 3m", 3 * M, "USD"),
    ("en", "They spend €20 million.", "€20 million", 20 * M, "EUR"),
    ("en", "They spend EUR 20bn.", "EUR 20bn", 20 * G, "EUR"),
    ("en", "They spend EUR20bn.", "EUR20bn", 20 * G, "EUR"),
    ("en", "They spend 20bn euros.", "20bn euros", 20 * G, "EUR"),
    ("en", "They spend half a billion dollars.", "half a billion dollars", G / 2, "USD"),
    ("en", "They spend a million dollars.", "a million dollars", M, "USD"),
    ("en", "They spend one billion yen.", "one billion yen", G, "JPY"),
    (
        "en",
        "They spend two and a half billion won.",
        "two and a half billion won",
        2_500 * M,
        "KRW",
    ),
    ("en", "They spend $1,250,000.", "$1,250,000", 1_250 * K, "USD"),
    ("en", "They spend 2 trillion rupees.", "2 trillion rupees", 2 * T, "INR"),
    ("en", "They spend C$5bn.", "C$5bn", 5 * G, "CAD"),
    ("en", "They spend 5 million Canadian dollars.", "5 million Canadian dollars", 5 * M, "CAD"),
    ("en", "They spend HK$40 million.", "HK$40 million", 40 * M, "HKD"),
    ("en", "They spend RM5bn.", "RM5bn", 5 * G, "MYR"),
    ("en", "They spend £50m.", "£50m", 50 * M, "GBP"),
    ("en", "A $2-billion fund opens.", "$2-billion", 2 * G, "USD"),
    ("en", "In 2025 USD 5 million was spent.", "USD 5 million", 5 * M, "USD"),
    ("en", "spend USh600 billion", "USh600 billion", 600 * G, "UGX"),
    ("en", "spend JD34 million", "JD34 million", 34 * M, "JOD"),
    ("en", "spend Rwf21 billion", "Rwf21 billion", 21 * G, "RWF"),
    ("en", "spend TSh 3 trillion", "TSh 3 trillion", 3000 * G, "TZS"),
    ("fr", "investir 4,3 milliards de DA", "4,3 milliards de DA", Decimal("4.3") * G, "DZD"),
    ("fr", "investir 5 millions DT", "5 millions DT", 5 * M, "TND"),
    ("fr", "investir 9 milliards FRW", "9 milliards FRW", 9 * G, "RWF"),
    ("fr", "investir 110 milliards de FBu", "110 milliards de FBu", 110 * G, "BIF"),
]


@pytest.mark.parametrize(("language", "text", "raw", "value", "currency"), _AMOUNTS)
def test_reads_number_scale_and_currency_as_written(
    language: Language, text: str, raw: str, value: Decimal, currency: str
) -> None:
    mention = _only(text, language)
    assert (text[mention.start : mention.end], mention.value) == (raw, value)
    assert (mention.currency, mention.value_max) == (currency, None)


@pytest.mark.parametrize(
    ("language", "text", "low", "high", "currency"),
    [
        ("vi", "đầu tư 5-7 tỷ USD", 5 * G, 7 * G, "USD"),
        ("vi", "đầu tư từ 3 đến 5 triệu USD", 3 * M, 5 * M, "USD"),
        ("vi", "đầu tư từ 500 triệu đến 1 tỷ USD", 500 * M, G, "USD"),
        ("fr", "investir de 30 à 50 milliards d'euros", 30 * G, 50 * G, "EUR"),
        ("fr", "investir entre 2 et 3 milliards d'euros", 2 * G, 3 * G, "EUR"),
        ("fr", "investir 500 millions à un milliard d'euros", 500 * M, G, "EUR"),
        ("en", "invest between $2bn and $3bn", 2 * G, 3 * G, "USD"),
        ("en", "invest $2-3 billion", 2 * G, 3 * G, "USD"),
        ("en", "invest €2 to 3 billion", 2 * G, 3 * G, "EUR"),
        ("en", "invest two to three million pounds", 2 * M, 3 * M, "GBP"),
    ],
)
def test_a_range_has_both_bounds_and_the_scale_of_the_upper_one(
    language: Language, text: str, low: Decimal, high: Decimal, currency: str
) -> None:
    mention = _only(text, language)
    assert (mention.value, mention.value_max, mention.currency) == (low, high, currency)


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "rise from $2bn to $3bn", [2 * G, 3 * G]),
        ("en", "gave $2bn to 3 schools", [2 * G]),
        ("en", "raised its pledge to the fund for ports by €2bn to €3bn", [2 * G, 3 * G]),
        ("en", "lifting the budget of its six schools from $2bn to $3bn", [2 * G, 3 * G]),
        ("fr", "passer de 2 à 3 milliards d'euros", [3 * G]),
        ("fr", "une aide portée de 2 à 3 milliards d'euros", [3 * G]),
        ("vi", "tăng từ 3 đến 5 tỷ USD", [5 * G]),
        ("en", "$5bn and $3bn", [5 * G, 3 * G]),
    ],
)
def test_a_change_or_a_list_is_no_range(
    language: Language, text: str, values: list[Decimal]
) -> None:
    found = find_money(text, language)
    assert [mention.value for mention in found] == values
    assert all(mention.value_max is None for mention in found)


@pytest.mark.parametrize(
    ("language", "text", "raw", "currency"),
    [
        ("vi", "đầu tư hàng trăm triệu USD", "hàng trăm triệu USD", "USD"),
        ("vi", "đầu tư vài tỷ euro", "vài tỷ euro", "EUR"),
        ("fr", "des centaines de millions d'euros", "centaines de millions d'euros", "EUR"),
        ("fr", "plusieurs milliards de yens", "plusieurs milliards de yens", "JPY"),
        ("en", "hundreds of millions of dollars", "hundreds of millions of dollars", "USD"),
        ("en", "billions of euros", "billions of euros", "EUR"),
        ("en", "a billion-dollar deal", "a billion-dollar", "USD"),
    ],
)
def test_a_magnitude_without_a_figure_keeps_its_currency_and_has_no_value(
    language: Language, text: str, raw: str, currency: str
) -> None:
    mention = _only(text, language)
    assert (text[mention.start : mention.end], mention.value) == (raw, None)
    assert mention.currency == currency


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "kỹ năng cho 3 triệu người"),
        ("vi", "bán 2 triệu đồng hồ"),
        ("vi", "có 20 đồng sáng lập"),
        ("vi", "xây hai đô thị"),
        ("vi", "tỷ lệ 50-50 và tỷ giá"),
        ("vi", "vào ngày 21/1/2025 lúc 12:30"),
        ("fr", "3 milliards de personnes"),
        ("fr", "publier 3 000 livres"),
        ("fr", "un euro symbolique"),
        ("en", "2 billion people"),
        ("en", "the 3 won the prize"),
        ("en", "call +84 912 345 678"),
        ("en", "GPT-4 dollars"),
        ("en", "version 1.2.3 USD"),
    ],
)
def test_a_number_without_a_currency_is_not_money(language: Language, text: str) -> None:
    assert find_money(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "raw", "value", "currency"),
    [
        ("en", "It gives $40+ million.", "$40+ million", 40 * M, "USD"),
        ("en", "It gives $40+m.", "$40+m", 40 * M, "USD"),
        ("en", "It gives $2-plus billion.", "$2-plus billion", 2 * G, "USD"),
        ("en", "It gives $2 billion-plus.", "$2 billion", 2 * G, "USD"),
        ("en", "It gives $2 billion+.", "$2 billion", 2 * G, "USD"),
        ("fr", "Un don de 40+ millions d'euros.", "40+ millions d'euros", 40 * M, "EUR"),
        ("vi", "Góp 40+ triệu USD.", "40+ triệu USD", 40 * M, "USD"),
    ],
)
def test_or_more_may_stand_between_a_number_and_its_scale_word(
    language: Language, text: str, raw: str, value: Decimal, currency: str
) -> None:
    (mention,) = find_money(text, language)
    assert text[mention.start : mention.end] == raw
    assert (mention.value, mention.currency, mention.qualifier) == (value, currency, "at_least")


@pytest.mark.parametrize(
    ("language", "text", "raw", "currency"),
    [
        ("en", "It gives R$ 40 milhões.", "R$ 40 milhões", "BRL"),
        ("en", "It gives R$ 40 mil.", "R$ 40 mil", "BRL"),
        ("en", "It gives €3 Milliarden.", "€3 Milliarden", "EUR"),
        ("en", "It gives $2-plus bn.", "$2-plus bn", "USD"),
        ("fr", "Un don de R$ 40 milhões.", "R$ 40 milhões", "BRL"),
        ("vi", "Góp R$ 40 milhões.", "R$ 40 milhões", "BRL"),
    ],
)
def test_a_number_before_a_scale_word_that_is_not_read_has_no_value(
    language: Language, text: str, raw: str, currency: str
) -> None:
    (mention,) = find_money(text, language)
    assert text[mention.start : mention.end] == raw
    assert (mention.value, mention.currency) == (None, currency)


@pytest.mark.parametrize(
    ("language", "text", "qualifier"),
    [
        ("vi", "khoảng 18 tỷ USD", "about"),
        ("vi", "khoảng hơn 18 tỷ USD", "over"),
        ("vi", "trị giá tới 24 tỷ USD", "up_to"),
        ("vi", "trong hai năm tới 24 tỷ USD", "exact"),
        ("vi", "không dưới 24 tỷ USD", "at_least"),
        ("vi", "chưa đến 24 tỷ USD", "under"),
        ("vi", "24 tỷ USD trở lên", "at_least"),
        ("fr", "près d'un milliard d'euros", "about"),
        ("fr", "une centaine de millions d'euros", "about"),
        ("fr", "plus d'un milliard d'euros", "over"),
        ("fr", "jusqu'à 3 milliards d'euros", "up_to"),
        ("fr", "pas moins de 3 milliards d'euros", "at_least"),
        ("fr", "3 milliards d'euros au maximum", "up_to"),
        ("fr", "environ entre 2 et 3 milliards d'euros", "about"),
        ("en", "no more than $5 million", "up_to"),
        ("en", "up to about $5 million", "up_to"),
        ("en", "at least US$ 5m", "at_least"),
        ("en", "less than $5 million", "under"),
        ("en", "$5 million or more", "at_least"),
        ("en", "somewhere $5 million", "exact"),
    ],
)
def test_the_qualifier_is_told_by_the_words_next_to_the_amount(
    language: Language, text: str, qualifier: Qualifier
) -> None:
    assert _only(text, language).qualifier == qualifier


@pytest.mark.parametrize(
    ("language", "text", "per", "scope"),
    [
        ("vi", "thanh toán 3 tỷ USD hàng năm cho đối tác", "year", "total"),
        ("vi", "mỗi năm chi khoảng 3 tỷ USD", "year", "total"),
        ("vi", "3 tỷ USD/năm", "year", "total"),
        ("vi", "3 tỷ USD một năm", "year", "total"),
        ("vi", "3 tỷ USD trong một năm", "once", "total"),
        ("vi", "3 triệu USD mỗi tháng", "month", "total"),
        ("vi", "đầu tư khoảng 18 tỷ USD mỗi bên, với tỷ lệ", "once", "each"),
        ("vi", "Mỗi trường sẽ nhận 3 triệu USD", "once", "each"),
        ("vi", "3 triệu USD cho mỗi trường", "once", "each"),
        ("vi", "3 triệu đồng/suất", "once", "each"),
        ("vi", "3 triệu USD mỗi trường mỗi năm", "year", "each"),
        ("fr", "3 milliards d'euros par an", "year", "total"),
        ("fr", "un budget annuel de 3 milliards d'euros", "year", "total"),
        ("fr", "3 milliards d'euros annuels", "year", "total"),
        ("fr", "Chaque année, l'État versera 3 millions d'euros", "year", "total"),
        ("fr", "3 000 euros par mois", "month", "total"),
        ("fr", "3 millions d'euros chacun", "once", "each"),
        ("fr", "3 millions d'euros pour chaque école", "once", "each"),
        ("en", "$3bn a year", "year", "total"),
        ("en", "$3bn-a-year", "year", "total"),
        ("en", "$3bn a year ago", "once", "total"),
        ("en", "$3bn for a year", "once", "total"),
        ("en", "an annual budget of $3bn", "year", "total"),
        ("en", "$3bn per month", "month", "total"),
        ("en", "$18bn each in the venture", "once", "each"),
        ("en", "$18bn each year", "year", "total"),
        ("en", "$5m per school", "once", "each"),
        ("en", "Each partner will invest $5m", "once", "each"),
        ("en", "Each year it will invest $5m", "year", "total"),
        ("en", "$5m apiece", "once", "each"),
        ("en", "$3bn (€2.8bn) a year", "year", "total"),
    ],
)
def test_per_and_scope_are_read_and_never_multiply(
    language: Language, text: str, per: Per, scope: Scope
) -> None:
    mention = _only(text, language)
    assert (mention.per, mention.scope) == (per, scope)
    assert mention.value in {3 * K, 3 * M, 5 * M, 3 * G, 18 * G}


def test_a_per_cue_belongs_to_the_nearest_amount() -> None:
    first, second = find_money("$3bn now, and $500m a year later on", "en")
    assert (first.per, second.per) == ("once", "once")
    first, second = find_money("$3bn now, then $500m per year", "en")
    assert (first.per, second.per) == ("once", "year")


@pytest.mark.parametrize(
    ("language", "text", "value", "currency", "qualifier"),
    [
        ("vi", "huy động 210 tỷ euro (hơn 217 tỷ USD) đầu tư", 217 * G, "USD", "over"),
        ("vi", "150 nghìn tỷ Yên (khoảng hơn 1.000 tỷ USD).", T, "USD", "over"),
        ("vi", "70 triệu nhân dân tệ, tương đương 9,7 triệu USD", 9_700 * K, "USD", "exact"),
        ("fr", "2 milliards de yuans (soit environ 250 millions d'euros)", 250 * M, "EUR", "about"),
        ("fr", "2 milliards de yuans, soit 250 millions d'euros", 250 * M, "EUR", "exact"),
        ("en", "1 billion yuan ($140 million)", 140 * M, "USD", "exact"),
        ("en", "€3 billion, or about $3.2 billion, in total", 3_200 * M, "USD", "about"),
    ],
)
def test_a_conversion_belongs_to_the_amount_before_it(
    language: Language, text: str, value: Decimal, currency: str, qualifier: Qualifier
) -> None:
    (other,) = _only(text, language).converted
    assert (other.value, other.currency, other.qualifier) == (value, currency, qualifier)


@pytest.mark.parametrize(
    "text", ["$5bn (including $2bn for chips)", "$5bn ($2bn for chips)", "$5bn and €2bn"]
)
def test_another_amount_that_is_no_conversion_is_a_mention_of_its_own(text: str) -> None:
    first, second = find_money(text, "en")
    assert first.converted == second.converted == ()


@pytest.mark.parametrize("unit", ["1", "1 ", "1.", "1 000 ", "5 tỷ ", "of ", "$ "])
def test_long_runs_of_digits_and_marks_take_less_than_a_second(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    for language in _ALL_LANGUAGES:
        assert any(_seconds(text, language) < 1 for _ in range(3))


def _seconds(text: str, language: Language) -> float:
    started = time.process_time()
    find_money(text, language)
    return time.process_time() - started


@pytest.mark.parametrize(
    ("language", "text", "value", "currency"),
    [
        ("vi", "Mỏ Vàng trả 85 tỷ đồng tiền thuê kho.", 85_000_000_000, "VND"),
        ("vi", "Mỏ Vàng chi 12 tỷ đồng phục chế phim.", 12_000_000_000, "VND"),
    ],
)
def test_a_currency_is_one_before_a_word_that_only_looks_like_its_other_half(
    language: Language, text: str, value: int, currency: str
) -> None:
    (found,) = find_money(text, language)
    assert found.value == Decimal(value)
    assert found.currency == currency


@pytest.mark.parametrize(
    ("language", "text", "currency"),
    [
        ("en", "The Kenyan co-operative will spend 600 million shillings.", "KES"),
        ("en", "The co-operative will spend 600 million shillings.", None),
        ("en", "Lagos in Nigeria will put N37bn into trains.", "NGN"),
        ("en", "Two tunnels for R1.9 billion", "ZAR"),
        ("en", "Pakistan's treasury found Rs 4.2 billion.", "PKR"),
        ("en", "The treasury found Rs 4.2 billion.", "INR"),
        ("fr", "Le Cameroun prévoit 85 milliards de francs CFA.", "XAF"),
        ("fr", "Le Danemark versera 70 millions de couronnes.", "DKK"),
        ("vi", "Chính phủ Canada sẽ cấp 45 triệu đô la.", "CAD"),
        ("en", "Canada will get 5 million dollars from New Zealand.", "USD"),
        ("en", "It will spend 9 million zlotys.", "PLN"),
    ],
)
def test_of_currencies_that_share_a_word_the_one_of_the_named_country_is_meant(
    language: Language, text: str, currency: str | None
) -> None:
    (mention,) = find_mentions(text, language, None).money
    assert mention.currency == currency


@pytest.mark.parametrize("text", ["wear N95 masks", "region R2 of 5", "12 crowns and 3 pounds"])
def test_letters_and_small_numbers_of_other_things_are_no_money(text: str) -> None:
    assert find_mentions(text, "en", None).money == ()
