"""Plain text: itself."""

from __future__ import annotations

from extractor.article import decode_article
from extractor.errors import ArticleTooLarge
from extractor.formats.charsets import decode
from extractor.formats.document import Extracted
from extractor.formats.limits import Limits
from extractor.version import VERSION


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The text; UTF-8 or UTF-16 with a mark if no charset is declared.

    Raises:
        ArticleError: the bytes are no text in that charset.
        ArticleTooLarge: it has more characters than an article may.
    """
    text = decode_article(data) if charset is None else decode(data, charset)
    if len(text) > most.characters:
        raise ArticleTooLarge(f"The article has over {most.characters} characters.")
    return [Extracted(text=text, extractor="text", extractor_version=VERSION)]
