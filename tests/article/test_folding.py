from __future__ import annotations

import time
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article.folding import Folding, fold, fold_text

_TELLING = (
    "aeoEODđ10 .\n-'\"[]"  # plain
    "\xb9\xb2"  # as of footnotes
    "\u0301\u0302\u0323\u031b\u0327\u0338"  # marks, among them the Vietnamese ones
    "éếợưçΩ\u212b\u212a\u1ffd\u0374\u2260\u1100\u1161\u11a8\uac00\u0915\u093c"
    "\r\t\x0b\x00\x85\xa0\xad\u200b\u200d\u202e\u202f\u2009\u3000\u2028\u2060\ufeff\ufe0f"
    "\u2018\u2019\u201c\u201d\xab\xbb\u2026\u2011\u2013\u2212\uff11\uff05\U0001f600"
)
_TEXTS = st.text(st.sampled_from(_TELLING), max_size=30) | st.text(max_size=30)


def _boundaries(folding: Folding) -> list[int]:
    """The positions at which an indivisible stretch of the original begins, and the end."""
    length = len(folding.text)
    origins = [folding.to_original(position) for position in range(length + 1)]
    return [p for p in range(length) if p == 0 or origins[p] != origins[p - 1]] + [length]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("l\u2019IA", "l'IA"),
        ("\u2018a\u2019 \u2039b\u203a 5\u2032", "'a' 'b' 5'"),
        ("\u201cNhất\u201d \u201eb\u201f", '"Nhất" "b"'),
        ("\xab\xa0oui\xa0\xbb", '" oui "'),
        ("17,9\u202fmilliards\xa0d\u2019euros", "17,9 milliards d'euros"),
        ("a\u2009b\u3000c\td", "a b c d"),
        ("2024\u20132027 \u2014 e\u2011mail \u22125", "2024-2027 - e-mail -5"),
        ("tr\xadans\u200bport\u2060s\ufeff", "transports"),
        ("\u202eabc\u202c\u200f", "abc"),
        ("a\r\nb\rc\x0bd\u2028e\nf", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x07c\x1bd\x9be", "abcde"),
        ("fin\u2026", "fin..."),
        ("\uff11\uff12\uff0c\uff15\uff05", "12,5%"),
        ("tie\u0302\u0301ng Vie\u0323\u0302t", "tiếng Việt"),
        ("E\u0301nergie", "Énergie"),
        ("e\u200b\u0301", "é"),
        ("50 m\xb2, đồng, Ω", "50 m\xb2, đồng, Ω"),
        ("", ""),
        ("\ufeff\u200b", ""),
    ],
)
def test_each_variant_of_writing_is_folded_to_one_spelling(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@given(_TEXTS)
def test_folding_folded_text_changes_nothing(text: str) -> None:
    once = fold(text).text
    twice = fold(once)
    assert twice.text == once
    assert [twice.to_original(p) for p in range(len(once) + 1)] == list(range(len(once) + 1))


def test_folding_is_stable_and_blind_to_composition_for_every_character() -> None:
    every = "\n".join(chr(point) for point in [*range(0xD800), *range(0xE000, 0x20000)])
    folded = fold_text(every)
    assert fold_text(folded) == folded
    assert fold_text(normalize("NFD", every)) == folded
    assert fold_text(normalize("NFC", every)) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("0\u00c0\u00b9", "0\u00c0"),
        ("d\u00e9j\u00e0[5]", "d\u00e9j\u00e0"),
        ("0A\u00b9\u0300\u00b2", "0\u00c0"),
        ("word[1]\u00b2", "word"),
    ],
)
def test_footnotes_are_left_out_however_the_letter_before_is_written(
    written: str, folded: str
) -> None:
    for form in ("NFC", "NFD"):
        assert fold_text(normalize(form, written)) == folded


@given(_TEXTS)
def test_composed_and_decomposed_text_fold_equal(text: str) -> None:
    assert fold_text(normalize("NFD", text)) == fold_text(normalize("NFC", text)) == fold_text(text)


