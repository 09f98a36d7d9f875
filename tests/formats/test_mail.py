"""Mail: its words, whichever form they have."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.article import read_article
from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import Document, read_document
from tests.formats.files import mail
from tests.formats.pages import WORDS, page

_FIRST = (
    "Kestrel Lines will buy six electric tugs for 90 million euros, the company\n"
    "said on Thursday, and wants to run them between the two harbours of the\n"
    "region from next year on."
)


def _read(data: bytes, max_characters: int = 200_000) -> Document:
    return read_document(data, name="a.eml", max_characters=max_characters)


@pytest.mark.parametrize(
    ("language", "charset"),
    [("en", "utf-8"), ("vi", "utf-8"), ("fr", "windows-1252"), ("en", "us-ascii")],
)
def test_subject_date_and_text(language: str, charset: str) -> None:
    title, first, second = WORDS[language]
    document = _read(mail(f"{first}\n\n{second}\n", subject=title, charset=charset))
    assert document.text.split() == f"{first} {second}".split()
    assert (document.title, document.media_type) == (title, "message/rfc822")
    # Where it was sent it was still Thursday.
    assert (document.published_at, document.published_at_source) == (
        date(2024, 4, 11),
        "mail:date",
    )


def test_plain_text_counts_more_than_html() -> None:
    assert _read(mail("In plain words.\n", page())).text == "In plain words.\n"


def test_html_is_read_as_a_page_and_a_letter_as_all_of_it() -> None:
    document = _read(mail(html=page()))
    assert document.text == "\n".join(WORDS["en"])
    assert document.extractor == "html"
    letter = "<table><tr><td>Dear reader,<br>the port will buy six tugs.</td></tr></table>"
    assert _read(mail(html=letter)).text == "Dear reader, the port will buy six tugs."
    hidden = _read(mail(html=f'<div style="display:none">XYZZYPLUGH</div><p>{WORDS["en"][1]}</p>'))
    assert hidden.text == WORDS["en"][1]


def test_lines_stay_as_the_mail_has_them_and_a_signature_is_left_out() -> None:
    listed = "It wants:\n- three tugs in 2025\n- three more in 2026"
    document = _read(mail(f"{_FIRST}\n\n{listed}\n-- \nThe press office\n"))
    assert document.text == f"{_FIRST}\n\n{listed}"
    # Broken lines are joined when the article is read, as those of any text are.
    assert read_article(document.text).sentences[0].text == _FIRST.replace("\n", " ")


def test_flowed_text_goes_on_where_it_says() -> None:
    flowed = mail("Kestrel will \nbuy tugs.\nNew line.\n").replace(
        b"text/plain;", b"text/plain; format=flowed;"
    )
    assert _read(flowed).text == "Kestrel will buy tugs.\nNew line.\n"


def test_attachments_are_not_read() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nThe port pays.\r\n"
        b"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a\r\n\r\n"
        b"XYZZYPLUGH\r\n--x--\r\n"
    )
    assert _read(raw).text.strip() == "The port pays."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"From: a@b.example\n\n",
        b"From: a@b.example\nContent-Type: image/png\n\nx",
        b"From: a@b.example\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\n--x--",
    ],
)
def test_a_mail_without_text_is_told(raw: bytes) -> None:
    with pytest.raises(ArticleError):
        _read(raw)


@pytest.mark.parametrize(
    "header",
    [
        b"Date: yesterday",
        b"Date: Thu, 99 Apr 2024 99:99:99 +9999",
        b"Subject: =?nonsense?Q?x?=\nDate: \xff\xfe",
        b"Content-Type: text/plain; charset=nonsense",
        b"Content-Type: text/plain; charset*0*=x",
        b"Content-Transfer-Encoding: base64",
    ],
)
def test_broken_headers_cost_no_text(header: bytes) -> None:
    document = _read(b"From: a@b.example\n" + header + b"\n\nVGhlIHBvcnQgcGF5cy4=\n")
    assert document.text.strip() in ("VGhlIHBvcnQgcGF5cy4=", "The port pays.")
    assert document.published_at is None


def test_parts_in_parts_without_end_are_told() -> None:
    raw = b"From: a@b.example\n"
    for depth in range(3_000):
        raw += b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (depth, depth)
    with pytest.raises(ArticleTooLarge):
        _read(raw)


def test_a_mail_with_too_much_text_is_refused() -> None:
    with pytest.raises(ArticleTooLarge):
        _read(mail("word\n" * 100), max_characters=50)
