"""Whatever the format, a quote is cut from the text of its document, character by character."""

from __future__ import annotations

from bisect import bisect_right

import pytest

from extractor.extraction import Extractor
from extractor.formats import Document, media, read_document
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted
from tests.formats.files import docx, mail, paragraph
from tests.formats.pages import WORDS
from tests.formats.pdfs import Line, pdf

# An emoji of two code points, decomposed letters, a narrow space, a soft hyphen, a direction mark.
_ODD = "🚢🏽 Cảng e\u0301largi sẽ co\u00adopérer \u202aici\u202c: 12\u202f% des quais. "
_SENTENCE = "Kestrel Lines will buy six electric tugs for 90 million euros."
_TEXT = f"{_ODD}{_SENTENCE}"


def _extracted(document: Document) -> Extraction:
    def reply(request: ModelRequest) -> str:
        asked = wanted(request)
        found = [pledge(2, who=["Kestrel Lines"], what="tugs", money="m1")]
        return answer(found if "commitments" in asked else None, [] if "events" in asked else None)

    settings = Settings(strategy="document", store=None)
    with Extractor(ScriptedModel(reply), settings=settings) as extractor:
        return extractor.extract(document, language="en")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (media.TEXT, lambda text: text.encode()),
        (media.TEXT, lambda text: text.encode("utf-16")),
        (media.MARKDOWN, lambda text: text.replace("tugs", "**tugs**").encode()),
        (media.HTML, lambda text: f"<html><body><p>{text}</p></body></html>".encode()),
        (media.HTML, lambda text: f"<meta charset=utf-16><p>{text}</p>".encode("utf-16")),
        (media.DOCX, lambda text: docx(paragraph(text))),
        (media.MAIL, lambda text: mail(f"{text}\n")),
        (media.MAIL, lambda text: mail(html=f"<p>{text}</p>")),
        (
            media.PDF,
            lambda text: pdf([Line(part, y=100 + 40 * at) for at, part in enumerate(text.split())]),
        ),
    ],
)
def test_a_quote_is_cut_from_the_text(kind: str, make: object, line_end: str) -> None:
    assert callable(make)
    text = f"{_ODD.strip()}{line_end}{_SENTENCE}{line_end}"
    if kind == media.PDF:
        odd = [Line(_ODD, y=100), Line(_SENTENCE, y=150)]
        document = read_document(pdf(odd), media_type=kind)
    else:
        document = read_document(make(text), media_type=kind)
    extraction = _extracted(document)
    [record] = extraction.commitments
    for evidence in record.evidence:
        assert document.text[evidence.start : evidence.end] == evidence.quote
        assert evidence.quote == _SENTENCE
    assert extraction.article.characters == len(document.text)
    assert "🚢🏽" in document.text


def test_the_page_of_a_quote_is_known() -> None:
    first, second = WORDS["fr"][1], _SENTENCE
    document = read_document(pdf([Line(first)], [Line(second)], []), media_type=media.PDF)
    extraction = _extracted(document)
    source = extraction.article.source
    assert source is not None
    assert source.pages == [0, len(first) + 1, len(document.text)]
    [evidence] = extraction.commitments[0].evidence
    assert bisect_right(source.pages, evidence.start) == 2
