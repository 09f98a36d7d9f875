from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.amounts.counts import find_counts
from extractor.mentions.amounts.units import unit_forms
from extractor.mentions.types import CountMention
from extractor.records import Language, Per, Qualifier, Scope

_ALL_LANGUAGES: tuple[Language, ...] = ("vi", "fr", "en")
_LANGUAGES = st.sampled_from(_ALL_LANGUAGES)


def _only(text: str, language: Language) -> CountMention:
    (mention,) = find_counts(text, language)
    return mention


# Language, sentence, words of the mention, value, unit.
_COUNTS: list[tuple[Language, str, str, str, str]] = [
    ("vi", "kỹ năng cho hơn 3 triệu người trong ba năm tới", "3 triệu người", "3e6", "person"),
    ("vi", "dự kiến có 1.200 nhân viên kinh doanh", "1.200 nhân viên", "1200", "employee"),
    ("vi", "tài trợ cho bốn nhà máy AI khổng lồ", "bốn nhà máy", "4", "factory"),
    ("vi", "sẽ sớm công bố thêm năm nhà máy nữa", "năm nhà máy", "5", "factory"),
    ("vi", "trang bị khoảng 120.000 chip AI", "120.000 chip", "120000", "chip"),
    ("vi", "dành cho tối đa 12 dự án trong 2 năm", "12 dự án", "12", "project"),
    ("vi", "xây hai trung tâm dữ liệu", "hai trung tâm dữ liệu", "2", "data_center"),
    ("vi", "mở 3 trung tâm nghiên cứu", "3 trung tâm nghiên cứu", "3", "research_center"),
    ("vi", "mở 3 trung tâm ở Huế", "3 trung tâm", "3", "centre"),
    ("vi", "mua 300 chiếc xe buýt điện", "300 chiếc xe buýt", "300", "bus"),
    ("vi", "mua 300 chiếc xe", "300 chiếc xe", "300", "vehicle"),
    ("vi", "cấp 500 suất học bổng", "500 suất học bổng", "500", "scholarship"),
    ("vi", "hai mươi lăm trạm sạc", "hai mươi lăm trạm sạc", "25", "charging_station"),
    ("vi", "tổng số 500 công ty", "500 công ty", "500", "company"),
    ("vi", "công suất 1,5 GW", "1,5 GW", "1.5", "gigawatt"),
    ("vi", "công suất 100MW", "100MW", "100", "megawatt"),
    ("vi", "giảm 1 triệu tấn CO2", "1 triệu tấn", "1e6", "tonne"),
    ("vi", "1 nhà máy và một văn phòng", "1 nhà máy", "1", "factory"),
    ("vi", "đài thọ 40% tổng chi phí", "40% tổng chi phí", "40", "percent_of_cost"),
    ("vi", "đài thọ một nửa chi phí", "một nửa chi phí", "50", "percent_of_cost"),
    ("fr", "former 3 millions de personnes", "3 millions de personnes", "3e6", "person"),
    ("fr", "livrer 3 000 bus électriques", "3 000 bus", "3000", "bus"),
    ("fr", "livrer 100 000 puces", "100 000 puces", "100000", "chip"),
    ("fr", "créer 500 nouveaux emplois", "500 nouveaux emplois", "500", "job"),
    ("fr", "embaucher 500 jeunes chercheurs", "500 jeunes chercheurs", "500", "researcher"),
    ("fr", "accueillir 500 jeunes", "500 jeunes", "500", "young_person"),
    ("fr", "créer un millier de postes", "un millier de postes", "1000", "job"),
    ("fr", "bâtir deux centres de données", "deux centres de données", "2", "data_center"),
    ("fr", "bâtir neuf usines", "neuf usines", "9", "factory"),
    ("fr", "équiper quatre-vingts écoles", "quatre-vingts écoles", "80", "school"),
    ("fr", "fournir 10 000 GPU", "10 000 GPU", "10000", "gpu"),
    ("fr", "embaucher 2000 ingénieurs", "2000 ingénieurs", "2000", "engineer"),
    ("fr", "traiter 1,5 tonne", "1,5 tonne", "1.5", "tonne"),
    ("fr", "payer 40 % du coût total", "40 % du coût", "40", "percent_of_cost"),
    ("fr", "payer la moitié des coûts", "la moitié des coûts", "50", "percent_of_cost"),
    ("en", "deliver 3,000 new electric buses", "3,000 new electric buses", "3000", "bus"),
    ("en", "deliver 20 school buses", "20 school buses", "20", "bus"),
    ("en", "train 3 million more people", "3 million more people", "3e6", "person"),
    ("en", "supply 10,000 Nvidia H100 GPUs", "10,000 Nvidia H100 GPUs", "10000", "gpu"),
    ("en", "create 500 direct and indirect jobs", "500 direct and indirect jobs", "500", "job"),
    ("en", "open a 100-megawatt data centre", "100-megawatt", "100", "megawatt"),
    ("en", "open one factory", "one factory", "1", "factory"),
    ("en", "fund two dozen projects", "two dozen projects", "24", "project"),
    ("en", "fund a dozen universities", "a dozen universities", "12", "university"),
    ("en", "build 6.5 million square feet", "6.5 million square feet", "6.5e6", "square_foot"),
    ("en", "give 10 million GPU hours", "10 million GPU hours", "1e7", "gpu_hour"),
    ("en", "Firm to Train 500 Engineers in Paris", "500 Engineers", "500", "engineer"),
    ("en", "pay 30% of eligible costs", "30% of eligible costs", "30", "percent_of_cost"),
    ("en", "pay half the cost", "half the cost", "50", "percent_of_cost"),
]


