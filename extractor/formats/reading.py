"""Reading a document: from bytes of any format to the articles in it.

Foreign formats are taken apart in a process of their own (`isolation`), which is killed when it
takes too long and cannot take more memory than it may. Nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from extractor.errors import ArticleError, ArticleTooLarge, InputError, require
from extractor.formats import limits, media
from extractor.formats.document import Document, Extracted
from extractor.formats.limits import Limits
from extractor.formats.readers import EXTRAS, OWN, READERS


def read_document(
    data: bytes | str | Path,
    *,
    media_type: str | None = None,
    name: str | None = None,
    max_characters: int = 200_000,
    seconds: float = 30.0,
) -> Document:
    """The article in a document: HTML, PDF, DOCX, mail, Markdown or plain text.

    Args:
        data: its bytes, or the path of its file.
        media_type: as in a Content-Type, with a charset where it has one; found if None.
        name: the name of its file, whose suffix helps to find the media type.
        max_characters: the most that its text may have.
        seconds: the most that taking it apart may take.

    Raises:
        InputError: it is no such document, is over a limit, holds no text, or several articles.
        MissingExtra: the packages that read its format are not installed.
        ServiceBusy: too many other documents are being read in this process.
    """
    documents = list(
        read_documents(
            data,
            media_type=media_type,
            name=name,
            max_characters=max_characters,
            seconds=seconds,
        )
    )
    if len(documents) != 1:
        raise ArticleError(
            f"The document is a feed of {len(documents)} articles.",
            hint="Read them with read_documents, or with `extractor extract FILE`.",
        )
    return documents[0]


def read_documents(
    data: bytes | str | Path,
    *,
    media_type: str | None = None,
    name: str | None = None,
    max_characters: int = 200_000,
    seconds: float = 30.0,
) -> Iterator[Document]:
    """Every article in a document, which is more than one only in a feed; else as `read_document`.

    Raises:
        InputError: it is no such document, is over a limit, or holds no text.
        MissingExtra: the packages that read its format are not installed.
        ServiceBusy: too many other documents are being read in this process.
    """
    if not isinstance(data, bytes):
        name = name or str(data)
        data = read_bytes(Path(data))
    if len(data) > limits.BYTES:
        raise ArticleTooLarge(
            f"The document has {len(data)} bytes; the limit is {limits.BYTES}.",
            hint="Split it into articles.",
        )
    kind = media.media_type_of(data, name, media_type)
    digest = hashlib.sha256(data).hexdigest()
    found = _extracted(kind, data, charset_of(media_type), Limits(max_characters, seconds))
    for each in found:
        values = {field.name: getattr(each, field.name) for field in fields(Extracted)}
        yield Document(**values, media_type=kind, bytes_sha256=digest)


def _extracted(kind: str, data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    if kind in OWN:
        return READERS[kind](data, charset, most)
    for module, extra in EXTRAS.get(kind, ()):
        require(module, extra=extra, wanted=f"Reading {kind}")
    # Here and not above: who reads plain text starts no process and need not know how.
    from extractor.formats.isolation import read_apart

    return read_apart(kind, data, charset, most)


def charset_of(media_type: str | None) -> str | None:
    """The charset that a Content-Type declares."""
    for parameter in (media_type or "").split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def read_bytes(path: Path, most: int = limits.BYTES) -> bytes:
    """The bytes of a file, one more than `most` at most.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise InputError("There is no such file.", hint="Check the name.") from None
    except IsADirectoryError:
        raise InputError("This is a folder.", hint="Name a file in it.") from None
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).") from None
