"""PDF: what stands on the pages, as flowing text; made by a writer of our own."""

from __future__ import annotations

import time

import pytest

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import Document, limits, pdf, read_document
from extractor.formats.limits import Limits
from tests.formats.pages import WORDS
from tests.formats.pdfs import HEIGHT, WIDTH, Line, paragraph, width_of
from tests.formats.pdfs import pdf as written

_SECRET = "XYZZYPLUGH"
_FIRST = (
    "Kestrel Lines will buy six electric tugs for 90 million euros, the company said on Thursday, "
    "and wants to run them between the two harbours of the region from next year on."
)
_SECOND = (
    "The port authority of Merrowick has approved the purchase and will build the chargers for "
    "them at its own cost, as it had promised in the spring of the year before."
)
_PICTURE = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"


def _read(data: bytes) -> Document:
    return read_document(data, media_type="application/pdf")


def _two(y: float = 100, x: float = 60, characters: int = 90) -> list[Line]:
    first = paragraph(_FIRST, y=y, x=x, characters=characters)
    return first + paragraph(_SECOND, y=first[-1].y + 20, x=x, characters=characters)


@pytest.mark.parametrize("language", WORDS)
def test_broken_lines_become_paragraphs_again(language: str) -> None:
    title, first, second = WORDS[language]
    lines = [Line(title, y=80, size=18)]
    lines += paragraph(first, y=120, characters=40)
    lines += paragraph(second, y=170, characters=40)
    assert _read(written(lines)).text == f"{title}\n{first}\n{second}"


def test_paragraphs_that_are_only_indented_are_told_apart() -> None:
    lines = paragraph(_FIRST, y=100)
    below = paragraph("   " + _SECOND, y=lines[-1].y + 12)
    indented = [Line(below[0].text.strip(), 75, below[0].y), *below[1:]]
    assert _read(written(lines + indented)).text == f"{_FIRST}\n{_SECOND}"


def test_columns_are_read_one_after_the_other() -> None:
    title = Line("The tugs of the port, and what they will cost the town", y=80, size=16)
    columns = paragraph(_FIRST, y=120, characters=40) + paragraph(
        _SECOND, x=320, y=120, characters=40
    )
    expected = f"{title.text}\n{_FIRST}\n{_SECOND}"
    assert _read(written([title, *columns])).text == expected
    by_rows = sorted([title, *columns], key=lambda line: line.y)
    assert _read(written(by_rows)).text == expected


def test_a_line_over_both_columns_parts_what_is_above_from_what_is_below() -> None:
    def pair(y: float, left: str, right: str) -> list[Line]:
        return [
            *paragraph(f"{left} {_FIRST}", y=y, characters=40),
            *paragraph(f"{right} {_SECOND}", y=y, x=320, characters=40),
        ]

    across = Line("What the council decided on the evening of the same day in its hall", y=250)
    text = _read(written([*pair(100, "One:", "Two:"), across, *pair(300, "Three:", "Four:")])).text
    order = [text.index(word) for word in ("One:", "Two:", "What the", "Three:", "Four:")]
    assert order == sorted(order)


def test_a_column_goes_on_in_the_next_one_and_on_the_next_page() -> None:
    words = f"{_FIRST} {_SECOND}"
    lines = paragraph(words, y=100, characters=40)
    half, rest = lines[:4], lines[4:]
    right = [Line(line.text, 320, 100 + 12 * at) for at, line in enumerate(rest)]
    assert _read(written(half + right)).text == words
    document = _read(written(half, [Line(line.text, y=line.y) for line in rest]))
    assert document.text == words
    assert document.pages == (0, words.index(rest[0].text))


def test_a_name_at_the_top_of_a_column_begins_no_paragraph() -> None:
    towns = "Merrowick, Varnholt, Eastmarch, Northgate, Southgate, Kestrel, Tollgate, Fernhill, "
    words = f"The tugs are for the towns of {towns * 2}and for Westhaven."
    lines = paragraph(words, y=100, characters=40)
    at = 3
    assert lines[at].text[0].isupper()
    right = [Line(line.text, 320, 100 + 12 * row) for row, line in enumerate(lines[at:])]
    assert _read(written(lines[:at] + right)).text == words


def test_words_that_a_line_broke_are_whole_again() -> None:
    lines = [
        Line("Kestrel Lines will buy six elec-", y=100),
        Line("tric tugs and a long-", y=112),
        Line("term lease. The long-term plan and the co\u00ad", y=124),
        Line("operation stand.", y=136),
    ]
    assert _read(written(lines)).text == (
        "Kestrel Lines will buy six electric tugs and a long-term lease. The long-term plan and "
        "the cooperation stand."
    )


