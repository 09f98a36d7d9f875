"""`extractor extract` with documents, folders and feeds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from extractor.cli import main
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted
from tests.formats.files import docx, mail, paragraph
from tests.formats.pages import ADDRESS, WORDS, dated, page
from tests.formats.pdfs import Line, pdf

_SENTENCE = WORDS["en"][1]


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Kestrel Lines"], what="tugs", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


def _extract(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    def open_scripted(name: str | None, settings: Settings) -> Extractor:
        return Extractor(ScriptedModel(_pledge), settings=settings)

    return CliRunner().invoke(
        main,
        ["extract", *map(str, arguments)],
        input=stdin,
        obj=open_scripted,
        env={"EXTRACTOR_STRATEGY": "document", "EXTRACTOR_RETRIES": "0", "COLUMNS": "120"},
    )


def _articles(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    return [one["article"] for one in (said if isinstance(said, list) else [said])]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    (folder / "old").mkdir(parents=True)
    (folder / "a.html").write_text(page(head=dated()), encoding="utf-8")
    (folder / "b.pdf").write_bytes(pdf([Line(_SENTENCE)]))
    (folder / "c.docx").write_bytes(docx(paragraph(_SENTENCE)))
    (folder / "old" / "d.eml").write_bytes(mail(f"{_SENTENCE}\n"))
    (folder / "old" / "e.md").write_text(f"*{_SENTENCE}*")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text(_SENTENCE)
    return folder


def test_each_file_is_read_as_what_it_is(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("[a-e].*"))
    articles = _articles(_extract(*files, "--format", "json"))
    kinds = [article["source"]["media_type"].rpartition(".")[2] for article in articles]
    assert kinds == ["text/html", "application/pdf", "document", "message/rfc822", "text/markdown"]
    assert [article["article_id"] for article in articles] == ["a", "b", "c", "d", "e"]


def test_a_folder_is_all_documents_in_it(folder: Path) -> None:
    articles = _articles(_extract(folder, "--format", "json"))
    assert [article["article_id"] for article in articles] == ["a", "b", "c", "d", "e"]


def test_links_to_folders_are_not_followed(folder: Path) -> None:
    os.symlink(folder, folder / "again")
    assert len(_articles(_extract(folder, "--format", "json"))) == 5


def test_what_a_document_says_is_used_and_what_is_given_wins(folder: Path) -> None:
    [own] = _articles(_extract(folder / "a.html", "--format", "json"))
    assert (own["title"], own["published_at"], own["source_url"]) == (
        WORDS["en"][0],
        "2024-04-11",
        ADDRESS,
    )
    options = ("--published-at", "2020-01-02", "--title", "Tugs")
    [given] = _articles(_extract(folder / "a.html", "--format", "json", *options))
    assert (given["title"], given["published_at"]) == ("Tugs", "2020-01-02")
    assert given["source"]["published_at_source"] == "caller"


def test_the_table_tells_the_page_of_a_quote_and_where_the_date_comes_from(folder: Path) -> None:
    assert "2024-04-11 (html:meta)" in _extract(folder / "a.html").stdout
    assert "(caller)" not in _extract(folder / "a.html", "--published-at", "2020-01-02").stdout
    (folder / "b.pdf").write_bytes(pdf([Line(WORDS["en"][2])], [Line(_SENTENCE)]))
    assert "[1] p. 1" in _extract(folder / "b.pdf").stdout


def test_a_feed_is_as_many_articles_as_it_has_entries(tmp_path: Path) -> None:
    item = f"<item><description>{_SENTENCE}</description></item>"
    feed = tmp_path / "news.rss"
    feed.write_text(f"<rss><channel>{item * 2}</channel></rss>")
    articles = _articles(_extract(feed, "--format", "json"))
    assert [article["article_id"] for article in articles] == ["news-1", "news-2"]
    assert len(_extract(feed, "--format", "ndjson").stdout.splitlines()) == 2
    assert "news.rss#2" in _extract(feed).stdout


def test_standard_input_is_told_by_its_first_bytes() -> None:
    for data in (page().encode(), pdf([Line(_SENTENCE)]), docx(paragraph(_SENTENCE))):
        [article] = _articles(_extract("-", "--format", "json", stdin=data))
        assert article["source"]["media_type"] != "text/plain"


def test_a_document_that_cannot_be_read_is_told_and_the_others_are_done(folder: Path) -> None:
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 XYZZYPLUGH")
    result = _extract(folder, "--format", "ndjson")
    assert (result.exit_code, len(result.stdout.splitlines())) == (3, 4)
    assert result.stderr.startswith(f"{folder / 'b.pdf'}: The PDF is damaged")
    assert "XYZZYPLUGH" not in result.stderr


def test_no_document_is_overwritten_by_the_output(folder: Path) -> None:
    result = _extract(folder, "--format", "json", "--output", folder / "old" / "e.md")
    assert result.exit_code == 3
    assert (folder / "old" / "e.md").read_text() == f"*{_SENTENCE}*"
