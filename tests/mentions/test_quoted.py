from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractor.mentions import find_mentions
from extractor.mentions.elided import read_amount
from extractor.mentions.quoted import currencies_borne, read_count, read_date, read_money
from extractor.records import Language


def _span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def _money(
    language: Language, text: str, words: str, currency: str | None = None
) -> tuple[str, str | None, str | None] | None:
    mention = read_money(text, _span(text, words), language, currency)
    if mention is None:
        return None
    value = None if mention.value is None else f"{mention.value:f}"
    return text[mention.start : mention.end], value, mention.currency


def _count(
    language: Language, text: str, words: str, unit: str | None = None
) -> tuple[str, str, str] | None:
    mention = read_count(text, _span(text, words), language, unit)
    if mention is None:
        return None
    return text[mention.start : mention.end], f"{mention.value:f}", mention.unit


# Language, sentence, words pointed at, the model's currency; words of the mention, value, currency.
_LIST = "Le Canada donne 60 millions de dollars, la Suède 40 millions."
_MONEY: list[tuple[Language, str, str, str | None, str, str | None, str | None]] = [
    ("fr", _LIST, "40 millions", "SEK", "40 millions", "40000000", "SEK"),
    ("fr", _LIST, "la Suède 40 millions", None, "40 millions", "40000000", None),
    ("fr", _LIST, "la Suède 40 millions", "ZZZ", "40 millions", "40000000", None),
    ("fr", _LIST, "60 millions", "CAD", "60 millions de dollars", "60000000", "CAD"),
    ("fr", "versera plus de 40 M€", "plus de 40 M€", None, "40 M€", "40000000", "EUR"),
    ("fr", "versera 3 M$ ici", "3 M$", None, "3 M$", "3000000", "USD"),
    ("fr", "versera 40 M$ CA ici", "40 M$", "USD", "40 M$ CA", "40000000", "CAD"),
    ("fr", "dix millions pour l'école", "dix millions pour l'école", "CHF", "dix millions")
    + ("10000000", "CHF"),
    ("fr", "paie 500 couronnes", "500 couronnes", "NOK", "500 couronnes", "500", "NOK"),
    ("fr", "paie 40 millions de couronnes", "40 millions", "EUR", "40 millions de couronnes")
    + ("40000000", None),
    ("fr", "vaut FCFA500 millions", "500 millions", "XAF", "FCFA500 millions", "500000000", "XAF"),
    ("fr", "40 millions en dollars canadiens", "40 millions", "USD")
    + ("40 millions en dollars canadiens", "40000000", "CAD"),
    ("fr", "des centaines de millions ici", "des centaines de millions", "EUR")
    + ("centaines de millions", None, "EUR"),
    ("fr", "soit 500 lakhs de roupies", "500 lakhs", "INR", "500 lakhs de roupies")
    + ("50000000", "INR"),
    ("vi", "góp $3.2bn cho quỹ", "$3.2bn", None, "$3.2bn", "3200000000", "USD"),
    ("vi", "góp €3m cho quỹ", "€3m", None, "€3m", "3000000", "EUR"),
    ("vi", "đầu tư 19 tỷ vào AI", "19 tỷ", "VND", "19 tỷ", "19000000000", "VND"),
    ("vi", "hơn 500 triệu cho trường", "hơn 500 triệu", "VND", "500 triệu", "500000000", "VND"),
    ("vi", "60 triệu đô vào AI", "60 triệu đô", "AUD", "60 triệu đô", "60000000", "AUD"),
    ("vi", "60 triệu đô la Mỹ", "60 triệu", "AUD", "60 triệu đô la Mỹ", "60000000", "USD"),
    ("vi", "hàng trăm triệu đô la cho", "hàng trăm triệu đô la", "SGD", "hàng trăm triệu đô la")
    + (None, "SGD"),
    ("vi", "12.000 tỷ đồng (500 triệu USD)", "500 triệu USD", "VND", "500 triệu USD")
    + ("500000000", "USD"),
    ("vi", "12.000 tỷ đồng (500 triệu USD)", "12.000 tỷ đồng (500 triệu USD)", "USD")
    + ("12.000 tỷ đồng", "12000000000000", "VND"),
    ("en", "C$ 40 million a year", "40 million", "USD", "C$ 40 million", "40000000", "CAD"),
    ("en", "A$2bn each", "A$2bn", None, "A$2bn", "2000000000", "AUD"),
    ("en", "gives $2bn away", "$2bn", "CAD", "$2bn", "2000000000", "CAD"),
    ("en", "gives $2bn away", "$2bn", "EUR", "$2bn", "2000000000", "USD"),
    ("en", "Rs 500 crore for", "Rs 500 crore", "PKR", "Rs 500 crore", "5000000000", "PKR"),
    ("en", "Rs. 500 crores for", "500 crores", None, "Rs. 500 crores", "5000000000", "INR"),
    ("en", "20 to 30 lakh rupees", "30 lakh", "PKR", "20 to 30 lakh rupees", "2000000", "PKR"),
    ("en", "a ¥40bn plan", "¥40bn", "CNY", "¥40bn", "40000000000", "CNY"),
    ("en", "a MX$40 million plan", "40 million", "USD", "MX$40 million", "40000000", "MXN"),
    ("en", "a multi-million plan", "multi-million", "EUR", "multi-million", None, "EUR"),
    ("en", "from $40 million to $50 million", "$40 million", "CAD")
    + ("$40 million to $50 million", "40000000", "CAD"),
    ("en", "40 million Kč now", "40 million", "USD", "40 million Kč", "40000000", "CZK"),
    ("en", "gave 300 million towards ports", "300 million", "EUR", "300 million", "300000000")
    + ("EUR",),
    ("en", "300 million comes from Alderon", "300 million", "EUR", "300 million", "300000000")
    + ("EUR",),
    ("fr", "dont 45 millions apportés par l'État", "45 millions apportés", "EUR", "45 millions")
    + ("45000000", "EUR"),
    ("fr", "dont 12 millions supplémentaires", "12 millions", "EUR", "12 millions", "12000000")
    + ("EUR",),
    ("en", "hundreds of millions of dollars", "hundreds of millions", None)
    + ("hundreds of millions of dollars", None, "USD"),
]


