"""PDF: what can be seen on its pages, by PDFium, in reading order and as flowing text.

Its dates are not taken: they say when the file was made, which may be long after the article.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import limits
from extractor.formats.document import Extracted
from extractor.formats.layout import Page, segments_of
from extractor.formats.limits import TITLE_CHARACTERS, Limits
from extractor.formats.paragraphs import flowing_text
from extractor.formats.running import without_running
from extractor.formats.seeing import characters_of, pictured

# Fewer characters a page than this, and the text is that of a stamp, not of the page.
_FEWEST_A_PAGE: Final = 20
_MADE_BY: Final = ("microsoft word", "microsoft powerpoint", "untitled", "slide 1")


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The text, and where in it each page begins.

    Raises:
        ArticleError: it is locked, scanned or damaged, or holds no text.
        ArticleTooLarge: it has too many pages, or more characters than an article may.
    """
    with closing(_opened(data)) as document:
        count = len(document)
        if count > limits.PAGES:
            raise ArticleTooLarge(
                f"The PDF has {count} pages; the limit is {limits.PAGES}.",
                hint="Give the pages of one article.",
            )
        pages = list(_pages(document, most))
        title = _title(document)
    characters = sum(len(segment.text) for page in pages for segment in page.segments)
    if characters < _FEWEST_A_PAGE * max(1, len(pages)) and any(page.is_picture for page in pages):
        raise ArticleError(
            "The PDF is scanned: its pages are pictures and hold no text.",
            hint="Have a program recognise its text (OCR) and give the result.",
        )
    if not characters:
        raise ArticleError("The PDF holds no text.", hint="Give the text itself.")
    text, begins = flowing_text(without_running(pages))
    return [
        Extracted(
            text=text,
            title=title,
            pages=tuple(begins),
            extractor="pypdfium2",
            extractor_version=str(pypdfium2.PYPDFIUM_INFO.version),
        )
    ]


def _opened(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ArticleError(
                "The PDF is locked by a password.", hint="Save it without one."
            ) from None
        raise ArticleError(
            "The PDF is damaged or is none.", hint="Save it anew, or give its text."
        ) from None


def _pages(document: Any, most: Limits) -> Iterator[Page]:
    read = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield Page(0, 0, (), is_picture=False)
            continue
        with closing(page), closing(page.get_textpage()) as text:
            read += text.count_chars()
            # Twice: headers, hyphens and hidden words fall away.
            if read > 2 * most.characters:
                raise ArticleTooLarge(f"The article has over {most.characters} characters.")
            segments = tuple(segments_of(characters_of(page, text)))
            width, height = page.get_size()
            yield Page(width, height, segments, is_picture=pictured(page))


def _title(document: Any) -> str | None:
    """The title that the document declares, unless a program put its own words or a name there."""
    title = " ".join(str(document.get_metadata_dict().get("Title", "")).split())
    is_name = " " not in title or title.lower().startswith(_MADE_BY)
    return None if is_name else title[:TITLE_CHARACTERS]
