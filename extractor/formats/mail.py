"""Mail: its plain text, else its HTML; the subject is the title, the Date its day.

Attachments are not read.
"""

from __future__ import annotations

import re
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Final

from extractor.errors import ArticleError, ArticleTooLarge, require
from extractor.formats.charsets import decode_markup
from extractor.formats.document import Extracted
from extractor.formats.limits import PARTS, TITLE_CHARACTERS, Limits
from extractor.version import VERSION

_PART: Final = re.compile(rb"(?im)^content-type:")
_SIGNATURE: Final = "-- "
_HEADERS: Final = ("from", "to", "date", "subject", "message-id", "received", "mime-version")


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The words of a mail.

    Raises:
        ArticleError: it is none, or holds no text.
        ArticleTooLarge: it has more characters than an article may.
        MissingExtra: it is in HTML, and the packages that read that are not installed.
    """
    # The parser takes its time for each part, and more for parts in each other.
    if len(_PART.findall(data)) > PARTS:
        raise ArticleTooLarge(f"The mail has over {PARTS} parts.", hint="Give the text itself.")
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    if not any(name in message for name in _HEADERS):
        raise ArticleError("The file is no mail: it has no header.", hint="Give its text.")
    part = message.get_body(preferencelist=("plain", "html"))
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes) or not content.strip():
        raise ArticleError(
            "The mail holds no text: it is empty, encrypted, or has attachments only.",
            hint="Give the attachment, or the text itself.",
        )
    told = _charset(part)
    found = (
        _html(content, told, most)
        if part.get_content_type() == "text/html"
        else _plain(content, told, part)
    )
    if len(found.text) > most.characters:
        raise ArticleTooLarge(f"The article has over {most.characters} characters.")
    day = _day(message)
    return [
        Extracted(
            text=found.text,
            title=_subject(message) or found.title,
            published_at=day,
            published_at_source="mail:date" if day else None,
            extractor=found.extractor,
            extractor_version=found.extractor_version,
        )
    ]


def _plain(content: bytes, charset: str | None, part: MIMEPart) -> Extracted:
    text = decode_markup(content, charset).replace("\r\n", "\n").replace("\0", "")
    text = _without_signature(text)
    if part.get_param("format") == "flowed":
        text = _unflowed(text, joins_words=part.get_param("delsp") == "yes")
    return Extracted(text=text, extractor="mail", extractor_version=VERSION)


def _html(content: bytes, charset: str | None, most: Limits) -> Extracted:
    require("trafilatura", extra="html", wanted="Reading a mail in HTML")
    from extractor.formats import html

    try:
        (found,) = html.read(content, charset, most)
    except ArticleTooLarge:
        raise
    except ArticleError:
        # A letter is no page: it may have nothing that looks like an article.
        text = html.read_fragment(decode_markup(content, charset))
        found = Extracted(text=text, extractor="mail", extractor_version=VERSION)
    if not found.text.strip():
        raise ArticleError("The mail holds no text.", hint="Give the text itself.")
    return found


def _charset(part: MIMEPart) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def _subject(message: EmailMessage) -> str | None:
    # Python's parser of headers fails on some broken ones with whatever error comes up.
    try:
        subject = str(message["subject"] or "")
    except Exception:
        return None
    return " ".join(subject.encode("utf-8", "ignore").decode().split())[:TITLE_CHARACTERS] or None


def _day(message: EmailMessage) -> date | None:
    """The day of sending, where it was sent."""
    try:
        sent = getattr(message["date"], "datetime", None)
        return sent.date() if sent else None
    except Exception:
        return None


def _unflowed(text: str, *, joins_words: bool = False) -> str:
    """The text of RFC 3676: a line that ends in a space goes on in the next one."""
    joined: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        words = line[1:] if line.startswith(" ") else line
        if goes_on and not words.startswith(">"):
            joined[-1] += words
        else:
            joined.append(words)
        goes_on = words.endswith(" ")
        if goes_on and joins_words:
            joined[-1] = joined[-1][:-1]
    return "\n".join(joined)


def _without_signature(text: str) -> str:
    """The text up to the line that begins a signature."""
    lines = text.split("\n")
    return "\n".join(lines[: lines.index(_SIGNATURE)] if _SIGNATURE in lines else lines)