@pytest.mark.parametrize(("language", "text", "raw", "value", "unit"), _COUNTS)
def test_reads_number_and_unit_as_written(
    language: Language, text: str, raw: str, value: str, unit: str
) -> None:
    mention = _only(text, language)
    assert text[mention.start : mention.end] == raw
    assert (mention.value, mention.value_max, mention.unit) == (Decimal(value), None, unit)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "mở một phòng thí nghiệm"),
        ("vi", "lần thứ 20"),
        ("vi", "kể từ tháng 4/2026"),
        ("vi", "tỷ phú 67 tuổi sau 9 năm"),
        ("vi", "hôm 26.5 tại diễn đàn"),
        ("vi", "cuối năm nhà máy hoạt động"),
        ("vi", "trong 10 năm công ty tăng trưởng"),
        ("vi", "năm 2027 sinh viên"),
        ("vi", "ba trường hợp và 5 tấn công"),
        ("vi", "tạo hàng nghìn việc làm"),
        ("vi", "tỷ lệ góp vốn 50-50"),
        ("vi", "chạy 200 km/h"),
        ("vi", "giúp giảm 40% chi phí"),
        ("vi", "thuế 25% đối với thép"),
        ("fr", "créer un laboratoire et une usine"),
        ("fr", "en 2027 étudiants et élèves"),
        ("fr", "en 2000 entreprises"),
        ("fr", "phase 2 projets"),
        ("fr", "il a 67 ans"),
        ("fr", "réduire 30 % des coûts"),
        ("en", "open a factory"),
        ("en", "the GPT-4 models"),
        ("en", "the new Llama 3 models"),
        ("en", "G7 companies and 5G stations"),
        ("en", "15-year-old students"),
        ("en", "the top 10 companies"),
        ("en", "one in five companies"),
        ("en", "60 percent of companies"),
        ("en", "24/7 centres and 50-50 projects"),
        ("en", "cut 30% of costs"),
        ("en", "phase 2 data centers"),
        ("en", "2,025.5.1 sites"),
        ("en", "a $5 million projects fund"),
        ("en", "hundreds of jobs"),
    ],
)
def test_other_numbers_are_not_counts(language: Language, text: str) -> None:
    assert find_counts(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text", "low", "high", "unit"),
    [
        ("vi", "xây 3-5 nhà máy", 3, 5, "factory"),
        ("vi", "xây từ hai đến ba nhà máy", 2, 3, "factory"),
        ("vi", "xây một đến hai nhà máy", 1, 2, "factory"),
        ("fr", "bâtir de 30 à 50 sites", 30, 50, "site"),
        ("fr", "entre 2 et 3 millions de tonnes", 2_000_000, 3_000_000, "tonne"),
        ("en", "between 500 and 600 jobs", 500, 600, "job"),
        ("en", "10-20 MW", 10, 20, "megawatt"),
    ],
)
def test_a_range_has_both_bounds(
    language: Language, text: str, low: int, high: int, unit: str
) -> None:
    mention = _only(text, language)
    assert (mention.value, mention.value_max) == (Decimal(low), Decimal(high))
    assert mention.unit == unit