def test_headers_footers_and_numbers_of_pages_are_left_out() -> None:
    pages = [
        [
            Line(f"The Merrowick Gazette, issue 7, sheet {number}", y=40),
            *paragraph(f"On day {number} this was so. {_FIRST}", y=200),
            Line(f"Page {number} of 3", y=HEIGHT - 30),
            Line(str(number), x=500, y=HEIGHT - 30),
        ]
        for number in (1, 2, 3)
    ]
    document = _read(written(*pages))
    assert "Gazette" not in document.text
    assert "Page" not in document.text
    assert document.text.count(_FIRST) == 3
    assert document.pages == tuple(document.text.index(f"On day {n}") for n in (1, 2, 3))


def test_what_stands_once_in_a_margin_is_read() -> None:
    assert "Gazette" in _read(written([Line("The Merrowick Gazette", y=40), *_two()])).text


def test_a_table_is_read_by_rows() -> None:
    rows = [("Year", "Tugs", "Cost"), ("2025", "3", "45"), ("2026", "3", "45"), ("all", "6", "90")]
    lines = [
        Line(cell, x=60 + 120 * column, y=300 + 14 * row)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    ]
    text = _read(written(_two() + lines)).text
    assert "\nYear | Tugs | Cost\n2025 | 3 | 45\n2026 | 3 | 45\nall | 6 | 90" in text


@pytest.mark.parametrize(
    "hidden",
    [
        Line(_SECRET, y=400, mode=3),
        Line(_SECRET, y=400, color="1 1 1"),
        Line(_SECRET, y=400, size=0.8),
        Line(_SECRET, x=-300, y=400),
        Line(_SECRET, y=HEIGHT + 50),
        Line(_SECRET, y=400, turned=True),
    ],
    ids=["not drawn", "white", "tiny", "beside", "below", "askew"],
)
def test_what_cannot_be_seen_never_reaches_the_text(hidden: Line) -> None:
    text = _read(written([*_two(), hidden])).text
    assert text == f"{_FIRST}\n{_SECOND}"


def test_white_words_on_a_dark_ground_are_read_and_on_a_white_one_not() -> None:
    ground = f"q %s rg 40 {HEIGHT - 420} 300 40 re f Q"
    words = [*_two(), Line(_SECRET, y=400, color="1 1 1")]
    assert _SECRET in _read(written(words, before=ground % "0 0 0.4")).text
    assert _SECRET not in _read(written(words, before=ground % "1 1 1")).text


def test_recognised_text_under_a_scanned_page_is_read() -> None:
    lines = [Line(line.text, line.x, line.y, mode=3) for line in _two()]
    assert _read(written(lines, before=_PICTURE)).text == f"{_FIRST}\n{_SECOND}"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_that_is_turned_is_read_as_it_is_shown(rotate: int) -> None:
    columns = paragraph(_FIRST, y=120, characters=40) + paragraph(
        _SECOND, x=320, y=120, characters=40
    )
    assert _read(written(columns, rotate=rotate)).text == f"{_FIRST}\n{_SECOND}"


def test_a_scanned_document_is_told() -> None:
    with pytest.raises(ArticleError, match="scanned") as caught:
        _read(written([], [Line("7", y=800)], before=_PICTURE))
    assert "OCR" in caught.value.advice


def test_a_locked_document_is_told() -> None:
    locked = (
        "/Encrypt<</Filter/Standard/V 1/R 2/P -4"
        f"/O<{'00' * 32}>/U<{'11' * 32}>>>/ID[<{'22' * 16}><{'22' * 16}>]"
    )
    with pytest.raises(ArticleError, match="password"):
        _read(written(_two(), trailer=locked))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 5_000, b"words"])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    with pytest.raises(ArticleError, match="damaged|none"):
        _read(data)


def test_an_empty_document_is_told() -> None:
    with pytest.raises(ArticleError, match="no text"):
        _read(written([]))


def test_limits_on_pages_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(*[_two()] * 3)
    with pytest.raises(ArticleTooLarge, match="characters"):
        read_document(data, media_type="application/pdf", max_characters=100)
    monkeypatch.setattr(limits, "PAGES", 2)
    with pytest.raises(ArticleTooLarge, match="3 pages"):
        pdf.read(data, None, Limits())


def test_the_title_is_taken_unless_it_is_the_name_of_a_file() -> None:
    assert _read(written(_two(), title="Port buys tugs")).title == "Port buys tugs"
    for name in ("report_final.docx", "Microsoft Word - tugs", ""):
        assert _read(written(_two(), title=name)).title is None


def test_no_date_is_taken_from_the_file() -> None:
    document = _read(written(_two()))
    assert (document.published_at, document.published_at_source) == (None, None)


def test_a_page_is_read_in_less_than_a_fifth_of_a_second() -> None:
    lines = [line for y in range(110, 730, 50) for line in paragraph(_FIRST, y=y)]
    data = written(*[lines] * 10)
    _read(data)
    started = time.perf_counter()
    assert _read(data).text.count("Kestrel") == 10 * len(range(110, 730, 50))
    assert time.perf_counter() - started < 10 * 0.2


def test_the_writer_of_the_tests_knows_how_wide_its_words_are() -> None:
    assert width_of("four", 10) == 20
