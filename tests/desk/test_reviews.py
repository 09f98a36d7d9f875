"""Reviews in both kinds of store: one of two who decide at once is told, nobody's step is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.desk.correcting import corrected
from extractor.desk.corrections import Correction
from extractor.desk.library import Library
from extractor.desk.reviews import ChangedMeanwhile, NothingToUndo, Reviews
from tests.desk.desks import desk_in


def test_of_two_who_decide_at_once_one_is_told(tmp_path: Path, store_address: str) -> None:
    with desk_in(tmp_path, store=store_address) as desk:
        key = desk.put()
        together = threading.Barrier(2)

        def decide(by: str) -> bool:
            library = Library(store_address)
            try:
                opened = library.open(key)
                together.wait(60)
                Reviews(library).decide(opened, "C1", "right", by, 0)
            except ChangedMeanwhile:
                return False
            finally:
                library.close()
            return True

        with ThreadPoolExecutor(2) as people:
            kept = list(people.map(decide, ("Anna", "Binh")))

        library = desk.library()
        record = Reviews(library).of(library.open(key)).find("C1")
        library.close()
        assert sorted(kept) == [False, True]
        assert [step.by for step in record.history] == ["Binh" if kept[1] else "Anna"]
        assert record.version == 1


def test_steps_of_several_people_are_kept_in_order_and_each_takes_back_their_own(
    tmp_path: Path, store_address: str
) -> None:
    with desk_in(tmp_path, store=store_address) as desk:
        key = desk.put()
        library = desk.library()
        reviews, opened = Reviews(library), library.open(key)
        grant = reviews.of(opened).find("C3").record
        paid = corrected(grant, Correction("amount", sentence=5, reference="m1"), opened.article)

        reviews.decide(opened, "C1", "right", "Anna", 0)
        reviews.change(opened, paid, "amount", "Binh", 0)
        added = reviews.add(opened, paid, "Anna", None)
        assert added == "C4"
        assert reviews.of(opened).find("C4").original is None
        assert reviews.undo(opened, "Binh").note == "changed amount"
        assert not reviews.of(opened).find("C3").is_changed
        assert reviews.undo(opened, "Anna").of == "C4"
        assert reviews.undo(opened, "Anna").of == "C1"
        for person in ("Anna", "Binh"):
            with pytest.raises(NothingToUndo):
                reviews.undo(opened, person)
        # An id that was once given is not given to another record.
        assert reviews.add(opened, paid, "Anna", None) == "C5"
        listed = library.listed()
        assert [(one.reviews, one.finished) for one in listed] == [(1, False)]
        library.close()
