"""A ledger in the store of a desk, built of short articles that tell of the same pledges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.proposals import proposed_merges
from extractor.pledges.rows import PledgeRow
from extractor.records import Extraction
from extractor.storage import Store, open_store
from extractor.storage.tables import ARTICLES, JUDGEMENTS, RESULTS, now_text
from tests.desk.desks import TestDesk, desk_in
from tests.pledges.cases import told_articles


@contextmanager
def desk_with_ledger(folder: Path, **options: object) -> Iterator[TestDesk]:
    """A desk whose store has a ledger; it is built once and copied."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "store.db").write_bytes(_built())
    with desk_in(folder, **options) as desk:  # type: ignore[arg-type]
        yield desk


@contextmanager
def store_of(desk: TestDesk) -> Iterator[Store]:
    """The store of the desk, open a second time."""
    assert desk.settings.store is not None
    with open_store(desk.settings.store) as store:
        yield store


def rows_of(desk: TestDesk) -> dict[str, PledgeRow]:
    """All living rows of its ledger, by id."""
    with store_of(desk) as store:
        return {row.id: row for row in PledgeLedger(store, load_parties()).rows()}


@cache
def _built() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        with open_store(file) as store:
            _fill(store)
        return file.read_bytes()


def _fill(store: Store) -> None:
    with store.writing() as connection:
        for told in told_articles():
            extraction = _titled(told.extraction)
            article = extraction.article
            connection.execute(
                insert(ARTICLES).values(
                    sha256=article.sha256,
                    text=told.text,
                    publisher=told.publisher,
                    published_at=article.published_at,
                    kept_at=now_text(),
                )
            )
            connection.execute(
                insert(RESULTS).values(
                    key=told.name,
                    kept_at=now_text(),
                    extraction=extraction.model_dump_json(),
                    article_sha256=article.sha256,
                )
            )
    ledger = PledgeLedger(store, load_parties())
    ledger.build()
    _leave_open(store, ledger)


def _leave_open(store: Store, ledger: PledgeLedger) -> None:
    """Whatever the rules say today, of two pledges they cannot tell whether they are one."""
    alone = [row for row in ledger.rows() if row.kind == "commitment" and len(row.sources) == 1]
    left, right = sorted(row.sources[0].mention for row in alone[:2])
    with store.writing() as connection:
        connection.execute(
            insert(JUDGEMENTS).values(
                left=left, right=right, answer="unsure", by="rule:score", score=0.5, at=now_text()
            )
        )


def maybe_one(desk: TestDesk) -> tuple[str, str]:
    """Two pledges of which a rule cannot tell whether they are one."""
    with store_of(desk) as store:
        pair = next(each for each in proposed_merges(store) if each.score == 0.5)
    return pair.one.id, pair.other.id


def _titled(extraction: Extraction) -> Extraction:
    """Labels have no titles: the first words of the sentence are one."""
    lists = {
        name: [
            record.model_copy(update={"title": " ".join(record.evidence[0].quote.split()[:7])})
            for record in records
        ]
        for name, records in (
            ("commitments", extraction.commitments),
            ("policy_events", extraction.policy_events),
        )
    }
    return extraction.model_copy(update=lists)