@given(_TEXTS)
def test_positions_survive_the_round_trip_at_the_boundaries(text: str) -> None:
    folding = fold(text)
    for position in _boundaries(folding):
        assert folding.to_folded(folding.to_original(position)) == position


@given(_TEXTS)
def test_both_maps_are_monotone_and_stay_inside_the_text(text: str) -> None:
    folding = fold(text)
    origins = [folding.to_original(position) for position in range(len(folding.text) + 1)]
    images = [folding.to_folded(position) for position in range(len(text) + 1)]
    assert all(before <= after for before, after in pairwise(origins))
    assert all(before <= after for before, after in pairwise(images))
    assert 0 <= origins[0] <= origins[-1] <= len(text)
    assert 0 <= images[0] <= images[-1] <= len(folding.text)


@given(_TEXTS, st.data())
def test_a_slice_of_the_original_folds_to_the_slice_of_the_folded_text(
    text: str, data: st.DataObject
) -> None:
    folding = fold(text)
    places = st.sampled_from(_boundaries(folding))
    start, end = sorted((data.draw(places), data.draw(places)))
    original = text[folding.to_original(start) : folding.to_original(end)]
    assert fold_text(original) == folding.text[start:end]
    if start < end:
        first, last = folding.span(start, end)
        assert fold_text(text[first:last]) == folding.text[start:end]


def test_a_slice_holds_the_combining_marks_and_the_span_leaves_out_what_was_removed() -> None:
    original = "\ufeffVie\u0323\u0302t \u200bNam\u200b \u2026\ufeff"
    folding = fold(original)
    assert folding.text == "Việt Nam ..."
    assert original[folding.to_original(0) : folding.to_original(4)] == "Vie\u0323\u0302t"
    start, end = folding.span(5, 8)
    assert original[start:end] == "Nam"
    assert original[folding.to_original(9) : folding.to_original(12)] == "\u2026"


def test_every_part_of_an_ellipsis_leads_to_the_one_original_character() -> None:
    folding = fold("a\u2026b")
    assert [folding.to_original(position) for position in range(6)] == [0, 1, 1, 1, 2, 3]
    assert folding.span(2, 3) == (1, 2)


@pytest.mark.parametrize("text", ["plain", "l\u2019IA"])
def test_a_position_outside_the_text_is_refused(text: str) -> None:
    folding = fold(text)
    for position in (-1, len(folding.text) + 1):
        with pytest.raises(IndexError):
            folding.to_original(position)
    for start, end in ((-1, 2), (0, len(folding.text) + 1), (2, 2)):
        with pytest.raises(IndexError):
            folding.span(start, end)


def test_equal_foldings_are_equal_and_hashable() -> None:
    assert fold("l\u2019IA") == fold("l\u2019IA")
    assert len({fold("l\u2019IA"), fold("l\u2019IA"), fold("IA")}) == 2


def test_piled_up_combining_marks_are_cut_to_what_a_language_can_use() -> None:
    assert fold_text("e" + "\u0301" * 1000 + "x") == "é" + "\u0301" * 29 + "x"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Công ty đầu tư 5 tỷ đồng. " * 8000, 1.0),
        ("The firm invests $5bn. " * 9000, 1.0),
        ("\u201cl\u2019\u2026\u201d" * 40_000, 6.0),
        (normalize("NFD", "thỏa thuận được ký ") * 8000, 6.0),
        ("\u200b" * 200_000, 6.0),
        ("e" + "\u0301\u0323" * 100_000, 6.0),
    ],
    ids=["vietnamese", "english", "typographic", "decomposed", "invisible", "piled marks"],
)
def test_folding_a_long_text_is_fast(text: str, seconds: float) -> None:
    # Ten times what it takes, for busy machines: what is not linear takes minutes.
    began = time.process_time()
    fold(text)
    assert time.process_time() - began < seconds