@pytest.mark.parametrize(("language", "text", "words", "currency", "read", "value", "code"), _MONEY)
def test_an_amount_is_read_from_the_words_with_the_currency_that_they_tell_or_allow(
    language: Language,
    text: str,
    words: str,
    currency: str | None,
    read: str,
    value: str | None,
    code: str | None,
) -> None:
    assert _money(language, text, words, currency) == (read, value, code)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "of 40 megawatts", "40 megawatts"),
        ("en", "40 million people", "40 million"),
        ("en", "40 million smartcards", "40 million smartcards"),
        ("en", "in 2030 the plan", "2030"),
        ("en", "$2bn and €3bn", "$2bn and €3bn"),
        ("en", "much money", "much money"),
        ("fr", "3 sites", "3 sites"),
        ("fr", "15 % du capital", "15 %"),
        ("vi", "tỷ phú 67 tuổi", "tỷ phú"),
        ("vi", "trong nhiều năm", "nhiều năm"),
    ],
)
def test_words_of_no_amount_or_of_two_are_not_read_as_money(
    language: Language, text: str, words: str
) -> None:
    assert _money(language, text, words, "USD") is None


def test_the_cues_around_an_amount_are_read_as_in_an_ordinary_mention() -> None:
    text = "La Suède donnera plus de 40 millions par an."
    mention = read_money(text, _span(text, "40 millions"), "fr", "SEK")
    assert mention is not None
    assert (mention.qualifier, mention.per, mention.scope) == ("over", "year", "total")


@pytest.mark.parametrize(
    ("language", "text", "words", "value"),
    [
        ("en", "it lends €15 million to €35 million", "€35 million", "35000000"),
        ("en", "it lends $2 to $3", "$3", "3"),
        ("en", "it lends 2 to 3 billion dollars", "3 billion dollars", "3000000000"),
        ("fr", "il prête 15 millions à 35 millions d'euros", "35 millions", "35000000"),
        ("vi", "cho vay 15 đến 35 triệu USD", "35 triệu USD", "35000000"),
    ],
)
def test_the_upper_bound_of_a_range_with_a_unit_of_its_own_is_that_amount_alone(
    language: Language, text: str, words: str, value: str
) -> None:
    mention = read_money(text, _span(text, words), language, None)
    assert mention is not None
    assert (f"{mention.value:f}", mention.value_max) == (value, None)


