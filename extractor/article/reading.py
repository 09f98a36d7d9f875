"""Reading: from what the caller gave to an article, or an error that says what to do instead."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from extractor.article.asides import without_asides
from extractor.article.body import find_body, find_boxes
from extractor.article.folding import Folding, fold
from extractor.article.language import UNDETERMINED, detect_language
from extractor.article.sentences import split_sentences
from extractor.article.structure import with_kinds
from extractor.article.tables import with_cells
from extractor.article.types import Article, Sentence
from extractor.article.wrapping import unwrapped
from extractor.errors import ArticleError, ArticleTooLarge, InputError
from extractor.languages import rules_of

_SIGNATURES: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document (docx, odt, epub)",
    b"\xd0\xcf\x11\xe0": "an old office document (doc)",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "an image or a recording (RIFF)",
    b"\x1f\x8b": "a gzip archive",
}
_ENCODINGS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "utf-8"),
)

_HTML_START: Final = re.compile(r"(?i)[\s\ufeff]*<(?:!doctype|\?xml|html|head|body)\b")
_TAG: Final = re.compile(
    r"(?i)</?(?:p|div|span|a|li|ul|ol|br|h[1-6]|img|td|tr|table|strong|em|b|i|script|style|meta"
    r"|section|article|figure|figcaption|blockquote)(?:\s[^<>]{0,1000})?/?>"
)
_FEWEST_TAGS: Final = 4
_CHARACTERS_PER_TAG: Final = 300
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ue000-\uf8ff]")
# Prose in a wrong encoding has about one accented letter in five turned into a sign of this kind.
_MOST_UNREADABLE: Final = 0.1
_LANGUAGE_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")


def decode_article(data: bytes) -> str:
    """The text of an article file: UTF-8 with or without a byte order mark, UTF-16 with one.

    The mark is not part of the text.

    Raises:
        ArticleError: it is anything else.
    """
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise ArticleError(
                f"The file is {kind}, not text.",
                hint="Convert it to text first; of PDF and DOCX say so by suffix or media type.",
            )
    mark, encoding = next(pair for pair in _ENCODINGS if data.startswith(pair[0]))
    text, bad_byte = _decode(data[len(mark) :], encoding)
    if bad_byte is not None:
        raise ArticleError(
            f"The file is not {encoding.upper()}: the byte at offset {len(mark) + bad_byte} "
            "does not fit.",
            hint="Save it as UTF-8, for example with `iconv -f windows-1252 -t utf-8`.",
        )
    if (position := text.find("\0")) >= 0:
        raise ArticleError(
            f"The file is binary, or UTF-16 without a byte order mark: NUL at offset {position}.",
            hint="Convert it to text, saved as UTF-8.",
        )
    return text


def _decode(data: bytes, encoding: str) -> tuple[str, int | None]:
    """The text, or the offset of the byte that does not fit."""
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        # Not chained: the exception holds the whole article.
        return "", error.start


def read_article(
    text: str,
    *,
    title: str | None = None,
    language: str | None = None,
    published_at: date | None = None,
    max_characters: int = 200_000,
) -> Article:
    """The article with its body cut into sentences.

    `language` is a BCP 47 tag of which the primary subtag is kept; without it the language of the
    body is detected.

    Raises:
        ArticleError: it is empty, HTML, or no readable text.
        ArticleTooLarge: it has more than `max_characters`.
        InputError: the language is no such tag.
    """
    if len(text) > max_characters:
        raise ArticleTooLarge(
            f"The article has {len(text)} characters; the limit is {max_characters}."
        )
    given_language = None if language is None else _primary_subtag(language)
    _refuse_unreadable(text)
    folding = fold(text)
    if not folding.text.strip():
        raise ArticleError("The article is empty.")
    folding = unwrapped(text, with_cells(text, folding))
    folding, asides = without_asides(
        text, folding, lambda folded: rules_of(given_language or detect_language(folded))
    )
    start, end = find_body(folding.text)
    body = folding.text[start:end]
    body_start, body_end = folding.span(start, end) if body else (0, 0)
    article = Article(
        original=text,
        folding=folding,
        body_start=body_start,
        body_end=body_end,
        language=given_language or detect_language(body or folding.text),
        sentences=(),
        title=_title(title),
        published_at=published_at,
        asides=asides,
    )
    boxes = find_boxes(folding.text, start, end)
    spans = [
        (first, last, paragraph)
        for first, last, paragraph in split_sentences(folding.text, start, end, article.rules)
        if not any(begin <= first and last <= finish for begin, finish in boxes)
    ]
    return replace(article, sentences=with_kinds(_sentences(text, folding, spans), article.rules))


def _title(title: str | None) -> str | None:
    """The title that the caller gave, without what in it speaks to a program."""
    if title is None:
        return None
    folding = fold(title)
    kept, asides = without_asides(title, folding, lambda _: UNDETERMINED)
    return (kept.text.strip() or None) if asides or kept is not folding else title


def _sentences(
    text: str, folding: Folding, spans: Iterable[tuple[int, int, int]]
) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            number,
            *_trimmed(text, *folding.span(start, end)),
            folding.text[start:end],
            start,
            paragraph,
        )
        for number, (start, end, paragraph) in enumerate(spans, start=1)
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space at its ends, which may stand for a mark in folded text."""
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def _primary_subtag(language: str) -> str:
    tag = _LANGUAGE_TAG.fullmatch(language.strip())
    if tag is None:
        raise InputError(
            "The language is not a BCP 47 tag.", hint="Give a tag like vi, fr, en or fr-CA."
        )
    return tag.group(1).lower()


def _refuse_unreadable(text: str) -> None:
    if not text or text.isspace():
        raise ArticleError("The article is empty.")
    if surrogate := _SURROGATE.search(text):
        raise ArticleError(
            f"The article holds half a character (a lone surrogate) at {surrogate.start()}.",
            hint="Decode the article again from its file, strictly.",
        )
    if len(_UNREADABLE.findall(text)) > _MOST_UNREADABLE * len(text):
        raise ArticleError(
            "The article is mostly control or replacement characters.",
            hint="Decode the file again with its own encoding, or convert it to text first.",
        )
    tags = sum(1 for _ in _TAG.finditer(text))
    if _HTML_START.match(text) or (
        tags >= _FEWEST_TAGS and tags * _CHARACTERS_PER_TAG >= len(text)
    ):
        raise ArticleError(
            "The article is HTML, not text.",
            hint="Say that it is: name the file .html, send it as text/html, or use read_document.",
        )