@pytest.mark.parametrize(
    ("language", "text", "qualifier", "per", "scope"),
    [
        ("vi", "Mỗi nhà máy sẽ được trang bị khoảng 120.000 chip AI", "about", "once", "each"),
        (
            "vi",
            "hơn 10 ứng dụng thương mại trong các tình huống chính mỗi năm",
            "over",
            "year",
            "total",
        ),
        ("vi", "Mỗi năm, trường đào tạo 500 sinh viên", "exact", "year", "total"),
        ("vi", "50 máy tính cho mỗi trường", "exact", "once", "each"),
        ("vi", "tối đa 12 dự án", "up_to", "once", "total"),
        ("fr", "chaque site accueillera au moins 500 salariés", "at_least", "once", "each"),
        ("fr", "une centaine d'emplois", "about", "once", "total"),
        ("fr", "plus de 500 bourses par an", "over", "year", "total"),
        ("fr", "10 bornes par commune", "exact", "once", "each"),
        ("en", "500+ companies", "at_least", "once", "total"),
        ("en", "5+ million trees", "at_least", "once", "total"),
        ("en", "as many as 500 students a year", "up_to", "year", "total"),
        ("en", "fewer than 500 AI engineers each year", "under", "year", "total"),
        ("en", "100,000 chips each", "exact", "once", "each"),
        ("en", "5 tablets per school", "exact", "once", "each"),
        ("en", "20 GWh per month", "exact", "month", "total"),
    ],
)
def test_the_words_around_give_qualifier_per_and_scope(
    language: Language, text: str, qualifier: Qualifier, per: Per, scope: Scope
) -> None:
    mention = _only(text, language)
    assert (mention.qualifier, mention.per, mention.scope) == (qualifier, per, scope)


def test_counts_never_overlap_the_spans_that_are_taken() -> None:
    text = "Train 500 engineers and build 20 sites."
    engineers, sites = find_counts(text, "en")
    assert find_counts(text, "en", [(engineers.start, engineers.end)]) == (sites,)
    assert find_counts(text, "en", [(sites.end - 1, sites.end)]) == (engineers,)


@pytest.mark.parametrize("language", _ALL_LANGUAGES)
def test_every_language_names_every_unit(language: Language) -> None:
    units = {form.unit for form in unit_forms(language).values()} - {None}
    assert len(units) >= 90
    assert units == {form.unit for form in unit_forms("en").values()} - {None}


@dataclass(frozen=True)
class _Style:
    """How an independent writer puts counts of one language, from hand-made tables."""

    language: Language
    decimal: str
    thousands: str
    scales: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, str], ...]
    qualifiers: tuple[tuple[str, Qualifier], ...]
    closings: tuple[tuple[str, Per, Scope], ...]
    opening: str
    words: tuple[str, ...]


_STYLES = (
    _Style(
        "vi",
        ",",
        ".",
        ((" ", 0), (" nghìn ", 3), (" triệu ", 6)),
        (("kỹ sư", "engineer"), ("trạm sạc", "charging_station"), ("chiếc máy bay", "aircraft")),
        (("", "exact"), ("khoảng ", "about"), ("ít nhất ", "at_least")),
        ((" mỗi năm", "year", "total"), (" cho mỗi tỉnh", "once", "each"), ("", "once", "total")),
        "Chính phủ sẽ có ",
        ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"),
    ),
    _Style(
        "fr",
        ",",
        " ",
        ((" ", 0), (" mille ", 3), (" millions de ", 6)),
        (
            ("logements", "home"),
            ("nouvelles puces", "chip"),
            ("bornes de recharge", "charging_station"),
        ),
        (("", "exact"), ("près de ", "about"), ("jusqu'à ", "up_to")),
        ((" par an", "year", "total"), (" chacune", "once", "each"), ("", "once", "total")),
        "Le gouvernement fournira ",
        ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    ),
    _Style(
        "en",
        ".",
        ",",
        ((" ", 0), (" thousand ", 3), (" million ", 6)),
        (("modern homes", "home"), ("low-cost AI chips", "chip"), ("tonnes", "tonne")),
        (("", "exact"), ("roughly ", "about"), ("more than ", "over")),
        ((" a year", "year", "total"), (" per region", "once", "each"), ("", "once", "total")),
        "The government will supply ",
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    ),
)


@dataclass(frozen=True)
class _Parts:
    style: _Style
    figure: Decimal
    written: str
    scale: tuple[str, int]
    unit: tuple[str, str]
    qualifier: tuple[str, Qualifier]
    closing: tuple[str, Per, Scope]

    def raw(self) -> str:
        return f"{self.written}{self.scale[0]}{self.unit[0]}"

    def sentence(self) -> str:
        return f"{self.style.opening}{self.qualifier[0]}{self.raw()}{self.closing[0]}."

    def value(self) -> Decimal:
        return self.figure * Decimal(10) ** self.scale[1]


@st.composite
def _parts(draw: st.DrawFn, style: _Style | None = None) -> _Parts:
    style = style or draw(st.sampled_from(_STYLES))
    scale = draw(st.sampled_from(style.scales))
    if draw(st.booleans()):
        index = draw(st.integers(min_value=0, max_value=8))
        figure, written = Decimal(index + 2), style.words[index]
    else:
        whole = draw(st.integers(min_value=2, max_value=999_999))
        tenths = draw(st.integers(min_value=0, max_value=9)) if scale[1] else 0
        figure = Decimal(whole) + Decimal(tenths).scaleb(-1)
        written = f"{whole:,}".replace(",", style.thousands)
        written += f"{style.decimal}{tenths}" if tenths else ""
    return _Parts(
        style=style,
        figure=figure,
        written=written,
        scale=scale,
        unit=draw(st.sampled_from(style.units)),
        qualifier=draw(st.sampled_from(style.qualifiers)),
        closing=draw(st.sampled_from(style.closings)),
    )