@pytest.mark.parametrize(
    ("language", "text", "words", "value"),
    [
        ("en", "a plant of 40 to 100 megawatts", "100 megawatts", "100"),
        ("en", "it hires 200 to 300 engineers", "300 engineers", "300"),
        ("fr", "un site de 40 à 100 mégawatts", "100 mégawatts", "100"),
        ("vi", "nhà máy 40 đến 100 MW", "100 MW", "100"),
    ],
)
def test_the_upper_bound_of_a_range_with_a_unit_of_its_own_is_that_count_alone(
    language: Language, text: str, words: str, value: str
) -> None:
    mention = read_count(text, _span(text, words), language, None)
    assert mention is not None
    assert (f"{mention.value:f}", mention.value_max) == (value, None)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "it lends 2 to 3 billion dollars", "3 billion"),
        ("en", "it lends 2 to 3 billion dollars", "2"),
        ("en", "it lends $2-3 billion", "3 billion"),
        ("fr", "il prête 2 à 3 milliards d'euros", "3 milliards"),
        ("vi", "cho vay 2 đến 3 tỷ USD", "3 tỷ"),
    ],
)
def test_a_bound_without_a_unit_of_its_own_is_the_whole_range(
    language: Language, text: str, words: str
) -> None:
    mention = read_money(text, _span(text, words), language, None)
    assert mention is not None
    assert (mention.value, mention.value_max) == (Decimal(2 * 10**9), Decimal(3 * 10**9))


def test_a_range_without_a_currency_has_both_bounds() -> None:
    text = "between 40 and 50 million for schools"
    mention = read_money(text, _span(text, "40 and 50 million"), "en", "GBP")
    assert mention is not None
    assert (mention.value, mention.value_max) == (Decimal(40_000_000), Decimal(50_000_000))


