"""The queue and the samples in both kinds of stores."""

from __future__ import annotations

from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.queueing import QueueFilter, ReviewQueue
from extractor.pledges.reviewing import keep_review, sample_of, samples, undo_review
from extractor.pledges.sampling import keep_sample, precision_of
from extractor.pledges.searching import LedgerSearch
from extractor.storage import open_store
from tests.pledges.cases import told_articles
from tests.pledges.test_ledger import _keep


def test_items_come_by_their_gain_and_by_what_is_asked_for(store_address: str) -> None:
    with open_store(store_address) as store:
        _keep(store, told_articles())
        PledgeLedger(store, load_parties()).build()
        # Labels have no confidence: a threshold says nothing of them.
        queue = ReviewQueue(store, 0.5, LedgerSearch(store))
        items = queue.items(QueueFilter())
        gains = [item.worth.gain for item in items]
        assert gains == sorted(gains, reverse=True)
        disputed = [item for item in items if item.kind == "row"]
        assert disputed == queue.items(QueueFilter(kind="row"))
        source, day = disputed[0].sources[0], disputed[0].on or ""
        some = queue.items(QueueFilter(source=source, since=day[:10], until=day[:10]))
        assert disputed[0] in some
        assert all(source in item.sources for item in some)
        assert queue.items(QueueFilter(kind="record", until="1999-01-01")) == []


def test_a_sample_is_as_precise_as_the_command_says(store_address: str) -> None:
    with open_store(store_address) as store:
        _keep(store, told_articles())
        ledger = PledgeLedger(store, load_parties())
        ledger.build()
        name = keep_sample(store, ledger.rows(), 12, seed=3).id
        state = sample_of(store, name)
        assert state.precision is None
        order = [row.id for row in state.rows]
        for number, row in enumerate(state.rows):
            keep_review(store, row.id, "wrong" if number % 4 == 0 else "right", None, "Anna")
        state = sample_of(store, name)
        assert [row.id for row in state.rows] == order
        assert state.next is None
        assert state.precision == precision_of(store, name)[1]
        assert undo_review(store, "Anna", order) == order[-1]
        [drawn] = samples(store)
        assert drawn.next is not None
        assert drawn.next.id == order[-1]
