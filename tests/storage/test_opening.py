"""A store is made, brought up to date and refused, the same in SQLite and in PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

import extractor.storage.migrations
from extractor.errors import ConfigurationError, StoreFailed, StoreUnusable
from extractor.results.store import ResultStore
from extractor.storage import Store, open_store, told_place
from extractor.storage.tables import ARTICLES, METADATA, RESULTS, VERSION, now_text

_OLD_TABLE = """
CREATE TABLE results (
    key TEXT PRIMARY KEY,
    kept_at TEXT NOT NULL DEFAULT (datetime('now')),
    extraction TEXT NOT NULL
) WITHOUT ROWID
"""


def _article(sha256: str) -> dict[str, str]:
    return {"sha256": sha256, "text": "Xin chào 🌏", "kept_at": now_text()}


def _count(store: Store) -> int:
    with store.reading() as rows:
        return int(rows.execute(select(func.count()).select_from(ARTICLES)).scalar_one())


def test_the_migrations_make_what_the_tables_say(store_address: str) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    with open_store(store_address) as store, store.reading() as rows:
        assert compare(rows) == []
        assert rows.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == VERSION


def test_the_version_of_the_tables_is_the_last_migration() -> None:
    config = Config()
    folder = Path(extractor.storage.migrations.__file__).parent
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [VERSION]


def test_what_is_written_is_there_when_it_is_opened_again(store_address: str) -> None:
    with open_store(store_address) as store, store.writing() as rows:
        rows.execute(ARTICLES.insert(), [_article("a")])
    with open_store(store_address) as store, store.reading() as rows:
        assert rows.scalar(select(ARTICLES.c.text)) == "Xin chào 🌏"


def test_an_address_opens_the_same_store_in_another_process(store_address: str) -> None:
    with open_store(store_address) as store:
        address = store.address
        with store.writing() as rows:
            rows.execute(ARTICLES.insert(), [_article("a")])
    with open_store(address) as again:
        assert _count(again) == 1


def _write_twice(store: Store) -> None:
    with store.writing() as rows:
        rows.execute(ARTICLES.insert(), [_article("a")])
        rows.execute(ARTICLES.insert(), [_article("a")])


def test_a_transaction_that_fails_leaves_nothing(store_address: str) -> None:
    with open_store(store_address) as store:
        with pytest.raises(StoreFailed):
            _write_twice(store)
        assert _count(store) == 0


def test_a_store_of_a_newer_version_is_refused(store_address: str) -> None:
    with open_store(store_address) as store, store.writing() as rows:
        rows.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnusable, match="9999") as refused:
        open_store(store_address)
    assert "newer program" in refused.value.advice


def test_several_threads_open_and_write_an_empty_store_at_once(store_address: str) -> None:
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with open_store(store_address) as store:
                for each in range(20):
                    with store.writing() as rows:
                        rows.execute(ARTICLES.insert(), [_article(f"{number} {each}")])
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with open_store(store_address) as store:
        assert _count(store) == 80


def test_the_clock_of_a_store_runs(store_address: str) -> None:
    with open_store(store_address) as store:
        with store.reading() as rows:
            first = rows.execute(select(store.clock())).scalar_one()
        with store.reading() as rows:
            second = rows.execute(select(store.clock())).scalar_one()
    assert 0 <= second - first < 60
    assert first > 1.7e9


def test_who_reads_first_and_then_writes_is_not_refused_when_others_wrote(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.db") as store, open_store(tmp_path / "store.db") as other:
        for number in range(5):
            with store.writing() as rows:
                rows.execute(select(ARTICLES)).all()
                rows.execute(ARTICLES.insert(), [_article(f"a{number}")])
            with other.writing() as rows:
                rows.execute(ARTICLES.insert(), [_article(f"b{number}")])
        assert _count(store) == 10


def test_a_file_of_results_from_before_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "results.sqlite"
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.execute(_OLD_TABLE)
        rows.execute("INSERT INTO results VALUES ('k', '2026-01-31 12:00:00', '{')")
    store = ResultStore(file)
    store.open()
    store.close()
    with open_store(file) as opened, opened.reading() as kept:
        (row,) = kept.execute(select(RESULTS)).all()
    assert (row.key, row.kept_at, row.extraction) == ("k", "2026-01-31T12:00:00.000000+00:00", "{")


def test_a_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no database, but long enough to look at" * 40)
    with pytest.raises(StoreUnusable, match="DatabaseError"):
        open_store(tmp_path / "file")


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    address = "postgresql://me:secret@127.0.0.1:9/tracker"
    with pytest.raises(StoreUnusable) as told:
        open_store(address)
    assert "secret" not in str(told.value)
    assert "127.0.0.1:9/tracker" in str(told.value)
    assert "secret" not in told_place(address)


@pytest.mark.parametrize("address", ["mysql://localhost/x", "sqlite://", "sqlite:///", "a://"])
def test_an_address_of_no_known_kind_is_told(address: str) -> None:
    with pytest.raises(ConfigurationError, match="address"):
        open_store(address)