_BORNE: list[tuple[Language, str, str, set[str]]] = [
    ("en", "$40", "$40", {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"}),
    ("vi", "40 triệu đô la", "40 triệu", {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"}),
    ("en", "£40", "£40", {"GBP", "EGP", "LBP"}),
    ("fr", "40 millions de livres", "40 millions", {"GBP", "EGP", "LBP"}),
    ("en", "¥40bn", "¥40bn", {"JPY", "CNY"}),
    ("en", "40 million kroner", "40 million", {"SEK", "NOK", "DKK", "ISK", "CZK"}),
    ("fr", "40 millions de couronnes", "40 millions", {"SEK", "NOK", "DKK", "ISK", "CZK"}),
    ("fr", "40 millions de francs", "40 millions", {"CHF", "XOF", "XAF"}),
    ("en", "40 million rupees", "40 million", {"INR", "PKR", "LKR", "NPR"}),
    ("en", "40 million pesos", "40 million", {"MXN", "PHP", "ARS"}),
    ("en", "40 million dinars", "40 million", {"KWD", "DZD"}),
    ("en", "40 million dirhams", "40 million", {"AED", "MAD"}),
    ("en", "40 million shillings", "40 million", {"KES", "TZS", "UGX"}),
]


@pytest.mark.parametrize(("language", "text", "words", "codes"), _BORNE)
def test_a_word_that_currencies_share_bears_each_of_them(
    language: Language, text: str, words: str, codes: set[str]
) -> None:
    borne = currencies_borne(text, _span(text, words), language)
    assert borne is not None
    assert codes <= borne


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "US$40", "USD"),
        ("fr", "40 dollars américains", "USD"),
        ("vi", "40 đô la Mỹ", "USD"),
        ("en", "CA$40", "CAD"),
        ("fr", "40 dollars canadiens", "CAD"),
        ("vi", "40 đô la Canada", "CAD"),
        ("en", "NZ$40", "NZD"),
        ("en", "S$40", "SGD"),
        ("en", "HK$40", "HKD"),
        ("en", "NT$40", "TWD"),
        ("en", "40 yuan", "CNY"),
        ("vi", "40 nhân dân tệ", "CNY"),
        ("en", "RMB 40", "CNY"),
        ("vi", "40 đồng", "VND"),
        ("fr", "40 euros", "EUR"),
        ("en", "40 million rand", "ZAR"),
        ("fr", "40 millions de couronnes suédoises", "SEK"),
    ],
)
def test_words_of_one_currency_bear_that_one_alone(
    language: Language, text: str, code: str
) -> None:
    assert currencies_borne(text, (0, len(text)), language) == frozenset({code})


def test_words_without_a_currency_leave_it_open() -> None:
    assert currencies_borne(_LIST, _span(_LIST, "la Suède 40 millions"), "fr") is None


# Language, sentence, words pointed at, the model's unit; words of the mention, value, unit.
_COUNTS: list[tuple[Language, str, str, str | None, str, str, str]] = [
    ("fr", "de 120 mégawatts", "120 mégawatts", None, "120 mégawatts", "120", "megawatt"),
    ("fr", "de 40 MWc en 2026", "40 MWc", None, "40 MWc", "40", "megawatt"),
    ("fr", "de 120 mégawatts", "120", "puissance", "120 mégawatts", "120", "megawatt"),
    ("fr", "3 sites", "3 sites", None, "3 sites", "3", "site"),
    ("fr", "la moitié du capital", "la moitié du capital", None, "la moitié", "50", "percent"),
    ("fr", "un quart des sièges", "un quart", "seat", "un quart", "25", "percent"),
    ("fr", "15 % du capital", "15 %", None, "15 %", "15", "percent"),
    ("fr", "15 pour cent du capital", "15", None, "15 pour cent", "15", "percent"),
    ("fr", "40 % du coût total", "40 %", None, "40 % du coût", "40", "percent_of_cost"),
    ("fr", "10 000 heures de cours", "10 000 heures", None, "10 000 heures", "10000", "hour"),
    ("fr", "20 téraoctets", "20 téraoctets", None, "20 téraoctets", "20", "terabyte"),
    ("fr", "40 cas complexes", "40 cas", "Case", "40 cas", "40", "case"),
    ("fr", "ouvrir un centre de données", "un centre de données", None)
    + ("un centre de données", "1", "data_center"),
    ("fr", "300 hectolitres", "300 hectolitres", None, "300 hectolitres", "300", "hectolitre"),
    ("vi", "mua 12.000 con chip", "12.000 con chip", None, "12.000 con chip", "12000", "chip"),
    ("vi", "chiếm 25% cổ phần", "25% cổ phần", None, "25%", "25", "percent"),
    ("vi", "tăng 3 điểm phần trăm", "3", None, "3 điểm phần trăm", "3", "percentage_point"),
    ("vi", "rộng 5 sào đất", "5 sào", None, "5 sào", "5", "sao"),
    ("vi", "nửa triệu người", "nửa triệu người", None, "nửa triệu người", "500000", "person"),
    ("vi", "một trung tâm dữ liệu", "một trung tâm dữ liệu", None)
    + ("một trung tâm dữ liệu", "1", "data_center"),
    ("vi", "5 tuyến metro ở", "5 tuyến metro", None, "5 tuyến metro", "5", "tuyen_metro"),
    ("vi", "5 tuyến metro ở", "5 tuyến metro", "Metro line", "5 tuyến metro", "5", "metro_line"),
    ("vi", "một nửa số vốn", "một nửa", None, "một nửa", "50", "percent"),
    ("vi", "20 lít", "20 lít", "bottle", "20 lít", "20", "litre"),
    ("en", "a 49% stake in", "a 49% stake", "share", "49%", "49", "percent"),
    ("en", "a 100-bed hospital", "100-bed hospital", None, "100-bed", "100", "bed"),
    ("en", "create 1980 jobs", "1980 jobs", None, "1980 jobs", "1980", "job"),
    ("en", "more than 500+ sites", "500+", None, "500+ sites", "500", "site"),
    ("en", "18,000 hours of use", "18,000 hours", None, "18,000 hours", "18000", "hour"),
    ("en", "half of its shares", "half of its shares", None, "half", "50", "percent"),
    ("en", "40 exabytes", "40 exabytes", None, "40 exabytes", "40", "exabyte"),
    ("en", "use 40 sq. m here", "40 sq. m", None, "40 sq. m", "40", "square_metre"),
    ("en", "sell 3 million shares", "3 million", None, "3 million shares", "3000000", "share"),
    ("en", "40 GB of data", "40 GB", "x9", "40 GB", "40", "gigabyte"),
    ("en", "the other 40 will go", "the other 40", "Electric Van", "40", "40", "electric_van"),
]


@pytest.mark.parametrize(("language", "text", "words", "unit", "read", "value", "name"), _COUNTS)
def test_a_count_is_read_from_the_words_with_the_unit_that_a_table_or_the_model_knows(
    language: Language, text: str, words: str, unit: str | None, read: str, value: str, name: str
) -> None:
    assert _count(language, text, words, unit) == (read, value, name)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("vi", "hàng nghìn việc làm", "hàng nghìn việc làm"),
        ("fr", "des dizaines de sites", "des dizaines de sites"),
        ("en", "two-thirds of homes", "two-thirds"),
        ("fr", "les deux tiers des sites", "deux tiers"),
        ("vi", "hai phần ba số vốn", "hai phần ba"),
        ("en", "buy H100 chips", "100 chips"),
        ("en", "run GPT-4 models", "4 models"),
        ("en", "phase 2 of the project", "phase 2"),
        ("en", "$40 million", "40 million"),
        ("fr", "5 ans", "5 ans"),
        ("fr", "3e site", "3e site"),
        ("en", "opens in March 2027", "2027"),
        ("en", "3 sites and 40 schools", "3 sites and 40 schools"),
        ("vi", "nhiều trường", "nhiều trường"),
    ],
)
def test_words_that_count_nothing_or_two_things_are_not_read_as_a_count(
    language: Language, text: str, words: str
) -> None:
    assert _count(language, text, words, "thing") is None


