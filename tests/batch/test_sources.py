"""What a SOURCE names, and what of it is entered in a run."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from extractor.batch.columns import ColumnNames
from extractor.batch.items import Listed, RunConditions
from extractor.batch.listing import list_sources
from extractor.batch.register import Register, standing_of
from extractor.batch.sources import SourceFile, articles_of, check_sources, files_of
from extractor.batch.troubles import copies_of, troubles_of
from extractor.batch.work import Work, begin_run
from extractor.errors import InputError
from extractor.storage import open_store
from tests.batch.fakes import text_of, write_articles

_MOST = 100_000


def _read(file: Path, columns: ColumnNames = ColumnNames()) -> list[Listed]:  # noqa: B008
    return list(articles_of(SourceFile(str(file)), columns, _MOST))


def test_files_folders_and_patterns_are_found_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.jsonl", "a/y/x.md", "a/.hidden.txt", "a/picture.png", "c1.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    sources = [str(tmp_path / name) for name in ("b.txt", "a", "c*.csv")]
    found = [os.path.relpath(file.name, tmp_path) for file in files_of(sources)]
    assert found == ["b.txt", "a/z.jsonl", "a/y/x.md", "c1.csv"]


def test_a_source_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no .*gone\.txt"):
        check_sources([str(tmp_path / "gone.txt")])


def test_a_document_is_one_article_and_a_broken_one_a_failure(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("---\ntitle: T\n---\nXin chào.", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xfd")
    (good,) = _read(tmp_path / "good.md")
    assert good.article
    assert (good.article.text.strip(), good.article.article_id) == ("Xin chào.", "good")
    (bad,) = _read(tmp_path / "bad.txt")
    assert (bad.article, bad.failure and bad.failure.kind) == (None, "ArticleError")


_ROW = {
    "Body": "Nordlys will pay.",
    "headline": "Nordlys",
    "lang": "en",
    "date": "2026-01-31T08:00:00Z",
    "id": 7,
    "url": "https://example.org/7",
    "outlet": "Post",
}


def _json_lines(file: Path) -> Path:
    file.write_text(json.dumps(_ROW) + "\n\n", encoding="utf-8")
    return file


def _csv(file: Path, delimiter: str = ";") -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, list(_ROW), delimiter=delimiter)
        writer.writeheader()
        writer.writerow(_ROW)
    return file


def _parquet(file: Path) -> Path:
    row = {**_ROW, "date": date(2026, 1, 31), "other": [1]}
    parquet.write_table(pa.Table.from_pylist([row]), file)
    return file


@pytest.mark.parametrize(
    "write", [_json_lines, _csv, _parquet], ids=["a.jsonl", "a.csv", "a.parquet"]
)
def test_a_row_is_an_article_whose_columns_are_found_by_their_names(
    tmp_path: Path, write: object, request: pytest.FixtureRequest
) -> None:
    assert callable(write)
    (listed,) = _read(write(tmp_path / request.node.callspec.id))
    article = listed.article
    assert article
    assert (article.text, article.title, article.language) == ("Nordlys will pay.", "Nordlys", "en")
    assert (article.published_at, article.article_id) == (date(2026, 1, 31), "7")
    assert (article.source_url, listed.publisher) == ("https://example.org/7", "Post")


def test_a_column_is_the_one_that_is_named(tmp_path: Path) -> None:
    (listed,) = _read(_csv(tmp_path / "a.csv", ","), ColumnNames(text="headline"))
    assert listed.article
    assert listed.article.text == "Nordlys"


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    (listed,) = _read(_csv(tmp_path / "a.csv"), ColumnNames(text="words"))
    assert listed.failure
    assert "'words'" in listed.failure.text
    assert "headline" in listed.failure.text


def test_a_broken_line_costs_no_other(tmp_path: Path) -> None:
    lines = ['{"text": "One."}', "{broken", '{"text": ""}', '{"text": "2", "date": "soon"}', "[]"]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    found = _read(tmp_path / "a.jsonl")
    assert [bool(each.article) for each in found] == [True, False, False, False, False, True]
    assert [each.name.rpartition(":")[2] for each in found] == ["1", "2", "3", "4", "5", "6"]


def test_what_no_database_keeps_is_a_failure_of_its_article(tmp_path: Path) -> None:
    rows = ['{"text": "a\\u0000b"}', '{"text": "a", "title": "\\ud800"}', '{"text": "🌏"}']
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    found = _read(tmp_path / "a.jsonl")
    assert [each.failure and each.failure.kind for each in found] == [
        "ArticleError",
        "ArticleError",
        None,
    ]


def test_a_file_may_have_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(name, "w", encoding="utf-8") as file:
        file.write("One.")
    (found,) = files_of([str(tmp_path)])
    (listed,) = articles_of(found, ColumnNames(), _MOST)
    assert listed.article
    assert listed.name.endswith("\\udcff.txt")
    assert listed.file.isascii()


class ListedFolder:
    """A run over a folder, listed as often as wanted."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.work, self.folder = work, folder
        self.register = Register(work, "f")
        self.owner = work.join()

    def list(self) -> tuple[int, int]:
        """How many places and articles there are then."""
        assert self.register.open_for(self.owner)
        register = Register(self.work, "f")
        list_sources(register, self.owner, [str(self.folder)], ColumnNames(), _MOST)
        standing = standing_of(self.work)
        assert not standing.listing
        return standing.places, standing.items


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Iterator[ListedFolder]:
    (tmp_path / "source").mkdir()
    with open_store(tmp_path / "store.db") as store:
        yield ListedFolder(
            begin_run(store, RunConditions("m", "f", ("s",), {})), tmp_path / "source"
        )


