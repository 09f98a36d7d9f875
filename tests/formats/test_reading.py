"""One contract for all formats: which reader is asked, what is refused, and what is kept of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from extractor import Document, Extractor, read_document
from extractor.errors import ArticleError, ArticleTooLarge, InputError, ServiceBusy
from extractor.formats import isolation, limits, media
from extractor.formats.isolation import read_apart
from extractor.formats.limits import Limits
from extractor.models.scripted import ScriptedModel
from extractor.records import ArticleInfo, Extraction
from extractor.settings import Settings
from tests.articles import answer
from tests.formats.fuzzing import run
from tests.formats.pages import ADDRESS, WORDS, dated, page

BROKEN = 300
"""Documents that are broken in a run."""


def _nothing() -> Extractor:
    settings = Settings(strategy="document", store=None)
    return Extractor(ScriptedModel(lambda _: answer([], [])), settings=settings)


def _about(document: Document, **given: date | str) -> ArticleInfo:
    with _nothing() as extractor:
        extraction: Extraction = extractor.extract(document, **given)  # type: ignore[arg-type]
    return extraction.article


def test_plain_text_is_itself() -> None:
    document = read_document("Một chiếc tàu.\r\n".encode(), name="a.txt")
    assert (document.text, document.media_type) == ("Một chiếc tàu.\r\n", "text/plain")


def test_plain_text_in_a_declared_charset() -> None:
    data = "société".encode("cp1252")
    assert read_document(data, media_type="text/plain; charset=iso-8859-1").text == "société"
    with pytest.raises(ArticleError, match="declared"):
        read_document(data, media_type="text/plain; charset=utf-8")
    with pytest.raises(ArticleError, match="not known"):
        read_document(data, media_type="text/plain; charset=zlib")


@pytest.mark.parametrize(
    ("start", "name", "expected"),
    [
        (b"%PDF-1.7\n", "a.txt", media.PDF),
        (b"\n%PDF-1.7\n", None, media.PDF),
        (b"PK\x03\x04 word/document.xml", "a.bin", media.DOCX),
        (b"<p>A", "a.html", media.HTML),
        (b"<p>A", "A.HTM", media.HTML),
        (b"<!DOCTYPE html><p>", "a.txt", media.TEXT),
        (b"\xef\xbb\xbf\n<!doctype html>", None, media.HTML),
        (b"<!-- made by us --><html>", None, media.HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC', None, media.HTML),
        (b'<?xml version="1.0"?>\n<rss version="2.0">', None, media.RSS),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "a.xml", media.ATOM),
        (b"# A heading", "a.md", media.MARKDOWN),
        (b"Subject: a", "a.eml", media.MAIL),
        (b"Subject: a", None, media.TEXT),
        (b"", None, media.TEXT),
    ],
)
def test_the_format_is_told_by_signature_then_name_then_looks(
    start: bytes, name: str | None, expected: str
) -> None:
    assert media.media_type_of(start, name) == expected


def test_what_is_declared_is_believed() -> None:
    assert media.media_type_of(b"%PDF-", None, "text/html; charset=x") == media.HTML
    assert media.media_type_of(b"", None, "Application/XHTML+XML") == media.HTML
    with pytest.raises(ArticleError) as caught:
        media.media_type_of(b"", None, "image/png")
    assert "text/html" in caught.value.advice


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "tugs.html"
    file.write_text(page(), encoding="utf-8")
    document = read_document(file)
    assert document.media_type == media.HTML
    assert document.bytes_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    for wrong in (tmp_path, tmp_path / "missing.html"):
        with pytest.raises(InputError):
            read_document(wrong)


def test_a_document_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES", 10)
    with pytest.raises(ArticleTooLarge):
        read_document(b"x" * 11)


def test_what_a_document_says_of_itself_is_used() -> None:
    info = _about(read_document(page(head=dated()).encode()))
    assert (info.title, info.published_at, info.source_url) == (
        WORDS["en"][0],
        "2024-04-11",
        ADDRESS,
    )
    assert info.source is not None
    assert (info.source.media_type, info.source.published_at_source) == ("text/html", "html:meta")


def test_what_the_caller_says_wins() -> None:
    info = _about(
        read_document(page(head=dated()).encode()),
        title="Tugs",
        published_at=date(2020, 1, 2),
        source_url="https://else.example/",
    )
    assert (info.title, info.published_at, info.source_url) == (
        "Tugs",
        "2020-01-02",
        "https://else.example/",
    )
    assert info.source is not None
    assert info.source.published_at_source == "caller"


def test_a_result_from_before_there_were_documents_is_still_read() -> None:
    with _nothing() as extractor:
        stored = extractor.extract("Kestrel Lines will buy six tugs.").model_dump(mode="json")
    assert stored["article"].pop("source") is None
    assert Extraction.model_validate(stored).article.source is None


def test_a_reader_that_takes_too_long_is_stopped_and_the_next_one_works() -> None:
    long = page(inside=f"<p>{WORDS['en'][1]}</p>" * 20_000).encode()
    with pytest.raises(ArticleError, match="within 0.05 s"):
        read_document(long, seconds=0.05)
    assert WORDS["en"][1] in read_document(page().encode()).text


def test_a_process_that_ended_while_it_waited_costs_no_document() -> None:
    read_document(page().encode())
    for child in isolation._CHILDREN._idle:
        child._process.kill()
        child._process.wait()
    assert WORDS["en"][1] in read_document(page().encode()).text


def test_who_finds_no_reader_free_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation._CHILDREN, "_places", BoundedSemaphore(1))
    with isolation._CHILDREN._places, pytest.raises(ServiceBusy) as caught:
        read_document(page().encode(), seconds=0.05)
    assert caught.value.retry_after
    assert read_document(page().encode()).text


def test_a_reader_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setattr("extractor.formats.isolation._CHILDREN._idle", [])
    with pytest.raises(ArticleError, match="broke the program"):
        read_apart(media.HTML, b"x", None, Limits())


def test_a_reading_process_opens_no_connection_writes_no_file_and_knows_no_secret() -> None:
    code = (
        "import os, socket, sys\n"
        "from extractor.formats import child\n"
        "child._bound(); sys.addaudithook(child._refuse)\n"
        "for attempt in (lambda: socket.create_connection(('127.0.0.1', 9)),\n"
        "                lambda: os.system('true'),\n"
        "                lambda: open('/dev/shm/never', 'w').write('x' * 99) and 1 / 0):\n"
        "    try:\n"
        "        attempt()\n"
        "    except (PermissionError, OSError):\n"
        "        print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split().count("refused") >= 2, done.stderr


def test_nothing_of_the_document_is_in_an_error() -> None:
    with pytest.raises(ArticleError) as caught:
        read_document(b"%PDF-1.7 XYZZYPLUGH", name="a.pdf")
    assert "XYZZYPLUGH" not in caught.value.detail + caught.value.advice


def test_broken_documents_are_read_or_refused() -> None:
    report = run(BROKEN)
    assert report.faults == []
    assert report.processor < 5.0
    assert report.memory < 400 * 1024 * 1024
    # Else they would be too broken, or too whole, to find anything.
    read = sum(count for told, count in report.outcomes.items() if told.endswith(": read"))
    assert 0.2 * BROKEN < read < 0.9 * BROKEN
