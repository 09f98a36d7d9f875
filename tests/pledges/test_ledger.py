"""The ledger in a store: built bit by bit, changed by people, followed by copies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from extractor.errors import InputError
from extractor.pledges.exports import take_export
from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.rows import PledgeRow
from extractor.storage import Store, open_store
from extractor.storage.tables import ARTICLES, CHANGES, JUDGEMENTS, RESULTS
from tests.pledges.cases import Told, told_articles


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "ledger.db") as opened:
        yield opened


_TICKS = count(1)


def _clock() -> str:
    return f"2026-01-01T00:00:00.{next(_TICKS):06d}+00:00"


def _ledger(store: Store) -> PledgeLedger:
    return PledgeLedger(store, load_parties(), clock=_clock)


def _keep(store: Store, articles: Sequence[Told], reading: str = "first") -> None:
    with store.writing() as connection:
        for told in articles:
            article = told.extraction.article
            if reading == "first":
                connection.execute(
                    insert(ARTICLES).values(
                        sha256=article.sha256,
                        text=told.text,
                        publisher=told.publisher,
                        published_at=article.published_at,
                        kept_at=_clock(),
                    )
                )
            connection.execute(
                insert(RESULTS).values(
                    key=f"{reading} {told.name}",
                    kept_at=_clock(),
                    extraction=told.extraction.model_dump_json(),
                    article_sha256=article.sha256,
                )
            )


def _groups(rows: Sequence[PledgeRow]) -> set[frozenset[str]]:
    return {frozenset(source.mention for source in row.sources) for row in rows}


def _about(rows: Sequence[PledgeRow], article: str, record: str = "C1") -> PledgeRow:
    digest = next(t for t in told_articles() if t.name == article).extraction.article.sha256
    for row in rows:
        if any(s.article_sha256 == digest and s.record_id == record for s in row.sources):
            return row
    raise AssertionError(article)


def test_what_comes_bit_by_bit_is_what_comes_at_once(tmp_path: Path) -> None:
    articles = list(told_articles())
    with open_store(tmp_path / "whole.db") as store:
        _keep(store, articles)
        _ledger(store).build()
        whole = _groups(_ledger(store).rows())
    articles.sort(key=lambda told: hashlib.sha256(told.name.encode()).hexdigest())
    with open_store(tmp_path / "parts.db") as store:
        for start in range(0, len(articles), 9):
            _keep(store, articles[start : start + 9])
            _ledger(store).build()
        parts = _groups(_ledger(store).rows())
        rows = _ledger(store).rows()
        _ledger(store).build(afresh=True)
        assert _ledger(store).rows() == rows
    assert parts == whole


def test_a_new_article_changes_only_what_it_touches(store: Store) -> None:
    *others, last = (t for t in told_articles() if t.name != "vi-health-001")
    new = next(t for t in told_articles() if t.name == "vi-health-001")
    _keep(store, [*others, last])
    ledger = _ledger(store)
    ledger.build()
    before = {row.id: row for row in ledger.rows()}
    _keep(store, [new])
    report = ledger.build()
    after = {row.id: row for row in ledger.rows()}
    touched = _about(list(after.values()), "vi-health-001").id
    assert {name for name in after if after[name] != before.get(name)} == {touched}
    assert report.changed == {touched}
    assert report.created == set()
    assert touched in before


def test_nothing_new_changes_nothing(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    with store.reading() as connection:
        changes = connection.execute(select(func.count()).select_from(CHANGES)).scalar()
    report = ledger.build()
    assert report.results == 0
    assert not report.changed | report.created
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CHANGES)).scalar() == changes


def test_a_merge_is_undone_to_what_was_before(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    before = ledger.rows()
    one, other = _about(before, "en-ai-002"), _about(before, "fr-ai-002")
    ledger.merge(one.id, other.id, "ann")
    merged = ledger.rows()
    assert len(merged) == len(before) - 1
    gone = next(iter({one.id, other.id} - {row.id for row in merged}))
    # An old id leads to what it went into.
    assert ledger.row(gone).id == ledger.row(one.id).id
    assert len(ledger.row(one.id).sources) == len(one.sources) + len(other.sources)
    ledger.undo("ann")
    assert ledger.rows() == before
    with store.reading() as connection:
        told = connection.execute(select(JUDGEMENTS).where(JUDGEMENTS.c.by == "person:ann")).all()
    assert told
    assert all(row.undone_by == "person:ann" for row in told)


def test_a_split_holds_until_it_is_undone(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    before = ledger.rows()
    row = _about(before, "fr-chips-001")
    chosen = [s.mention for s in row.sources if s.published_at == "2025-12-10"]
    ledger.split(row.id, chosen, "ann")
    assert len(ledger.rows()) == len(before) + 1
    ledger.build(afresh=True)
    assert len(ledger.rows()) == len(before) + 1
    ledger.undo("ben")
    assert ledger.rows() == before


def test_a_split_must_leave_something_on_both_sides(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    row = _about(ledger.rows(), "fr-chips-001")
    with pytest.raises(InputError, match="3 mentions, of which 3 are named"):
        ledger.split(row.id, [source.mention for source in row.sources], "ann")
    with pytest.raises(InputError, match="nothing to undo"):
        ledger.undo("ann")
    with pytest.raises(InputError, match="no pledge"):
        ledger.row("P0000000000")


def test_an_article_read_again_keeps_its_pledges(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    before = ledger.rows()
    _keep(store, told_articles()[:5], reading="second")
    report = ledger.build()
    assert report.mentions_new == report.mentions_gone == 0
    assert report.mentions_changed == sum(len(told.keys) for told in told_articles()[:5])
    assert ledger.rows() == before


def test_a_reading_without_a_record_takes_its_mention_out(store: Store) -> None:
    _keep(store, told_articles())
    ledger = _ledger(store)
    ledger.build()
    before = ledger.rows()
    alone = next(t for t in told_articles() if t.name == "vi-climate-002")
    row = _about(before, alone.name)
    empty = alone.extraction.model_copy(update={"commitments": []})
    _keep(store, [Told(alone.name, alone.text, alone.publisher, empty, ())], reading="second")
    report = ledger.build()
    assert report.gone == {row.id}
    assert [other for other in before if other.id != row.id] == ledger.rows()
    with store.reading() as connection:
        last = connection.execute(select(CHANGES).order_by(CHANGES.c.seq.desc())).first()
    assert last is not None
    assert (last.pledge_id, last.what) == (row.id, "gone")


def test_a_result_that_cannot_be_read_costs_the_others_nothing(store: Store) -> None:
    _keep(store, told_articles()[:3])
    with store.writing() as connection:
        connection.execute(
            insert(RESULTS).values(
                key="broken", kept_at=_clock(), extraction="{", article_sha256=None
            )
        )
    report = _ledger(store).build()
    assert report.unreadable == 1
    assert report.mentions_new == 3


def test_both_kinds_of_stores_hold_the_ledger(store_address: str) -> None:
    with open_store(store_address) as store:
        ledger = _ledger(store)
        for part in (told_articles()[:20], told_articles()[20:]):
            _keep(store, part)
            ledger.build()
        before = ledger.rows()
        one, other = _about(before, "en-ai-002"), _about(before, "fr-ai-002")
        ledger.merge(one.id, other.id, "ann")
        assert len(ledger.rows()) == len(before) - 1
        ledger.undo("ann")
        assert ledger.rows() == before
        assert {row.id for row in take_export(store).rows} == {row.id for row in before}