def test_an_article_at_several_places_is_listed_once_and_told(run: ListedFolder) -> None:
    write_articles(run.folder / "a.jsonl", [0, 1, 0])
    (run.folder / "b.txt").write_text(text_of(9), encoding="utf-8")
    (run.folder / "c.txt").write_text(text_of(9), encoding="utf-8")
    assert run.list() == (5, 3)
    told = [(Path(copy.name).name, Path(copy.first).name) for copy in copies_of(run.work)]
    assert told == [("a.jsonl:3", "a.jsonl:1"), ("c.txt", "b.txt")]


def test_listing_again_changes_nothing(run: ListedFolder) -> None:
    write_articles(run.folder / "a.jsonl", range(500))
    assert run.list() == run.list() == (500, 500)


def test_a_file_that_has_not_changed_is_not_read_again(
    run: ListedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(run.folder / "a.jsonl", range(3))
    run.list()
    monkeypatch.setattr(json, "loads", lambda _: pytest.fail("it was read"))
    assert run.list() == (3, 3)


def test_a_file_that_has_grown_is_listed_anew(run: ListedFolder) -> None:
    write_articles(run.folder / "a.jsonl", range(3))
    run.list()
    claimed = run.work.claim(run.owner, 2)
    write_articles(run.folder / "a.jsonl", [1, 2, 3, 4])
    assert run.list() == (4, 5)
    run.work.give_back(claimed)
    assert run.list() == (4, 4)


def test_what_was_half_listed_is_listed_whole(run: ListedFolder) -> None:
    write_articles(run.folder / "a.jsonl", range(450))
    assert run.register.open_for(run.owner)
    asked = iter(range(1000))
    list_sources(
        run.register, run.owner, [str(run.folder)], ColumnNames(), _MOST, lambda: next(asked) > 300
    )
    assert 0 < standing_of(run.work).places < 450
    assert standing_of(run.work).listing
    assert run.list() == (450, 450)


def test_documents_that_could_not_be_read_are_looked_at_again_when_asked_for(
    run: ListedFolder,
) -> None:
    bad = run.folder / "bad.txt"
    bad.write_bytes(b"\xff\xfe\xfd")
    run.list()
    (trouble,) = troubles_of(run.work)
    assert (trouble.state, trouble.kind, trouble.articles) == ("failed", "ArticleError", 1)
    stamp = bad.stat()
    bad.write_bytes(b"abc")
    os.utime(bad, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    run.list()
    assert len(troubles_of(run.work)) == 1
    assert run.work.retry_failed() == 1
    run.list()
    assert troubles_of(run.work) == []
    assert standing_of(run.work).pending == 1