@settings(deadline=None)
@given(_parts())
def test_any_rendered_count_is_found_with_exactly_its_value(parts: _Parts) -> None:
    text = parts.sentence()
    mention = _only(text, parts.style.language)
    assert text[mention.start : mention.end] == parts.raw()
    assert mention == CountMention(
        start=mention.start,
        end=mention.end,
        value=parts.value(),
        value_max=None,
        unit=parts.unit[1],
        qualifier=parts.qualifier[1],
        per=parts.closing[1],
        scope=parts.closing[2],
    )


@settings(deadline=None)
@given(st.data())
def test_another_number_scale_or_unit_gives_another_mention(data: st.DataObject) -> None:
    style = data.draw(st.sampled_from(_STYLES))
    one, other = data.draw(_parts(style)), data.draw(_parts(style))
    first, second = (_only(parts.sentence(), style.language) for parts in (one, other))
    same = (one.value(), one.unit[1]) == (other.value(), other.unit[1])
    assert ((first.value, first.unit) == (second.value, second.unit)) == same


_NUMBERLESS_WORDS = (
    "người công ty nhà máy usines écoles personnes people jobs buses MW tonnes the of de một a un"
    " une khoảng environ about mỗi each chacun par an % chi phí du coût + , . - /"
)
_COUNT_WORDS = (
    "1 2,5 3.000 1 000 2027 - – ( % of the cost chi phí du coût triệu nghìn millions de d'emplois"
    " million thousand dozen hai trăm năm mươi một un une centaine a half and to between from từ"
    " đến entre à khoảng plus each mỗi par an GPU MW km / người nhà máy công ty usines people new"
    " electric buses jobs top phase in số \n $ ' \u0301 \u00a0 é 𝟙 ²"
)
_NUMBERLESS = st.lists(st.sampled_from(_NUMBERLESS_WORDS.split())).map(" ".join)
_FRAGMENTS = st.lists(st.sampled_from(_COUNT_WORDS.split(" "))).map(" ".join)


@settings(deadline=None)
@given(_NUMBERLESS, _LANGUAGES)
def test_words_without_any_number_hold_no_count(text: str, language: Language) -> None:
    assert find_counts(text, language) == ()


@settings(deadline=None)
@given(
    st.one_of(st.text(), _FRAGMENTS, _FRAGMENTS.map(lambda text: text.replace(" ", ""))),
    _LANGUAGES,
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 10))),
)
def test_any_text_gives_ordered_spans_inside_it_that_overlap_nothing(
    text: str, language: Language, blocks: list[tuple[int, int]]
) -> None:
    taken = [(start, start + length) for start, length in blocks]
    position = 0
    for mention in find_counts(text, language, taken):
        assert position <= mention.start < mention.end <= len(text)
        assert mention.value_max is None or mention.value < mention.value_max
        assert all(mention.end <= start or end <= mention.start for start, end in taken)
        position = mention.end


@pytest.mark.parametrize("unit", ["1", "1 ", "1.", "1 a b c ", "50% of a ", "5 người ", "half "])
def test_long_runs_of_digits_and_words_take_less_than_a_second(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    for language in _ALL_LANGUAGES:
        assert any(_seconds(text, language) < 1 for _ in range(3))


def _seconds(text: str, language: Language) -> float:
    started = time.process_time()
    find_counts(text, language)
    return time.process_time() - started


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "hire 45 agronomists by May", 45, "agronomist"),
        ("en", "take on 150 young deckhands", 150, "deckhand"),
        ("en", "500 cats and buses", 500, "cat"),
        ("fr", "former 370 dockers au port", 370, "docker"),
        ("fr", "livrer 12 petites barges", 12, "barge"),
    ],
)
def test_a_noun_that_no_table_holds_is_its_own_unit(
    language: Language, text: str, value: int, unit: str
) -> None:
    (found,) = find_counts(text, language)
    assert (int(found.value), found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "in 12 years and 3 months"),
        ("fr", "dans 12 ans, ou 18 mois"),
        ("fr", "les deux tiers, puis 30 fois"),
        ("fr", "dont 45 millions apportés par la région"),
        ("en", "1 cats"),
    ],
)
def test_times_and_shares_are_no_things(language: Language, text: str) -> None:
    assert find_counts(text, language) == ()
