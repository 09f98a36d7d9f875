"""Indonesian, which came as a folder of data: amounts, times, counts, sentences and pages in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractor.article.body import find_body
from extractor.article.captions import is_caption
from extractor.article.language import detect_language
from extractor.article.reading import read_article
from extractor.languages import language_of
from extractor.languages.cues import Cue, has_cue
from extractor.languages.patterns import joined, read_in
from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.money import find_money
from extractor.mentions.calendar.dates import find_dates
from extractor.mentions.parties.names import find_countries, resolve_actor
from extractor.records import ActorType, DateModifier, Language, Per, Qualifier, Scope

K, M, G, T = 10**3, 10**6, 10**9, 10**12
DAY = date(2026, 4, 16)

# Words, value, currency.
AMOUNTS: list[tuple[str, float, str]] = [
    ("Rp5 triliun", 5 * T, "IDR"),
    ("Rp 500 miliar", 500 * G, "IDR"),
    ("Rp1,5 triliun", 1_500 * G, "IDR"),
    ("Rp 250.000.000", 250 * M, "IDR"),
    ("Rp1.250.000", 1_250 * K, "IDR"),
    ("500 juta rupiah", 500 * M, "IDR"),
    ("3,5 Miliar Rupiah", 3_500 * M, "IDR"),
    ("Rp 750 jt", 750 * M, "IDR"),
    ("Rp750 M", 750 * G, "IDR"),
    ("Rp2 T", 2 * T, "IDR"),
    ("Rp 900 rb", 900 * K, "IDR"),
    ("Rp2 triliun 500 miliar", 2_500 * G, "IDR"),
    ("2 milyar rupiah", 2 * G, "IDR"),
    ("4 trilyun rupiah", 4 * T, "IDR"),
    ("semiliar rupiah", G, "IDR"),
    ("sejuta dolar AS", M, "USD"),
    ("seribu lima ratus miliar rupiah", 1_500 * G, "IDR"),
    ("seratus lima puluh juta yen", 150 * M, "JPY"),
    ("dua puluh lima miliar rupiah", 25 * G, "IDR"),
    ("dua belas juta ringgit", 12 * M, "MYR"),
    ("tiga ratus dua puluh juta euro", 320 * M, "EUR"),
    ("setengah miliar dolar AS", 500 * M, "USD"),
    ("dua setengah triliun rupiah", 2_500 * G, "IDR"),
    ("satu setengah juta euro", 1_500 * K, "EUR"),
    ("2,5 miliar dolar AS", 2_500 * M, "USD"),
    ("40 juta dolar Amerika Serikat", 40 * M, "USD"),
    ("1.000 dolar", K, "USD"),
    ("US$ 3 juta", 3 * M, "USD"),
    ("US$3,2 miliar", 3_200 * M, "USD"),
    ("USD 45 juta", 45 * M, "USD"),
    ("20 juta euro", 20 * M, "EUR"),
    ("1.234,56 euro", 1234.56, "EUR"),
    ("500 juta dolar Singapura", 500 * M, "SGD"),
    ("S$20 juta", 20 * M, "SGD"),
    ("500 juta dolar Australia", 500 * M, "AUD"),
    ("7 juta dolar Kanada", 7 * M, "CAD"),
    ("RM5 juta", 5 * M, "MYR"),
    ("40 miliar yuan", 40 * G, "CNY"),
    ("300 miliar won", 300 * G, "KRW"),
    ("12 juta pound sterling", 12 * M, "GBP"),
    ("2 miliar riyal Saudi", 2 * G, "SAR"),
    ("4 triliun dong", 4 * T, "VND"),
    ("6 miliar rupee", 6 * G, "INR"),
    ("9 juta franc Swiss", 9 * M, "CHF"),
    ("80 juta baht", 80 * M, "THB"),
]


@pytest.mark.parametrize(("words", "value", "currency"), AMOUNTS)
def test_an_amount_of_money_is_read(words: str, value: float, currency: str) -> None:
    text = f"PT Awan Lestari menanamkan {words} di Tanjung Rawa."
    (found,) = find_money(text, "id")
    assert text[found.start : found.end] == words
    assert (found.value, found.currency) == (Decimal(str(value)), currency)
    assert (found.value_max, found.qualifier, found.per, found.scope) == (
        None,
        "exact",
        "once",
        "total",
    )


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("sekitar Rp7 triliun", "about"),
        ("kira-kira Rp7 triliun", "about"),
        ("hampir Rp7 triliun", "about"),
        ("lebih dari Rp7 triliun", "over"),
        ("melampaui Rp7 triliun", "over"),
        ("kurang dari Rp7 triliun", "under"),
        ("hingga Rp7 triliun", "up_to"),
        ("maksimal Rp7 triliun", "up_to"),
        ("tidak lebih dari Rp7 triliun", "up_to"),
        ("minimal Rp7 triliun", "at_least"),
        ("sedikitnya Rp7 triliun", "at_least"),
        ("tidak kurang dari Rp7 triliun", "at_least"),
        ("Rp7 triliun atau lebih", "at_least"),
    ],
)
def test_words_around_an_amount_say_how_exact_it_is(words: str, qualifier: Qualifier) -> None:
    (found,) = find_money(f"Bank Rimba menyiapkan {words}.", "id")
    assert (found.value, found.qualifier) == (Decimal(7 * T), qualifier)


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("Rp5 triliun hingga Rp7 triliun", 5 * T, 7 * T),
        ("Rp5-7 triliun", 5 * T, 7 * T),
        ("antara Rp5 triliun dan Rp7 triliun", 5 * T, 7 * T),
        ("dari Rp5 triliun sampai Rp7 triliun", 5 * T, 7 * T),
        ("5 sampai 7 juta dolar AS", 5 * M, 7 * M),
    ],
)
def test_two_amounts_are_a_range(words: str, low: int, high: int) -> None:
    (found,) = find_money(f"Bank Rimba menyiapkan {words}.", "id")
    assert (found.value, found.value_max) == (Decimal(low), Decimal(high))


def test_a_rise_from_one_amount_to_another_is_no_range() -> None:
    found = find_money("Anggaran naik dari Rp5 triliun ke Rp7 triliun.", "id")
    assert [one.value for one in found] == [Decimal(5 * T), Decimal(7 * T)]
    assert {one.value_max for one in found} == {None}


@pytest.mark.parametrize(
    ("text", "per", "scope"),
    [
        ("Dana 3 triliun rupiah per tahun.", "year", "total"),
        ("Dana Rp3 miliar setiap tahun.", "year", "total"),
        ("Dana Rp3 miliar/tahun.", "year", "total"),
        ("Dana Rp1.250.000 setahun.", "year", "total"),
        ("Dana tahunan sebesar Rp3 miliar.", "year", "total"),
        ("Dana Rp10 juta per bulan untuk setiap guru.", "month", "each"),
        ("Masing-masing menerima Rp25 juta.", "once", "each"),
        ("Beasiswa Rp12 juta per siswa.", "once", "each"),
    ],
)
def test_an_amount_is_for_a_time_or_for_each(text: str, per: Per, scope: Scope) -> None:
    (found,) = find_money(text, "id")
    assert (found.per, found.scope) == (per, scope)


@pytest.mark.parametrize(
    "text",
    ["Dana Rp15,8 triliun (sekitar US$1 miliar).", "Dana Rp15,8 triliun atau setara US$1 miliar."],
)
def test_another_currency_behind_it_is_a_conversion(text: str) -> None:
    (found,) = find_money(text, "id")
    assert [(one.value, one.currency) for one in found.converted] == [(Decimal(G), "USD")]


@pytest.mark.parametrize(
    "words", ["ratusan juta dolar AS", "triliunan rupiah", "beberapa miliar rupiah"]
)
def test_a_magnitude_has_no_value(words: str) -> None:
    (found,) = find_money(f"Mereka menyiapkan {words}.", "id")
    assert found.value is None


DATES: list[tuple[str, str, str | None, str]] = [
    ("pada 12 Mei 2026", "2026-05-12", None, "point"),
    ("pada Senin, 12 Januari 2026", "2026-01-12", None, "point"),
    ("pada Senin (12/1/2026)", "2026-01-12", None, "point"),
    ("pada Senin (12/1)", "2026-01-12", None, "point"),
    ("17-08-2026", "2026-08-17", None, "point"),
    ("3 Agt. 2026", "2026-08-03", None, "point"),
    ("per 1 Juli 2026", "2026-07-01", None, "point"),
    ("paling lambat 31 Desember 2030", "2030-12-31", None, "deadline"),
    ("mulai 1 April 2026", "2026-04-01", None, "start"),
    ("pada Maret 2027", "2027-03", None, "point"),
    ("pada bulan Maret", "2026-03", None, "point"),
    ("sejak Januari 2024", "2024-01", None, "start"),
    ("akhir Maret", "2026-03", "end", "point"),
    ("pada 2028", "2028", None, "point"),
    ("pada tahun 2028", "2028", None, "point"),
    ("hingga 2030", "2030", None, "deadline"),
    ("sebelum akhir 2029", "2029", "end", "deadline"),
    ("pada akhir 2027", "2027", "end", "point"),
    ("pada awal tahun 2027", "2027", "start", "point"),
    ("pada pertengahan 2026", "2026", "mid", "point"),
    ("tahun depan", "2027", None, "point"),
    ("tahun lalu", "2025", None, "point"),
    ("akhir tahun ini", "2026", "end", "point"),
    ("pada kuartal III 2026", "2026-07/2026-09", None, "point"),
    ("pada kuartal III/2026", "2026-07/2026-09", None, "point"),
    ("pada kuartal pertama tahun depan", "2027-01/2027-03", None, "point"),
    ("pada triwulan II-2026", "2026-04/2026-06", None, "point"),
    ("pada Q4 2026", "2026-10/2026-12", None, "point"),
    ("pada semester I 2026", "2026-01/2026-06", None, "point"),
    ("pada semester kedua tahun ini", "2026-07/2026-12", None, "point"),
    ("pada paruh kedua 2026", "2026-07/2026-12", None, "point"),
    ("sembilan bulan pertama 2025", "2025-01/2025-09", None, "point"),
    ("sejak dekade 1990-an", "199X", None, "start"),
    ("2026-2030", "2026/2030", None, "point"),
    ("dari 2026 hingga 2030", "2026/2030", None, "point"),
    ("antara 2026 dan 2030", "2026/2030", None, "point"),
    ("Januari hingga Maret 2026", "2026-01/2026-03", None, "point"),
    ("pada 5-7 Mei 2026", "2026-05-05/2026-05-07", None, "point"),
    ("tahun fiskal yang berakhir Maret 2026", "2025-04/2026-03", None, "point"),
    ("hari ini", "2026-04-16", None, "point"),
    ("besok", "2026-04-17", None, "point"),
    ("lusa", "2026-04-18", None, "point"),
    ("kemarin", "2026-04-15", None, "point"),
    ("pekan depan", "2026-04-20/2026-04-26", None, "point"),
    ("bulan ini", "2026-04", None, "point"),
    ("Jumat pekan depan", "2026-04-24", None, "point"),
    ("Senin malam", "2026-04-13", None, "point"),
    ("pada hari Minggu", "2026-04-12", None, "point"),
    ("dalam dua tahun ke depan", "2028", None, "deadline"),
    ("dalam lima tahun mendatang", "2031", None, "deadline"),
    ("dua minggu lagi", "2026-04-27/2026-05-03", None, "deadline"),
]


@pytest.mark.parametrize(("words", "edtf", "modifier", "role"), DATES)
def test_a_time_is_read(words: str, edtf: str, modifier: DateModifier | None, role: str) -> None:
    text = f"Pabrik itu dibuka {words}."
    (found,) = find_dates(text, "id", DAY)
    assert text[found.start : found.end] == words
    assert (found.edtf, found.modifier, found.role) == (edtf, modifier, role)


@pytest.mark.parametrize("words", ["selama tiga tahun", "dalam waktu 18 bulan"])
def test_a_length_of_time_is_a_duration(words: str) -> None:
    (found,) = find_dates(f"Proyek itu berlangsung {words}.", "id", DAY)
    assert (found.edtf, found.role) == (None, "duration")


def test_a_time_ago_is_read() -> None:
    (found,) = find_dates("Proyek itu dimulai dua tahun lalu.", "id", DAY)
    assert (found.edtf, found.role) == ("2024", "start")


@pytest.mark.parametrize(
    "text",
    ["setiap tahun, per tahun, 67 tahun", "enam bulan sebelumnya", "beberapa tahun terakhir"],
)
def test_rates_and_vague_times_are_no_dates(text: str) -> None:
    assert find_dates(text, "id", DAY) == ()


COUNTS: list[tuple[str, str, str]] = [
    ("1.200 pekerja", "1200", "worker"),
    ("3.000 orang", "3000", "person"),
    ("5 ribu lapangan kerja", "5000", "job"),
    ("3 juta rumah", "3000000", "home"),
    ("500 unit rumah", "500", "home"),
    ("100 unit bus listrik", "100", "bus"),
    ("12 buah kapal", "12", "ship"),
    ("lima orang insinyur", "5", "engineer"),
    ("dua puluh lima ribu guru", "25000", "teacher"),
    ("150 megawatt", "150", "megawatt"),
    ("1,5 GW", "1.5", "gigawatt"),
    ("2.000 hektare", "2000", "hectare"),
    ("40 ha", "40", "hectare"),
    ("dua pabrik", "2", "factory"),
    ("10.000 GPU", "10000", "gpu"),
    ("300 stasiun pengisian daya", "300", "charging_station"),
    ("2 juta ton", "2000000", "tonne"),
    ("12 kilometer", "12", "kilometre"),
    ("tiga pusat data", "3", "data_center"),
    ("450 rumah sakit", "450", "hospital"),
    ("60 rumah tangga", "60", "household"),
    ("40 persen biaya", "40", "percent_of_cost"),
    ("40% dari total biaya", "40", "percent_of_cost"),
    ("separuh biaya", "50", "percent_of_cost"),
]


@pytest.mark.parametrize(("words", "value", "unit"), COUNTS)
def test_a_count_is_read(words: str, value: str, unit: str) -> None:
    text = f"Yayasan Rimba menyediakan {words}."
    (found,) = find_counts(text, "id")
    assert text[found.start : found.end] == words
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "qualifier", "per", "scope"),
    [
        ("Mereka merekrut maksimal 80 peneliti.", "up_to", "once", "total"),
        ("Mereka merekrut sedikitnya 80 dokter.", "at_least", "once", "total"),
        ("Mereka menyerap lebih dari 80 orang.", "over", "once", "total"),
        ("Mereka memberi 400 beasiswa per tahun.", "exact", "year", "total"),
        ("Tiap sekolah menerima 30 komputer.", "exact", "once", "each"),
    ],
)
def test_words_around_a_count(text: str, qualifier: Qualifier, per: Per, scope: Scope) -> None:
    (found,) = find_counts(text, "id")
    assert (found.qualifier, found.per, found.scope) == (qualifier, per, scope)


def test_a_range_of_counts() -> None:
    (found,) = find_counts("Mereka memasang sekitar 500 hingga 700 stasiun pengisian.", "id")
    assert (found.value, found.value_max) == (Decimal(500), Decimal(700))
    assert found.qualifier == "about"


@pytest.mark.parametrize(
    "text",
    [
        "Satu dari lima perusahaan rugi.",
        "Dua pertiga pekerja setuju.",
        "Tahap 2 proyek itu dimulai.",
        "Selama 5 tahun 3 bulan.",
        "Mereka menghemat 40 persen biaya.",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    assert find_counts(text, "id") == ()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Kantor itu di Jl. Melati No. 12 dibuka. Harganya naik.", 2),
        ("PT Awan Lestari Tbk. Rawa menandatangani kontrak.", 1),
        ("Dr. Rimba dan Ir. Telaga hadir. Mereka setuju.", 2),
        ("Dana Rp. 500 miliar disiapkan. Proyek dimulai.", 2),
        ("Semen, baja, dll. Namun, harganya turun.", 2),
        ("Semen, baja, dll. Rawa ikut dibeli.", 1),
        ("Nilainya Rp1.250.000. Kontrak itu berlaku.", 2),
    ],
)
def test_abbreviations_end_no_sentence(text: str, sentences: int) -> None:
    assert len(read_article(text, language="id").sentences) == sentences


BODY = (
    "PT Awan Lestari akan membangun dua pabrik baterai di Tanjung Rawa pada akhir 2027. "
    "Pemerintah Provinsi Rawa Jaya menyiapkan lahan seluas 40 hektare untuk proyek itu."
)


def test_furniture_is_cut() -> None:
    page = f"Beranda\n\n{BODY}\n\nBaca juga: Harga semen naik\n\nBerita terkait\n\nHarga baja turun"
    start, end = find_body(page)
    assert page[start:end].strip() == BODY


@pytest.mark.parametrize(
    "line", ["Foto: Kantor Rawa", "Sumber foto: Kantor Rawa", "Foto ilustrasi: Kantor Rawa"]
)
def test_a_caption_is_told(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "id"),
        ("Pabrik baterai dibangun di Rawa Jaya", "id"),
        ("Investasi Rp5 triliun untuk pusat data", "id"),
        (
            "Kerajaan akan melaburkan RM2 bilion untuk membina kilang semikonduktor di Teluk Biru,"
            " kata menteri pada Isnin. Projek itu dijangka siap menjelang akhir tahun hadapan.",
            "ms",
        ),
        ("Kilang baharu dijangka siap tahun hadapan", "en"),
        ("The battery plant opens in Tanjung Rawa", "en"),
        ("L'usine de batteries ouvre", "fr"),
    ],
)
def test_the_language_is_told_and_malay_is_another_one(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("pemerintah Jepang", "government", "JP"),
        ("AS", "government", "US"),
        ("Uni Eropa", "government", "EU"),
        ("Kementerian Energi Rawa", "gov_agency", None),
        ("Komisi Eropa", "gov_agency", "EU"),
        ("Bank Dunia", "igo", None),
        ("Universitas Rawa Jaya", "university_research", None),
        ("Yayasan Rimba", "fund", None),
        ("konsorsium Rawa", "consortium", None),
        ("sejumlah perusahaan", "unspecified_group", None),
        ("PT Awan Lestari Tbk", "company", None),
    ],
)
def test_a_name_tells_what_it_names(name: str, kind: ActorType, country: str | None) -> None:
    actor = resolve_actor(name, "id")
    assert (actor.type, actor.country) == (kind, country)


def test_countries_are_found_and_a_language_is_none() -> None:
    found = find_countries("Jerman, AS, dan Uni Eropa menulis dalam bahasa Inggris.", "id")
    assert [one.code for one in found] == ["DE", "US", "EU"]


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("negation", "Bank itu tidak membiayai proyek."),
        ("denial", "Perusahaan itu membantah kabar tersebut."),
        ("status_cancelled", "Proyek itu dibatalkan."),
        ("giving", "Bank itu mendanai pabrik."),
        ("hedge", "Bank itu mungkin ikut."),
    ],
)
def test_a_cue_is_found(cue: Cue, text: str) -> None:
    assert has_cue(cue, text, "id")


@pytest.mark.parametrize("code", ["vi", "fr", "en"])
def test_its_words_are_read_in_no_other_language(code: Language) -> None:
    assert language_of("id") not in read_in(code)
    assert language_of("id") in read_in("id")
    assert "unit" not in joined(lambda one: one.calendar.counted, code)
    (found,) = find_dates("In 2025 unit sales rose.", "en", None)
    assert found.edtf == "2025"


def test_an_article_says_that_its_language_is_one_of_ours() -> None:
    article = read_article(BODY)
    assert (article.language, article.rules, len(article.sentences)) == ("id", "id", 2)
