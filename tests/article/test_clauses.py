"""Negation and hedges count in the clause of the value, in three languages, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article.clauses import (
    certainty_of,
    clause_of,
    clauses,
    cues_near,
    negation_in,
    starts_with_anaphor,
)
from extractor.languages.cues import Cue
from extractor.records import Language

LANGUAGES: list[Language] = ["vi", "fr", "en"]


def at(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("language", "text", "anchor", "negated"),
    [
        ("en", "Alderon will not pay 5 million.", "5 million", True),
        ("en", "Alderon won't pay 5 million.", "5 million", True),
        ("en", "Alderon denied it would pay 5 million.", "5 million", True),
        ("en", "Alderon will pay 5 million, and not in kind.", "5 million", False),
        ("en", "Not only banks gain, as Alderon will pay 5 million.", "5 million", False),
        ("en", "Alderon will pay no less than 5 million.", "5 million", False),
        ("en", "The 5 million will never be paid.", "5 million", True),
        ("fr", "Orfèvre ne versera pas 5 millions.", "5 millions", True),
        ("fr", "Orfèvre n'a jamais promis 5 millions.", "5 millions", True),
        ("fr", "Orfèvre dément verser 5 millions.", "5 millions", True),
        ("fr", "Orfèvre versera 5 millions, ce qui n'est pas rien.", "5 millions", False),
        ("fr", "Un effort sans précédent : Orfèvre versera 5 millions.", "5 millions", False),
        ("vi", "Hạ Long sẽ không chi 5 triệu.", "5 triệu", True),
        ("vi", "Hạ Long chưa phê duyệt khoản 5 triệu.", "5 triệu", True),
        ("vi", "Hạ Long phủ nhận việc chi 5 triệu.", "5 triệu", True),
        ("vi", "Hạ Long sẽ chi 5 triệu, không chỉ cho trường học.", "5 triệu", False),
        ("vi", "Hạ Long viện trợ không hoàn lại 5 triệu.", "5 triệu", False),
    ],
)
def test_a_negation_counts_in_the_clause_of_the_figure(
    language: Language, text: str, anchor: str, negated: bool
) -> None:
    assert (negation_in(text, language, [at(text, anchor)]) is not None) is negated


@pytest.mark.parametrize(
    ("language", "text", "anchor", "certainty"),
    [
        ("en", "Alderon may pay 5 million.", "5 million", "hedged"),
        ("en", "Alderon reportedly pledged 5 million.", "5 million", "hedged"),
        ("en", "Prices may rise, but Alderon will pay 5 million.", "5 million", "asserted"),
        ("en", "In May Alderon paid 5 million.", "5 million", "asserted"),
        ("fr", "Orfèvre pourrait verser 5 millions.", "5 millions", "hedged"),
        ("fr", "Orfèvre investirait 5 millions.", "5 millions", "hedged"),
        ("fr", "Orfèvre investira 5 millions.", "5 millions", "asserted"),
        ("vi", "Hạ Long có thể sẽ chi 5 triệu.", "5 triệu", "hedged"),
        ("vi", "Hạ Long được cho là đang bàn khoản 5 triệu.", "5 triệu", "hedged"),
        ("vi", "Hạ Long sẽ chi 5 triệu, máy có thể tự học.", "5 triệu", "asserted"),
    ],
)
def test_a_hedge_counts_in_the_clause_of_the_figure(
    language: Language, text: str, anchor: str, certainty: str
) -> None:
    assert certainty_of(text, language, [at(text, anchor)]) == certainty


def test_the_decimal_comma_and_the_thousands_comma_open_no_clause() -> None:
    for text in ("Orfèvre versera 2,5 millions.", "Alderon will pay 1,200 people."):
        assert clauses(text, "fr") == ((0, len(text)),)


def test_a_figure_that_reaches_over_a_cut_has_the_stretch_of_both_clauses() -> None:
    text = "Alderon pays: 5 million"
    assert clause_of(text, "en", (8, len(text))) == (0, len(text))


def test_a_cue_in_the_clause_of_the_figure_hides_those_elsewhere() -> None:
    text = "Cobalt signed a lease, while Alderon plans to pay 5 million."
    cues: tuple[Cue, ...] = ("status_agreed", "status_planned")
    assert cues_near(cues, text, "en", [at(text, "5 million")]) == ("status_planned",)
    assert cues_near(cues, text, "en", []) == cues


@pytest.mark.parametrize(
    ("language", "text", "refers"),
    [
        ("en", "The company will pay 5 million.", True),
        ("en", "It will pay 5 million.", True),
        ("en", "Last year, the firm paid 5 million.", True),
        ("en", "He said the company will pay.", True),
        ("en", "The company Cobalt will pay 5 million.", False),
        ("en", "Cobalt will pay its staff 5 million.", False),
        ("fr", "L'entreprise versera 5 millions.", True),
        ("fr", "Selon lui, la société versera 5 millions.", True),
        ("fr", "Vasteau versera 5 millions à la société.", False),
        ("vi", "Tập đoàn này sẽ chi 5 triệu.", True),
        ("vi", "Ngoài ra, công ty cũng sẽ chi 5 triệu.", True),
        ("vi", "Công ty Mỏ Vàng sẽ chi 5 triệu.", False),
        ("vi", "Mỏ Vàng sẽ chi 5 triệu cho công ty.", False),
    ],
)
def test_only_a_clause_that_opens_by_referring_back_stands_for_an_earlier_party(
    language: Language, text: str, refers: bool
) -> None:
    assert starts_with_anaphor(text, language) is refers


@given(st.text(max_size=200), st.sampled_from(LANGUAGES), st.integers(0, 200), st.integers(0, 50))
def test_clauses_are_ordered_inside_the_text_and_hold_their_anchor(
    text: str, language: Language, start: int, length: int
) -> None:
    spans = clauses(text, language)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(left[1] <= right[0] for left, right in zip(spans, spans[1:], strict=False))
    start = min(start, len(text))
    first, last = clause_of(text, language, (start, min(start + length, len(text))))
    assert 0 <= first <= last <= len(text)