def test_a_place_between_two_letters_points_at_no_share() -> None:
    assert read_count("half of it", (1, 1), "en", None) is None


@pytest.mark.parametrize(
    ("language", "text", "words", "low", "high", "unit"),
    [
        ("en", "15%-20% of it", "15%-20%", 15, 20, "percent"),
        ("fr", "de 100 MW à 200 MW", "100 MW à 200 MW", 100, 200, "megawatt"),
        ("vi", "từ 25 đến 30% vốn", "25 đến 30%", 25, 30, "percent"),
    ],
)
def test_a_range_counts_between_both_bounds(
    language: Language, text: str, words: str, low: int, high: int, unit: str
) -> None:
    mention = read_count(text, _span(text, words), language, None)
    assert mention is not None
    assert (mention.value, mention.value_max, mention.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize("unit", ["H100s", "x" * 41, "", "漢字", "!!"])
def test_a_unit_that_is_no_name_gives_way_to_the_noun_itself(unit: str) -> None:
    assert _count("fr", "40 cas ici", "40 cas", unit) == ("40 cas", "40", "cas")


_DATES: list[tuple[Language, str, str, str | None]] = [
    ("en", "will open by March 2027 at the latest", "March 2027", "2027-03"),
    ("en", "will open by March 2027 at the latest", "2027", "2027-03"),
    ("en", "will open next year", "next year", "2025"),
    ("en", "on 5 March 2026 it opens", "5 March", "2026-03-05"),
    ("fr", "ouvrira d'ici 2030 à Lyon", "d'ici 2030 à Lyon", "2030"),
    ("fr", "ouvrira le 12 mai 2026", "12 mai", "2026-05-12"),
    ("fr", "ouvrira en mars 2027", "mars", "2027-03"),
    ("vi", "mở cửa vào tháng 3/2027", "tháng 3/2027", "2027-03"),
    ("vi", "mở cửa vào năm 2026", "2026", "2026"),
    ("vi", "mở cửa ngày 20/8/2025", "ngày 20/8", "2025-08-20"),
]


@pytest.mark.parametrize(("language", "text", "words", "edtf"), _DATES)
def test_the_date_that_overlaps_the_words_is_read_whole(
    language: Language, text: str, words: str, edtf: str | None
) -> None:
    mention = read_date(text, _span(text, words), language, date(2024, 4, 11))
    assert mention is not None
    assert mention.edtf == edtf


def test_words_without_a_date_hold_none() -> None:
    assert read_date("opens a school in 2027", (0, 14), "en", None) is None


_SENTENCES: list[tuple[Language, str]] = [
    ("en", "It pays between €180 million and €220 million, and £3m (about $4m) to 20 new schools."),
    ("fr", "Il versera 3 à 5 milliards d'euros par an à 40 écoles et 15 % du coût de 3 000 bus."),
    ("vi", "Chính phủ chi hơn 12.000 tỷ đồng (khoảng 500 triệu USD) cho 40 nhà máy và 3 trường."),
]


@pytest.mark.parametrize(("language", "text"), _SENTENCES)
def test_an_ordinary_mention_is_read_back_as_it_is(language: Language, text: str) -> None:
    mentions = find_mentions(text, language, None)
    for money in mentions.money:
        assert read_money(text, (money.start, money.end), language, None) == money
        assert money.currency in (currencies_borne(text, (money.start, money.end), language) or ())
    for count in mentions.counts:
        assert read_count(text, (count.start, count.end), language, "thing") == count


@pytest.mark.parametrize(
    ("text", "language", "edtf"),
    [
        ("The duty was raised overnight.", "en", "2026-05-20"),
        ("The ban has applied since the new year.", "en", "2026-01-01"),
        ("It will be paid by summer 2029.", "en", "2029-06/2029-08"),
        ("Les travaux commencent cet été.", "fr", "2026-06/2026-08"),
        ("Depuis le Nouvel An, la location est proscrite.", "fr", "2026-01-01"),
        ("Đến hè sang năm sẽ nhận 500 phi công.", "vi", "2027-06/2027-08"),
        ("Sắc lệnh được ký đêm qua.", "vi", "2026-05-19"),
        ("It will come some day.", "en", None),
    ],
)
def test_loose_words_for_a_time_are_dates_where_a_model_points_at_them(
    text: str, language: Language, edtf: str | None
) -> None:
    found = read_date(text, (0, len(text)), language, date(2026, 5, 20))
    assert (found.edtf if found else None) == edtf


def test_a_season_without_a_year_is_no_date_of_an_article_without_a_day() -> None:
    text = "Les travaux commencent cet été."
    assert read_date(text, (0, len(text)), "fr", None) is None


@pytest.mark.parametrize("text", ["1 mİllion dollars", "5 dollarſ", "5 kılowatt", "5 \u212aW"])
@pytest.mark.parametrize("language", ["vi", "fr", "en"])
def test_letters_that_are_plain_only_without_case_are_read_and_never_a_defect(
    text: str, language: Language
) -> None:
    find_mentions(text, language, None)
    read_money(text, (0, len(text)), language, None)
    read_count(text, (0, len(text)), language, None)


@pytest.mark.parametrize(
    ("text", "words", "currency", "value", "told"),
    [
        ("France gives $600 million, Japan 220 and Norway 80.", "220", None, 220e6, "USD"),
        ("France gives $600 million, Japan 220 and Norway 80.", "80", "NOK", 80e6, "USD"),
        ("They will pay 5 and 6 million euros respectively.", "5", None, 5e6, "EUR"),
        ("France gives $600 million for 220 schools.", "220", None, None, None),
        ("Japan gives 220.", "220", "USD", None, None),
        ("France gives $600 million from 2030 and Japan $5 million.", "2030", "USD", None, None),
        ("France gives $600 million under Article 12 and waits.", "12", "USD", None, None),
    ],
)
def test_a_bare_figure_of_a_list_has_the_scale_of_its_neighbour(
    text: str, words: str, currency: str | None, value: float | None, told: str | None
) -> None:
    found = read_amount(text, _span(text, words), "en", currency)
    assert (found and float(found.value or 0)) == value
    assert (found.currency if found else None) == told
