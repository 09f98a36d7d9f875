"""What a pattern needs is read from it, so that texts without that are never searched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.labels.dataset import load_corpus
from extractor.article import read_article
from extractor.article.order_signs import OrderSigns, order_signs
from extractor.languages import LANGUAGES
from extractor.languages.cases import cases_of
from extractor.languages.cues import shipped_cues
from extractor.languages.patterns import any_word
from extractor.languages.prefilter import Sparing, letters_of
from extractor.mentions.calendar.patterns import calendar_patterns
from extractor.records import Language

_CHALLENGE = Path("gold/challenge")
_LETTERS = "abkſiİ1 -."


def _needed(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> list[set[str]]:
    needs = Sparing(pattern, flags).needs
    return sorted((set(need.words | need.parts) for need in needs), key=sorted)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bfunds?\b", [{"fund", "funds"}]),
        (r"(?<!\w)(?:in|by)\s+(?:the\s+)?year(?!\w)", [{"in", "by"}, {"year"}]),
        (r"(?:19|20)[0-9]{2}-", [{"19", "20"}, {f"{n}-" for n in range(10)}]),
        (r"<!--.*?-->", [{"<!--"}, {"-->"}]),
        (r"(?:a|bc*)d?", [{"a", "b"}]),
        (r"(?:fund)?(?:ing)*", []),
        (r"[^a]\w.", []),
        (r"(?=fund)\w+", []),
        (r"(?>atomic)", []),
        (r"\x41b\u00e9c", [{"b"}, {"c"}]),
        (r"(a)b\1c", [{"ab"}, {"c"}]),
        (r"(?x) fund s", []),
        (r"(?a:fund)", []),
    ],
)
def test_needs_are_the_words_and_signs_that_every_match_holds(
    pattern: str, needed: list[set[str]]
) -> None:
    assert _needed(pattern) == sorted(needed, key=sorted)


def test_where_blanks_part_no_words_a_word_is_looked_for_within_others() -> None:
    text = "資金を提供する"
    assert Sparing(r"(?<!\w)提供(?!\w)", re.ASCII).search(text)
    assert Sparing(r"(?<!\w)提供(?!\w)").search(text) is None


@st.composite
def _patterns(draw: st.DrawFn, depth: int = 2) -> str:
    part = st.sampled_from(
        [*(re.escape(one) for one in _LETTERS), "[ab]", "[^a]", r"\w", r"\s+", r"\b", ".", "[0-9]"]
        + [r"(?<!\w)", r"(?!\w)", "(?=a)", "(?!b)"]
    )
    row = []
    for _ in range(draw(st.integers(1, 4))):
        piece = draw(part)
        if depth and draw(st.booleans()):
            rows = [draw(_patterns(depth=depth - 1)) for _ in range(draw(st.integers(1, 3)))]
            piece = f"(?:{'|'.join(rows)})"
        repeated = draw(st.sampled_from(["", "", "", "?", "?", "+", "{2}", "{1,2}", "{0,1}"]))
        alone = piece.startswith((r"\b", r"\s+", "(?<", "(?!", "(?="))
        row.append(piece if alone else piece + repeated)
    return "".join(row)


@settings(deadline=None)
@given(_patterns(), st.text(_LETTERS, max_size=8))
def test_a_sparing_pattern_finds_what_the_pattern_finds(pattern: str, text: str) -> None:
    sparing = Sparing(pattern, re.IGNORECASE)
    found = [match.span() for match in sparing.pattern.finditer(text)]
    assert [match.span() for match in sparing.finditer(text)] == found
    if found:
        assert sparing.may_match_within(letters_of(f"a{text}b"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sparing_finds_in_articles_what_the_patterns_find(language: Language) -> None:
    signs = order_signs()
    sparing = [phrase.pattern for phrase in calendar_patterns(language).phrases]
    sparing += [
        getattr(signs, name) for name in OrderSigns.__dataclass_fields__ if name != "openings"
    ]
    for item in load_corpus(_CHALLENGE).items[::2]:
        for sentence in read_article(item.text).sentences:
            text = sentence.text
            for each in sparing:
                plain = [match.span() for match in each.pattern.finditer(text)]
                assert [match.span() for match in each.finditer(text)] == plain, each.pattern
            for cue in shipped_cues().cues:
                spans = shipped_cues().spans(cue, text, language)
                assert shipped_cues().has(cue, text, language) == bool(spans)


def test_the_cases_of_a_letter_are_all_that_match_it_in_any_case() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x1F000))))
    letters = {letter for letter in map(chr, range(0x250)) if letter == letter.lower()}
    letters |= set(map(chr, range(0x1E00, 0x1F00)))
    known = {
        letter: cases for letter in letters if (cases := cases_of(letter)) and letter.isalpha()
    }
    assert known.keys() >= {*"abcdefghijklmnopqrstuvwxyzàâéèêîôùûçăâđêôơưạảấầ"}
    for letter, cases in known.items():
        assert {*re.findall(re.escape(letter), every, re.IGNORECASE)} == {*cases}


@settings(deadline=None)
@given(st.lists(st.text(_LETTERS, min_size=1, max_size=4), max_size=8), st.text(_LETTERS))
def test_any_word_is_the_longest_word_at_the_first_place(words: list[str], text: str) -> None:
    longest = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    plain = [match.span() for match in re.finditer(longest, text, re.IGNORECASE)]
    for flags in (re.NOFLAG, re.IGNORECASE):
        assert [match.span() for match in re.finditer(any_word(words), text, flags)] == plain
