"""Languages without a folder: figures, currencies and dates as CLDR has them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from extractor.article import Article, read_article
from extractor.article.clauses import certainty_of, negation_in
from extractor.languages import LANGUAGES, all_languages, find_language, language_of, rules_of
from extractor.languages.locales import UNKNOWN, known_codes
from extractor.mentions import Mentions, find_mentions
from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.money import find_money
from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.quoted import currencies_borne, read_count, read_date, read_money

PARTS = [
    "writing",
    "text",
    "furniture",
    "addressing",
    "cues",
    "amounts",
    "counts",
    "units",
    "currencies",
    "calendar",
    "dates",
    "countries",
    "parties",
]
WITHOUT_FOLDER = [code for code in (*known_codes(), UNKNOWN) if code not in LANGUAGES]


def amounts(text: str, language: str) -> list[str]:
    """The amounts of money of a sentence, as "value code"."""
    found = find_mentions(text, rules_of(language), None).money
    return [f"{one.value} {one.currency}" for one in found]


def dates(text: str, language: str) -> list[str | None]:
    return [one.edtf for one in find_mentions(text, rules_of(language), None).dates]


def read(text: str, language: str) -> Article:
    return read_article(text, language=language)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Der Bund zahlt 1,5 Milliarden Euro.", "1500000000 EUR"),
        ("de", "Das kostet 20 Mio. Euro im Jahr.", "20000000 EUR"),
        ("de", "Das kostet 5 Mrd. €.", "5000000000 EUR"),
        ("de", "Sie zahlt 1.234 Dollar.", "1234 USD"),
        ("de", "Sie zahlt 1.234,50 US-Dollar.", "1234.5 USD"),
        ("es", "Invertirá 500 millones de euros en la planta.", "500000000 EUR"),
        ("es", "Pagará 2,5 mil millones de dólares.", "2500000000 USD"),
        ("es", "Costará 1.500 millones de pesos mexicanos.", "1500000000 MXN"),
        ("it", "Il governo mette 2,5 miliardi di euro.", "2500000000 EUR"),
        ("it", "Costa 3 Mld € e basta.", "3000000000 EUR"),
        ("pt", "O plano prevê R$ 3,2 bilhões.", "3200000000 BRL"),
        ("pt", "Foram 500 milhões de reais.", "500000000 BRL"),
        ("pl", "Rząd wyda 3,5 mld zł na szkoły.", "3500000000 PLN"),
        ("pl", "Firma zapłaci 20 milionów dolarów.", "20000000 USD"),
        ("pl", "Koszt to 1 234 567 euro.", "1234567 EUR"),
        ("ja", "政府は5億円を支払う。", "500000000 JPY"),
        ("ja", "会社は1兆2000億円を投資する。", "1200000000000 JPY"),
        ("ja", "3000万ドルを払う。", "30000000 USD"),
        ("zh", "公司投资¥500万。", "5000000 CNY"),
        ("ar", "ستدفع الشركة ٥٠٠ مليون دولار.", "500000000 USD"),
        ("ar", "تبلغ التكلفة ١٬٢٣٤٫٥ دولار.", "1234.5 USD"),
        ("hi", "लागत ₹12,34,567 होगी।", "1234567 INR"),
        ("hi", "कंपनी 5 लाख करोड़ रुपए देगी।", "5000000000000 INR"),
        ("hi", "कंपनी ५०० करोड़ डॉलर देगी।", "5000000000 USD"),
        ("th", "บริษัทจ่าย 20 ล้านดอลลาร์สหรัฐ", "20000000 USD"),
        ("th", "รัฐบาลจ่าย ฿๕๐๐ ล้าน", "500000000 THB"),
        ("tr", "Şirket 500 milyon Türk lirası ödeyecek.", "500000000 TRY"),
        ("ru", "Завод получит 20 миллиардов рублей.", "20000000000 RUB"),
        ("sw", "Serikali italipa KES 5,000,000.", "5000000 KES"),
    ],
)
def test_an_amount_is_read_as_the_language_writes_it(
    language: str, text: str, expected: str
) -> None:
    assert amounts(text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Das Werk öffnet am 3. Mai 2027.", "2027-05-03"),
        ("de", "Das Werk öffnet am 12.3.2027.", "2027-03-12"),
        ("de", "Es öffnet am Montag, 3. Mai 2027.", "2027-05-03"),
        ("de", "Es öffnet im Mai 2027.", "2027-05"),
        ("de", "Es öffnet im 2. Quartal 2027.", "2027-04/2027-06"),
        ("es", "Abrirá el 3 de mayo de 2027.", "2027-05-03"),
        ("es", "Abrirá en septiembre de 2027.", "2027-09"),
        ("it", "Apre il 3 maggio 2027.", "2027-05-03"),
        ("pt", "Abre em 05/03/2027.", "2027-03-05"),
        ("pl", "Otwarcie 3 maja 2027 r.", "2027-05-03"),
        ("pl", "Otwarcie: maj 2027.", "2027-05"),
        ("ja", "工場は2027年4月1日に開く。", "2027-04-01"),
        ("ja", "工場は2028年に開く。", "2028"),
        ("ar", "يفتح المصنع في ٣ مايو ٢٠٢٧.", "2027-05-03"),
        ("hi", "कारखाना 3 मई 2027 को खुलेगा।", "2027-05-03"),
        ("th", "โรงงานเปิดวันที่ 3 พฤษภาคม 2027", "2027-05-03"),
        ("tr", "Fabrika 3 Kasım 2027 tarihinde açılıyor.", "2027-11-03"),
        ("ru", "Завод откроют 3 мая 2027 года.", "2027-05-03"),
        ("hu", "A gyár 2027. május 3. napján nyílik.", "2027-05-03"),
        ("xx", "Zug 2027-05-03 zug.", "2027-05-03"),
    ],
)
def test_a_date_is_read_in_the_order_of_the_language(
    language: str, text: str, expected: str
) -> None:
    assert dates(text, language) == [expected]


def test_a_day_without_a_year_takes_none_from_a_year_that_is_written_otherwise() -> None:
    assert dates("Abrirá el 3 de mayo.", "es") == ["XXXX-05-03"]
    assert dates("Abrirá el 3 de mayo del 2027.", "es") == []


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("de", "Am 3. Mai zahlt sie 20 Mio. Euro. Danach ruht sie.", 2),
        ("de", "Sie zahlt am 3. Okt. 2027 viel. Gut.", 2),
        ("es", "Abre el martes. Cierra el jueves.", 2),
        ("it", "Apre oggi. Chiude domani.", 2),
        ("pt", "Abre hoje. Fecha amanhã.", 2),
        ("pl", "Otwarcie jest dziś. Zamknięcie jutro.", 2),
        ("ja", "工場は開く。会社は払う。「はい。」と言う。", 4),
        ("ar", "هل تدفع الشركة؟ نعم تدفع.", 2),
        ("hi", "कारखाना खुलेगा। कंपनी देगी।", 2),
        ("th", "โรงงานเปิด 3 พฤษภาคม 2027", 1),
    ],
)
def test_sentences_end_where_the_script_ends_them(language: str, text: str, count: int) -> None:
    assert len(read(text, language).sentences) == count


def test_english_words_are_not_read_in_another_language() -> None:
    assert amounts("Die Firma zahlt 20 bn Euro und 5 thousand Euro.", "de") == ["None EUR"]
    assert amounts("Die Firma zahlt 5 million Euro.", "de") == ["5000000 EUR"], "CLDR: Million"
    assert dates("Sie kommt in may 2027, next year, by 2030 und yesterday.", "de") == []
    assert negation_in("Sie zahlt no und not 5 Euro.", "de", []) is None
    assert certainty_of("Sie may 5 Euro zahlen.", "de", []) == "asserted"
    assert find_mentions("Sie baut 500 jobs und 20 schools.", "de", None).counts == ()


def test_units_are_those_that_are_the_same_everywhere() -> None:
    counts = find_mentions("Das Werk hat 20 MW und 5.000 m², und 300 Schulen.", "de", None).counts
    assert [(str(one.value), one.unit) for one in counts] == [
        ("20", "megawatt"),
        ("5000", "square_metre"),
    ]
    shared = language_of("de").units.measures
    for unit, signs in shared.items():
        for sign in signs:
            known = [sign.lower() in str(one.units.measures).lower() for one in all_languages()]
            assert any(known), f"{unit}: {sign}"


def test_no_word_around_an_amount_is_read() -> None:
    (amount,) = find_mentions("Sie zahlt rund 20 Euro/Schule pro Jahr.", "de", None).money
    assert (amount.qualifier, amount.per, amount.scope) == ("exact", "once", "total")


def test_a_language_that_nobody_knows_is_read_with_digits_only() -> None:
    assert rules_of("xx") == UNKNOWN
    assert amounts("Zug 20 EUR zug €5 zug ٥٠٠ USD zug.", "xx") == ["20 EUR", "5 EUR", "500 USD"]
    assert amounts("Zug 5 million euros, 20 dollars.", "xx") == []
    assert dates("Zug 3 May 2027, zug.", "xx") == []


def test_a_mark_that_may_part_thousands_or_be_decimal_is_not_read_where_nothing_tells() -> None:
    assert amounts("Zug 1.234 EUR.", "xx") == ["None EUR"]
    assert amounts("Zug 1.234,5 EUR, zug 1,234.5 EUR, zug 1.5 EUR.", "xx") == [
        "1234.5 EUR",
        "1234.5 EUR",
        "1.5 EUR",
    ]


def test_an_abbreviation_that_no_language_has_for_itself_is_none() -> None:
    # CLDR's "5G" for milliards stands for languages of which nobody said how they abbreviate.
    assert amounts("Zug 5G € zug.", "xx") == []


def test_codes_are_those_of_today_and_languages_with_a_folder_stay_as_they_are() -> None:
    assert [rules_of(code) for code in LANGUAGES] == [*LANGUAGES]
    assert [rules_of(code) for code in ("de", "deu", "iw", "fra", "und", "zxx", "../en")] == [
        "de",
        "de",
        "he",
        "fr",
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
    ]
    assert find_language("de") is None
    assert language_of("deu") is language_of("de")
    assert language_of("qqq") is language_of(UNKNOWN)


def test_codes_of_callers_fill_no_table() -> None:
    size = language_of.cache_info().maxsize
    assert size is not None
    for number in range(2 * size):
        assert rules_of(f"q{number}") == UNKNOWN
    assert language_of.cache_info().currsize <= size


@pytest.mark.parametrize("language", ["de", "ja", "ar", "hi", "th", "tr", "xx"])
def test_a_reader_that_is_pointed_at_words_reads_them_by_the_same_tables(language: str) -> None:
    rules = rules_of(language)
    text = "Zug 20 EUR, ٥ MW, 2027-05-03, 500 zug"
    money = read_money(text, (4, 10), rules, None)
    assert money is not None
    assert (str(money.value), money.currency) == ("20", "EUR")
    assert currencies_borne(text, (4, 10), rules) == frozenset({"EUR"})
    count = read_count(text, (12, 16), rules, None)
    assert count is not None
    assert (str(count.value), count.unit) == ("5", "megawatt")
    told = read_date(text, (18, 28), rules, None)
    assert told is not None
    assert told.edtf == "2027-05-03"
    assert read_date(text, (18, 22), rules, None) is not None


# Slow enough that what takes long for one language takes longer than the test may.
@pytest.mark.timeout(240)
def test_every_language_of_cldr_is_read() -> None:
    for code in WITHOUT_FOLDER:
        language = language_of(code)
        assert all(getattr(language, part) is not None for part in PARTS)
        for text in texts(code):
            found = [find_mentions(one.text, code, None) for one in read(text, code).sentences]
            assert all(one.edtf is None or one.edtf for each in found for one in each.dates)
            assert_within(found, len(text))


def texts(code: str) -> Iterator[str]:
    """Sentences with the names that the language has."""
    months = language_of(code).calendar.months
    for name in (months[1][0], months[12][0]) if months else ("x",):
        yield f"Zug 3 {name} 2027: 20 EUR, 1.234,5 USD, 12,34,567 ₹, € 500, 20 MW. {name} 5, ٥٠٠!"


def assert_within(found: list[Mentions], length: int) -> None:
    for each in found:
        for some in (each.money, each.counts, each.dates, each.countries):
            assert all(0 <= one.start < one.end <= length for one in some)


@pytest.mark.parametrize("code", ["de", "es", "it", "pl", "nl", "sv", "ru", "cs", "fi", "el", "hu"])
def test_the_date_that_cldr_writes_is_read_back(code: str) -> None:
    from babel.dates import format_date

    for day in (date(2027, 1, 3), date(2027, 5, 23), date(2027, 12, 31)):
        for width in ("full", "long"):
            written = read(format_date(day, width, locale=code), code).sentences[0].text
            assert day.isoformat() in [one.edtf for one in find_dates(written, code, None)], written


@pytest.mark.parametrize("code", ["de", "es", "it", "pt", "pl", "nl", "sv", "ru", "ja", "ko", "hi"])
def test_the_amount_that_cldr_writes_is_read_back(code: str) -> None:
    from babel.numbers import format_currency

    for value in ("1234567.89", "12.5", "200000000"):
        written = read(format_currency(float(value), "EUR", locale=code), code).sentences[0].text
        (amount,) = find_money(written, code)
        assert (str(amount.value), amount.currency) == (value, "EUR"), written


def test_a_number_that_touches_a_word_counts_where_no_blank_parts_them() -> None:
    (found,) = find_counts("発電所は500MWを作る。", "ja")
    assert (str(found.value), found.unit) == ("500", "megawatt")
    assert find_counts("Werk500MW", "de") == ()
