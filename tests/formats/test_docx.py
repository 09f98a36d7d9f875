"""DOCX: what its reader sees in the body of the document."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from extractor.errors import ArticleError, ArticleTooLarge, InputError
from extractor.formats import Document, read_document
from tests.formats.files import docx, paragraph, styles, table
from tests.formats.pages import WORDS

_SECRET = "XYZZYPLUGH"


def _read(data: bytes, max_characters: int = 200_000) -> Document:
    return read_document(data, name="notes.docx", max_characters=max_characters)


@pytest.mark.parametrize("language", WORDS)
def test_paragraphs_headings_and_rows_of_tables(language: str) -> None:
    title, first, second = WORDS[language]
    body = (
        paragraph(title, properties='<w:pStyle w:val="Title"/>')
        + paragraph(first)
        + table(("2025", "3"), ("2026", "3"))
        + paragraph(second)
    )
    document = _read(docx(body))
    assert document.text == f"{title}\n{first}\n2025 | 3\n2026 | 3\n{second}"
    assert document.title == title
    assert document.published_at is None


def test_the_declared_title_counts_more() -> None:
    assert _read(docx(paragraph("Text."), title="Port buys tugs")).title == "Port buys tugs"


def test_words_in_many_runs_links_and_signs() -> None:
    body = (
        "<w:p><w:r><w:t>Kestrel </w:t></w:r><w:hyperlink><w:r><w:t>Lines</w:t></w:r></w:hyperlink>"
        "<w:r><w:tab/><w:t>will buy long</w:t><w:noBreakHyphen/><w:t>term</w:t></w:r>"
        "<w:ins><w:r><w:t> leases</w:t></w:r></w:ins><w:r><w:br/><w:t>and tugs.</w:t></w:r></w:p>"
    )
    assert _read(docx(body)).text == "Kestrel Lines will buy long-term leases\nand tugs."


def test_a_text_box_is_read_once_and_a_table_in_a_table_too() -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Before.</w:t><mc:AlternateContent><mc:Choice><w:drawing>"
        f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    nested = table(("a", "b")).replace(paragraph("b"), table(("c", "d")) + paragraph("e"))
    assert _read(docx(body + nested)).text == "Before.\nIn the box.\na | c | d e"


@pytest.mark.parametrize(
    "hidden",
    [
        paragraph(_SECRET, run="<w:vanish/>"),
        paragraph(_SECRET, run='<w:vanish w:val="true"/>'),
        paragraph(_SECRET, run="<w:webHidden/>"),
        paragraph(_SECRET, run='<w:rStyle w:val="Unseen"/>'),
        paragraph(_SECRET, properties='<w:pStyle w:val="Unseen"/>'),
        f"<w:p><w:del><w:r><w:delText>{_SECRET}</w:delText></w:r></w:del></w:p>",
        f"<w:p><w:moveFrom><w:r><w:t>{_SECRET}</w:t></w:r></w:moveFrom></w:p>",
        f"<w:p><w:r><w:instrText>{_SECRET}</w:instrText></w:r></w:p>",
        f"<!-- {_SECRET} -->",
    ],
)
def test_what_is_hidden_or_deleted_never_reaches_the_text(hidden: str) -> None:
    document = _read(docx(paragraph("Seen.") + hidden, parts={"word/styles.xml": styles("Unseen")}))
    assert document.text == "Seen."


def test_what_is_marked_as_not_hidden_is_read() -> None:
    assert _read(docx(paragraph("Seen.", run='<w:vanish w:val="0"/>'))).text == "Seen."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty|holds no|damaged"),
        (b"PK\x03\x04 word/ and nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "password"),
        (docx(""), "no text"),
        (docx("<w:p>"), "damaged"),
        (docx(paragraph("&undeclared;")), "damaged"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        _read(data)


def test_a_document_type_is_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
    with pytest.raises(ArticleError, match="document type"):
        _read(docx("", parts={"word/document.xml": bomb}))


def test_what_unpacks_to_far_more_than_it_is_is_refused() -> None:
    bomb = docx("", parts={"word/document.xml": " " * 40_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(ArticleTooLarge, match="unpacks"):
        _read(bomb)


def test_a_lie_about_the_unpacked_size_does_not_help() -> None:
    bomb = bytearray(docx("", parts={"word/document.xml": " " * 60_000_000}))
    size = (60_000_000).to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(InputError):
        _read(bytes(bomb))


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(InputError, match="nest"):
        _read(docx("<w:ins>" * 500 + "</w:ins>" * 500))


def test_too_many_parts_or_characters_are_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for number in range(10_001):
            packed.writestr(f"word/{number}", "")
    with pytest.raises(ArticleTooLarge, match="parts"):
        _read(out.getvalue())
    with pytest.raises(ArticleTooLarge, match="characters"):
        _read(docx(paragraph("word " * 100)), max_characters=100)
