"""The seeds as pages, PDFs, DOCX and mails: each is read as the sentences of its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final

import pytest

from extractor.article import read_article
from extractor.formats import media, read_document
from tests.formats import files
from tests.formats.pdfs import Line, paragraph, pdf

_SEEDS: Final = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
_TOP: Final = 120
_BOTTOM: Final = 700


def _page(text: str) -> bytes:
    inside = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return (
        "<html><body><nav><a href='/'>Home</a></nav>"
        f"<article>{inside}</article><footer>© 2024</footer></body></html>"
    ).encode()


def _docx(text: str) -> bytes:
    return files.docx("".join(files.paragraph(escape(line)) for line in text.splitlines()))


def _pdf(text: str, columns: tuple[float, ...]) -> bytes:
    """Pages of one column or more, with a little room between paragraphs."""
    pages: list[list[Line]] = [[]]
    column, y = 0, _TOP
    for told in filter(None, map(str.strip, text.splitlines())):
        for line in paragraph(told, y=0, characters=90 // len(columns) - 2):
            if y > _BOTTOM:
                column, y = column + 1, _TOP
                if column == len(columns):
                    column = 0
                    pages.append([])
            pages[-1].append(replace(line, x=columns[column], y=y))
            y += 12
        y += 8
    return pdf(*pages)


_FORMS: Final[dict[str, tuple[str, Callable[[str], bytes]]]] = {
    "html": (media.HTML, _page),
    "docx": (media.DOCX, _docx),
    "mail": (media.MAIL, files.mail),
    "mail in html": (media.MAIL, lambda text: files.mail(html=_page(text).decode())),
    "pdf": (media.PDF, lambda text: _pdf(text, (60,))),
    "pdf in columns": (media.PDF, lambda text: _pdf(text, (60, 320))),
}


def _sentences(text: str) -> list[str]:
    return [" ".join(sentence.text.split()) for sentence in read_article(text).sentences]


@pytest.mark.parametrize("seed", _SEEDS, ids=lambda seed: seed.stem)
@pytest.mark.parametrize("form", _FORMS)
def test_a_document_is_read_as_the_sentences_of_its_text(seed: Path, form: str) -> None:
    text = seed.read_text(encoding="utf-8")
    kind, make = _FORMS[form]
    assert _sentences(read_document(make(text), media_type=kind).text) == _sentences(text)
