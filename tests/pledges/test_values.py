"""Names, figures, dates and words: what two mentions are compared by."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import ConfigurationError
from extractor.mentions.parties.names import resolve_actor
from extractor.pledges.copies import copied_stories
from extractor.pledges.dating import days_of
from extractor.pledges.figures import Figure, Likeness, compare_figures, money_figures
from extractor.pledges.matching import Match, PartyMatcher
from extractor.pledges.parties import KnownParty, load_parties
from extractor.pledges.wording import apart, read_wording
from extractor.records import Language, Money, Qualifier


def _party(name: str, language: Language) -> KnownParty:
    return load_parties().find(resolve_actor(name, language), language)


@pytest.mark.parametrize(
    ("name", "language", "party"),
    [
        ("Tập đoàn Microsoft", "vi", "microsoft"),
        ("la Banque asiatique de développement", "fr", "adb"),
        ("Ngân hàng Phát triển châu Á (ADB)", "vi", "adb"),
        ("chính phủ Nhật Bản", "vi", "JP"),
        ("Bộ Tài chính Việt Nam", "vi", "VN/finance"),
        ("ministère vietnamien des Finances", "fr", "VN/finance"),
        ("Vietnam's Ministry of Finance", "en", "VN/finance"),
        ("l'Agence française de développement", "fr", "afd"),
        ("Green Climate Fund", "en", "gcf"),
        ("Quỹ Khí hậu Xanh", "vi", "gcf"),
        ("Fonds vert pour le climat", "fr", "gcf"),
    ],
)
def test_a_name_in_any_language_is_one_party(name: str, language: Language, party: str) -> None:
    assert _party(name, language).id == party


def test_a_name_of_two_parties_is_neither_but_tells_both() -> None:
    found = _party("la BAD", "fr")
    assert found.id is None
    assert found.candidates == ("adb", "afdb")


def test_an_unknown_name_is_not_guessed() -> None:
    found = _party("Kestrel Lines Ltd", "en")
    assert found.id is None
    assert found.candidates == ()


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (("Merrowick Climate Fund", "en"), ("Fonds Merrowick pour le climat", "fr"), "alike"),
        (("Quỹ Khí hậu Merrowick", "vi"), ("Merrowick Climate Fund", "en"), "alike"),
        (("Nordic Green Bank", "en"), ("Ngân hàng Xanh Bắc Âu", "vi"), "alike"),
        (("Japan", "en"), ("Bộ Ngoại giao Nhật Bản", "vi"), "related"),
        (("JICA", "en"), ("Nhật Bản", "vi"), "related"),
        (("Kestrel Lines", "en"), ("Kestrel", "fr"), "alike"),
        (("Varnholt", "en"), ("Kestrel", "en"), "different"),
        (("Norway", "en"), ("Đan Mạch", "vi"), "different"),
    ],
)
def test_names_match_across_languages(
    one: tuple[str, Language], other: tuple[str, Language], match: Match
) -> None:
    assert PartyMatcher(load_parties()).match(_party(*one), _party(*other)) == match


def test_a_file_of_ones_own_adds_parties_and_replaces_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[company]\nkestrel = "Kestrel Lines|Kestrel|Hãng Kestrel"\n', encoding="utf-8")
    table = load_parties(own)
    assert table.find(resolve_actor("Hãng Kestrel", "vi"), "vi").id == "kestrel"
    assert table.find(resolve_actor("Microsoft", "en"), "en").id == "microsoft"


def test_a_wrong_file_of_parties_says_what_to_write(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    for content in ("[company", "company = 3"):
        own.write_text(content, encoding="utf-8")
        with pytest.raises(ConfigurationError) as raised:
            load_parties(own.rename(tmp_path / f"{len(content)}.toml"))
        assert "[company]" in raised.value.advice
    with pytest.raises(ConfigurationError, match="no readable file"):
        load_parties(tmp_path / "none.toml")


def _figure(value: str, qualifier: Qualifier = "exact", unit: str = "USD") -> Figure:
    number = Decimal(value)
    return Figure(number, number, unit, qualifier, "once", "total", value)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (_figure("17900000000"), _figure("17900000000"), "equal"),
        (_figure("17900000000"), _figure("18000000000"), "rounded"),
        (_figure("17900000000"), _figure("17000000000"), "rounded"),
        (_figure("3000000"), _figure("3000000", "over"), "rounded"),
        (_figure("2000000000", "about"), _figure("1900000000"), "rounded"),
        (_figure("500000000"), _figure("450000000"), "different"),
        (_figure("100"), _figure("110"), "different"),
        (_figure("20000000"), _figure("60000000"), "different"),
        (_figure("1000"), _figure("1000", unit="XYZ"), "open"),
        (_figure("41000000000", unit="JPY"), _figure("278000000"), "worth"),
        (_figure("41000000000", unit="JPY"), _figure("330000000"), "near"),
        (_figure("41000000000", unit="JPY"), _figure("41000000000"), "far"),
    ],
)
def test_two_figures_may_be_one(one: Figure, other: Figure, likeness: Likeness) -> None:
    assert compare_figures((one,), (other,)) == likeness
    assert compare_figures((other,), (one,)) == likeness


@settings(deadline=None)
@given(st.integers(1, 10**15), st.integers(1, 4))
def test_a_figure_with_fewer_digits_is_never_ruled_out_by_rounding(value: int, digits: int) -> None:
    number = Decimal(value)
    exponent = max(number.adjusted() - digits - 1, 0)
    rounded = number.quantize(Decimal(1).scaleb(exponent)).scaleb(0)
    if digits >= 2:
        found = compare_figures((_figure(str(value)),), (_figure(f"{rounded:f}"),))
        assert found in ("equal", "rounded")


def test_an_amount_without_a_number_or_currency_is_no_figure() -> None:
    money = Money(
        value=None,
        value_max=None,
        currency="USD",
        qualifier="exact",
        per="once",
        scope="total",
        raw="hundreds of millions",
        converted=[],
    )
    assert money_figures(money) == ()
    assert money_figures(None) == ()


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-35", "2025-07-01", "2025-09-30"),
        ("2025-06-16", "2025-06-16", "2025-06-16"),
        ("2025-12-01/2025-12-07", "2025-12-01", "2025-12-07"),
        ("2025~", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_date_is_the_days_that_it_may_be(edtf: str, first: str, last: str) -> None:
    days = days_of(edtf)
    assert days is not None
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


@pytest.mark.parametrize("edtf", ["XXXX-05-26", "", "..", "2025-13-40"])
def test_a_date_without_a_year_is_none(edtf: str) -> None:
    assert days_of(edtf) is None


def test_one_thing_said_in_three_languages_has_the_same_topics() -> None:
    told = [
        read_wording("a data centre for artificial intelligence and chips", "en"),
        read_wording("un centre de données pour l'intelligence artificielle et les puces", "fr"),
        read_wording("trung tâm dữ liệu cho trí tuệ nhân tạo và chip bán dẫn", "vi"),
    ]
    assert [each.topics for each in told] == [frozenset({"data_centre", "ai", "chip"})] * 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the first phase of AgriMekong", "giai đoạn 2 của AgriMekong"),
        ("la deuxième tranche", "La première, dotée de 95 millions, est close"),
        ("the IDA20 replenishment", "la reconstitution d'IDA21"),
        ("Nghị định 13/2023/NĐ-CP", "Decree 53/2022"),
    ],
)
def test_numbers_in_a_series_part_one_from_the_next(one: str, other: str) -> None:
    marks = [
        read_wording(text, "vi" if any(c in text for c in "đạịĐ") else "en").marks
        for text in (one, other)
    ]
    assert all(marks)
    assert apart(*marks)


_STORY = (
    "Kestrel Lines will buy six tugs for 90 million euros, the company said on Tuesday, as it "
    "renews its fleet in the northern ports and answers critics who had asked for cleaner ships."
)


def test_a_story_with_another_headline_and_a_shorter_end_is_a_copy() -> None:
    own = "Six tugs for Kestrel: what the purchase means for jobs in Northgate, where crews wait."
    texts = {"b": _STORY, "a": f"TUGS! {_STORY[:140]}", "c": own, "d": ""}
    assert copied_stories(texts) == {"a": "a", "b": "a"}
