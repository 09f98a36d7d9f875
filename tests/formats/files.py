"""DOCX files and mails, made with the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def paragraph(text: str, *, properties: str = "", run: str = "") -> str:
    """A paragraph of one run with these properties of the paragraph and of the run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(body: str, *, title: str | None = None, parts: Mapping[str, str] | None = None) -> bytes:
    """A document with this body, and other parts of the file."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        f'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title or ""}'
        "</dc:title></cp:coreProperties>"
    )
    files = {
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}" xmlns:mc="{_MC}">'
            f"<w:body>{body}<w:sectPr/></w:body></w:document>"
        ),
        "docProps/core.xml": core,
        **(parts or {}),
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def styles(*hidden: str) -> str:
    """A part with styles whose text is hidden."""
    named = "".join(
        f'<w:style w:styleId="{name}"><w:rPr><w:vanish/></w:rPr></w:style>' for name in hidden
    )
    return f'<w:styles xmlns:w="{_W}">{named}</w:styles>'


def mail(
    plain: str | None = None,
    html: str | None = None,
    *,
    subject: str = "Port buys tugs",
    date: str = "Thu, 11 Apr 2024 23:30:00 -0500",
    charset: str = "utf-8",
) -> bytes:
    """A mail with its text in these forms."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "press@kestrel.example"
    message["To"] = "desk@gazette.example"
    message["Date"] = date
    if plain is not None:
        message.set_content(plain, charset=charset)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html", charset=charset)
    elif html is not None:
        message.set_content(html, subtype="html", charset=charset)
    return message.as_bytes()
