"""The ledger goes by what people made of a reading, and notices what they do later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from extractor.desk.library import Library
from extractor.desk.reviews import Reviews
from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.rows import PledgeRow
from extractor.records import Commitment
from extractor.results.reviews import ReviewVerdict
from extractor.storage import open_store
from extractor.storage.tables import RESULTS
from tests.pledges.cases import Told, told_articles
from tests.pledges.test_exports import keep


class Reviewed:
    """A ledger, and somebody who reviews what it is built from."""

    def __init__(self, address: str, articles: tuple[Told, ...]) -> None:
        self.store = open_store(address)
        keep(self.store, articles)
        self.library = Library(address)
        self.reviews = Reviews(self.library)
        self.ledger = PledgeLedger(self.store, load_parties())

    def decide(self, article: str, verdict: ReviewVerdict) -> None:
        opened = self.library.open(article)
        version = self.reviews.of(opened).find("C1").version
        self.reviews.decide(opened, "C1", verdict, "ann", version)

    def change_amount(self, article: str, value: int) -> None:
        opened = self.library.open(article)
        one = self.reviews.of(opened).find("C1")
        record = one.record
        assert isinstance(record, Commitment)
        assert record.amount is not None
        amount = record.amount.model_copy(update={"value": value})
        changed = record.model_copy(update={"amount": amount})
        self.reviews.change(opened, changed, "amount", "ann", one.version)

    def undo(self, article: str) -> None:
        self.reviews.undo(self.library.open(article), "ann")

    def rows(self) -> dict[str, PledgeRow]:
        self.ledger.build()
        return {row.id: row for row in self.ledger.rows()}


_SOME = tuple(told for told in told_articles() if told.name.startswith(("vi-health", "fr-chips")))
_NAME = next(told.name for told in _SOME if told.extraction.commitments[0].amount)


@pytest.fixture(name="reviewed")
def _reviewed(store_address: str) -> Iterator[Reviewed]:
    made = Reviewed(store_address, _SOME)
    yield made
    made.library.close()
    made.store.close()


_DIGEST = next(told for told in _SOME if told.name == _NAME).extraction.article.sha256


def _about(rows: dict[str, PledgeRow]) -> list[PledgeRow]:
    return [row for row in rows.values() if any(s.article_sha256 == _DIGEST for s in row.sources)]


def test_a_record_that_is_rejected_leaves_the_ledger_until_that_is_undone(
    reviewed: Reviewed,
) -> None:
    before = reviewed.rows()
    reviewed.decide(_NAME, "wrong")
    report = reviewed.ledger.build()
    assert (report.results, report.mentions_gone) == (1, 1)
    rejected = {row.id: row for row in reviewed.ledger.rows()}
    assert len(_about(rejected)) < len(_about(before))
    reviewed.undo(_NAME)
    assert reviewed.rows() == before
    assert reviewed.ledger.build().results == 0


def test_a_corrected_figure_is_the_rows_figure_and_changes_nothing_else(reviewed: Reviewed) -> None:
    before = reviewed.rows()
    reviewed.change_amount(_NAME, 987_654)
    report = reviewed.ledger.build()
    assert (report.mentions_new, report.mentions_changed, report.mentions_gone) == (0, 1, 0)
    after = {row.id: row for row in reviewed.ledger.rows()}
    (row,) = [row for row in after.values() if row.amount and row.amount.value == 987_654]
    assert _DIGEST in {source.article_sha256 for source in row.sources}
    touched = {row.id for row in _about(before)}
    others = {name: row for name, row in before.items() if name not in touched}
    assert others.items() <= after.items()


def test_what_people_only_agree_with_changes_nothing(reviewed: Reviewed) -> None:
    before = reviewed.rows()
    reviewed.decide(_NAME, "right")
    report = reviewed.ledger.build()
    assert (report.results, report.mentions_changed, report.pairs) == (1, 0, 0)
    assert {row.id: row for row in reviewed.ledger.rows()} == before


def test_a_ledger_built_after_all_reviews_says_the_same(reviewed: Reviewed, tmp_path: Path) -> None:
    reviewed.rows()
    reviewed.decide(_NAME, "wrong")
    reviewed.rows()
    reviewed.undo(_NAME)
    reviewed.rows()
    reviewed.change_amount(_NAME, 987_654)
    rows = reviewed.rows()
    fresh = Reviewed(f"sqlite:///{tmp_path}/fresh.db", _SOME)
    fresh.change_amount(_NAME, 987_654)
    assert fresh.rows() == rows
    fresh.library.close()
    fresh.store.close()


def test_a_later_reading_that_nobody_reviewed_does_not_undo_what_people_said(
    reviewed: Reviewed,
) -> None:
    reviewed.decide(_NAME, "wrong")
    before = reviewed.rows()
    told = next(told for told in _SOME if told.name == _NAME)
    with reviewed.store.writing() as rows:
        rows.execute(
            insert(RESULTS).values(
                key="another model's",
                kept_at="2026-02-01",
                extraction=told.extraction.model_dump_json(),
                article_sha256=told.extraction.article.sha256,
            )
        )
    assert reviewed.rows() == before
    # Without the review it is the later one that counts.
    reviewed.undo(_NAME)
    assert len(_about(reviewed.rows())) > len(_about(before))
