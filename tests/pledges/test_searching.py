"""Searching a ledger, in both kinds of stores: it follows each change, and sums as the rows do."""

from __future__ import annotations

from sqlalchemy import select

from extractor.pledges.catalogue import searchable
from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.searching import ORDERS, PLEDGE_STATES, LedgerQuery, LedgerSearch
from extractor.pledges.sums import SumBy, sum_rows
from extractor.storage import Store, open_store
from extractor.storage.tables import CATALOGUE
from tests.pledges.cases import told_articles
from tests.pledges.test_ledger import _keep

_WAYS: tuple[SumBy, ...] = ("year", "currency", "giver", "recipient", "place", "kind")


def _built(store: Store) -> PledgeLedger:
    _keep(store, told_articles())
    ledger = PledgeLedger(store, load_parties())
    ledger.build()
    return ledger


def _entries(store: Store) -> set[str]:
    with store.reading() as rows:
        return set(rows.scalars(select(CATALOGUE.c.pledge_id)))


def test_a_search_finds_and_sums_what_the_rows_say(store_address: str) -> None:
    with open_store(store_address) as store:
        rows = _built(store).rows()
        search = LedgerSearch(store)
        for by in _WAYS:
            wanted, found = sum_rows(rows, by), search.sums(LedgerQuery(), by)
            assert sorted((s.group, s.currency, s.low, s.high, s.pledges) for s in found.sums) == (
                sorted((s.group, s.currency, s.low, s.high, len(s.pledges)) for s in wanted.sums)
            )
            left = {reason: len(ids) for reason, ids in wanted.left_out.items()}
            assert dict(found.left_out) == left
        for order in ORDERS:
            for upwards in (True, False):
                query = LedgerQuery(order=order, is_upwards=upwards)
                assert search.find(query).total == len(rows)
        for state in PLEDGE_STATES:
            for row in search.find(LedgerQuery(state=state)).rows:
                told = {
                    "countable": row.countable,
                    "left_out": not row.countable,
                    "conflicts": bool(row.conflicts),
                    "maybe_repetition": "maybe_repetition" in row.why_not,
                }
                assert told[state]
        assert search.find(LedgerQuery(text="khoi cong nha may", language="vi")).total == 1
        # What a database takes for any letters is a sign like others here.
        signs = sum("%" in searchable(row) for row in rows)
        assert 0 < search.find(LedgerQuery(text="%")).total == signs < len(rows)


def test_it_follows_what_is_merged_and_what_is_undone(store_address: str) -> None:
    with open_store(store_address) as store:
        ledger = _built(store)
        # Another program, which searched before: nothing of what it remembers is told for new.
        search = LedgerSearch(store)
        before = search.find(LedgerQuery()).total
        one, other = [row for row in ledger.rows() if row.kind == "commitment"][:2]
        ledger.judge(one.id, other.id, "same", "Anna")
        assert search.find(LedgerQuery()).total == before - 1
        # The row that stays is found by what both of them say.
        [stays] = {one.id, other.id} & _entries(store)
        for each in (one, other):
            quote = f'"{each.sources[0].quotes[0].quote}"'
            assert stays in {row.id for row in search.find(LedgerQuery(text=quote)).rows}
        assert _entries(store) == {row.id for row in ledger.rows()}
        ledger.undo("Anna")
        assert search.find(LedgerQuery()).total == before
        assert _entries(store) == {row.id for row in ledger.rows()}


def test_pages_hold_all_rows_once(store_address: str) -> None:
    from eval.bench.tracking import fill_ledger

    with open_store(store_address) as store:
        fill_ledger(store, 120)
        search = LedgerSearch(store)
        pages = [search.find(LedgerQuery(page=page)) for page in (1, 2, 3)]
        assert [len(page.rows) for page in pages] == [50, 50, 20]
        assert len({row.id for page in pages for row in page.rows}) == 120
        # A page that is not there is the last one.
        assert search.find(LedgerQuery(page=99)).page == 3
        years = dict(search.choices().years)
        assert sum(years.values()) == 120
