"""Text that was broken at the width of a page is read in paragraphs."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.article import Article, read_article

PARAGRAPHS = (
    "The ministry of Tervola said on Monday that it will give the town of Askel and its neighbours "
    "40 million euros for flood walls. The money is paid by the end of 2027, in three parts.",
    "Mayor Lida Orne called it a start. Work on the first wall, which is two kilometres long, "
    "begins in the spring, and the second one follows in the year after that.",
    "The regional bank adds a loan of 12 million euros. Nobody said who pays for the third wall.",
)


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in read_article(text).sentences]


def assert_quotes_are_exact(article: Article) -> None:
    for sentence in article.sentences:
        quote = article.original[sentence.start : sentence.end]
        assert article.quote(sentence) == quote
        assert quote.strip() == quote


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100])
@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_text_broken_at_any_width_has_the_sentences_of_its_paragraphs(
    width: int, between: str, indent: str
) -> None:
    wrapped = between.join(
        textwrap.fill(paragraph, width, initial_indent=indent) for paragraph in PARAGRAPHS
    )
    article = read_article(wrapped)
    assert [s.text for s in article.sentences] == sentences("\n".join(PARAGRAPHS))
    assert_quotes_are_exact(article)


def test_a_word_that_a_line_broke_is_whole_again_and_a_compound_keeps_its_hyphen() -> None:
    text = (
        "The council of Askel voted on Friday for the wall and for more inter-\n"
        "national help, which a long-term plan of the ministry asks for, and long-\n"
        "term loans of the regional bank follow, as the mayor of the town said in\n"
        "her speech."
    )
    [sentence] = sentences(text)
    assert "international help" in sentence
    assert "and long-term loans" in sentence


def test_a_soft_hyphen_at_the_end_of_a_line_joins_the_word() -> None:
    text = (
        "Le conseil de la ville d'Askel versera à la région, dès le prin\u00ad\n"
        "temps, une aide de 2,4 mil\u00ad\n"
        "liards d'euros."
    )
    [sentence] = sentences(text)
    assert sentence.endswith("dès le printemps, une aide de 2,4 milliards d'euros.")


def test_a_line_that_goes_on_in_small_letters_is_joined_in_any_text() -> None:
    text = "The bank of Tervola will lend the town of Askel\nan amount of 12 million euros."
    assert len(sentences(text)) == 1


def test_lines_that_end_where_they_like_are_not_joined() -> None:
    text = "\n".join(
        (
            "Signed in Askel",
            "Lida Orne, Mayor of the Town of Askel on the River",
            "Per Halm, Bank of Tervola",
            "For the ministry: Ana Sel, Deputy Minister of Water",
            "Rana Bel (Observer)",
        )
    )
    assert len(sentences(text)) == 5


def test_items_of_a_list_are_broken_where_their_lines_hang() -> None:
    text = (
        "The fund of the region pays for three things in the coming year, as its\n"
        "council said on Friday, and all of them are in the valley of the Orne:\n"
        "- a wall of two kilometres, with a path for people on foot and two gates\n"
        "  for boats;\n"
        "- a bridge for 3 million euros, for which the council waits since the last\n"
        "  flood;\n"
        "- a school."
    )
    assert len(sentences(text)) == 4


def test_a_number_of_a_page_within_a_sentence_is_left_out() -> None:
    text = (
        "The council of Askel voted on Friday for the wall and for more help\n"
        "from abroad, which the ministry asks for. All of this is to be\n"
        "\n"
        "                     Page 3 of 12\n"
        "\n"
        "done by the end of 2028."
    )
    assert sentences(text)[-1] == "All of this is to be done by the end of 2028."


def test_rows_of_a_table_are_never_joined() -> None:
    rows = "\n".join(
        f"| A town whose name is as long as a whole line {n} | {n} |" for n in range(9)
    )
    assert len(sentences(rows)) == 9


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="ab .-\n|\t1•(", max_size=90), max_size=12))
def test_whatever_is_joined_every_sentence_is_cut_from_the_original(lines: list[str]) -> None:
    text = "Askel pays. " + "\n".join(lines)
    assert_quotes_are_exact(read_article(text))
