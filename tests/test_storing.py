"""An article that was read once is not paid for again, and only whole results are kept."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, select

from extractor.api.commons import OwnCommons
from extractor.api.gates import Gates, rules_of
from extractor.api.sharing import Sharing
from extractor.asking.deadline import Deadline
from extractor.cli.main import main
from extractor.errors import ConfigurationError, DeadlinePassed, ModelUnavailable
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.results.store import Answered, PurgedResults, ResultStore, Submission
from extractor.settings import Settings
from extractor.storage import open_store
from extractor.storage.tables import ITEMS, MENTIONS, RESULTS, REVIEWS
from tests.articles import answer, pledge, wanted
from tests.fakeserver import until

_ARTICLE = Submission("Nordlys Compute will spend $40 million on a data centre.", language="en")
_SETTINGS = Settings(strategy="document", retries=0)
_PATIENCE = 20.0
_Result = TypeVar("_Result")


class _Counting:
    """A model that counts what it is asked, and does something first."""

    def __init__(self, first: Callable[[int], None] = lambda _: None) -> None:
        self.calls = 0
        self._first = first
        self._lock = threading.Lock()

    def __call__(self, request: ModelRequest) -> str:
        with self._lock:
            self.calls += 1
            call = self.calls
        self._first(call)
        asked = wanted(request)
        found = pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
        return answer(
            [found] if "commitments" in asked else None, [] if "events" in asked else None
        )


def _sharing(store: ResultStore | None, use: Callable[[Sharing], Awaitable[_Result]]) -> _Result:
    """What is done with a `Sharing`, which is of one event loop."""

    async def run() -> _Result:
        sharing = Sharing(store, OwnCommons(Gates(rules_of(16, 16, None))))
        try:
            return await use(sharing)
        finally:
            sharing.close()

    return asyncio.run(run())


def _answer(store: ResultStore, extractor: Extractor, article: Submission = _ARTICLE) -> Extraction:
    """The extraction of one caller."""
    answered = _sharing(store, lambda sharing: sharing.answer(extractor, article, Deadline()))
    return answered.extraction


def _extractor(model: Callable[[ModelRequest], str], settings: Settings = _SETTINGS) -> Extractor:
    return Extractor(ScriptedModel(model), settings=settings)


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "results.sqlite"


def test_an_article_is_read_once_and_each_caller_gets_its_own_id_back(file: Path) -> None:
    model = _Counting()
    store, extractor = ResultStore(file), _extractor(model)
    first = _answer(store, extractor, replace(_ARTICLE, article_id="a"))
    calls = model.calls
    again = replace(_ARTICLE, article_id="b", source_url="https://example.org/b")
    second = _answer(store, extractor, again)
    assert model.calls == calls
    assert first.commitments
    assert second.commitments == first.commitments
    assert (first.article.article_id, second.article.article_id) == ("a", "b")
    assert second.article.source_url == "https://example.org/b"


def test_what_was_kept_is_there_after_a_restart(file: Path) -> None:
    first = _answer(ResultStore(file), _extractor(_Counting()))
    model = _Counting()
    assert _answer(ResultStore(file), _extractor(model)) == first
    assert model.calls == 0


@pytest.mark.parametrize(
    "other",
    [
        replace(_ARTICLE, text=_ARTICLE.text + " It said so."),
        replace(_ARTICLE, language="fr"),
        replace(_ARTICLE, title="A title"),
        replace(_ARTICLE, published_at=date(2026, 3, 31)),
    ],
)
def test_what_decides_the_result_decides_what_is_kept(file: Path, other: Submission) -> None:
    model = _Counting()
    store, extractor = ResultStore(file), _extractor(model)
    _answer(store, extractor)
    calls = model.calls
    _answer(store, extractor, other)
    assert model.calls > calls


def test_another_limit_is_another_result(file: Path) -> None:
    model = _Counting()
    store = ResultStore(file)
    _answer(store, _extractor(model))
    calls = model.calls
    _answer(store, _extractor(model, _SETTINGS.model_copy(update={"max_tokens": 99})))
    assert model.calls > calls


def test_a_result_with_an_unread_passage_is_not_kept(file: Path) -> None:
    store = ResultStore(file)
    first = _answer(store, _extractor(lambda _: "no JSON"))
    assert "passage_unread" in [notice.code for notice in first.notices]
    assert _answer(store, _extractor(_Counting())).commitments


def test_a_failure_is_not_kept(file: Path) -> None:
    def fail_once(call: int) -> None:
        if call == 1:
            raise ModelUnavailable("gone")

    store, extractor = ResultStore(file), _extractor(_Counting(fail_once))
    with pytest.raises(ModelUnavailable):
        _answer(store, extractor)
    assert _answer(store, extractor).commitments


@pytest.mark.parametrize("keeps", [True, False])
def test_callers_at_the_same_time_share_one_reading(file: Path, keeps: bool) -> None:
    together = threading.Event()
    model = _Counting(lambda _: _wait_for(together))
    extractor = _extractor(model)

    async def all_at_once(sharing: Sharing) -> list[Answered]:
        asked = [
            asyncio.ensure_future(
                sharing.answer(extractor, replace(_ARTICLE, article_id=str(n)), Deadline())
            )
            for n in range(12)
        ]
        await asyncio.to_thread(until, lambda: model.calls == 1)
        await asyncio.sleep(0.2)
        together.set()
        return await asyncio.gather(*asked)

    answers = _sharing(ResultStore(file) if keeps else None, all_at_once)
    alone = _Counting()
    _extractor(alone).extract(_ARTICLE.text, language="en")
    assert model.calls == alone.calls
    assert [found.extraction.article.article_id for found in answers] == [str(n) for n in range(12)]


def test_when_the_one_who_had_it_read_gives_up_another_goes_on(file: Path) -> None:
    leave = threading.Event()

    def leave_in_the_first(call: int) -> None:
        if call == 1:
            assert leave.wait(_PATIENCE)
            impatient.abandon()
            raise ModelUnavailable("gone")

    impatient = Deadline()
    model = _Counting(leave_in_the_first)
    extractor = _extractor(model, _SETTINGS.model_copy(update={"retries": 1}))

    async def one_leaves(sharing: Sharing) -> tuple[BaseException | Answered, ...]:
        first = asyncio.ensure_future(sharing.answer(extractor, _ARTICLE, impatient))
        await asyncio.to_thread(until, lambda: model.calls == 1)
        second = asyncio.ensure_future(sharing.answer(extractor, _ARTICLE, Deadline()))
        await asyncio.sleep(0.2)
        leave.set()
        first_told, second_told = await asyncio.gather(first, second, return_exceptions=True)
        return first_told, second_told

    _, stayed = _sharing(ResultStore(file), one_leaves)
    assert isinstance(stayed, Answered)
    assert stayed.extraction.commitments


def test_one_who_waits_beside_another_keeps_its_own_time(file: Path) -> None:
    release = threading.Event()
    model = _Counting(lambda _: _wait_for(release))
    extractor = _extractor(model)

    async def one_is_in_a_hurry(sharing: Sharing) -> Answered:
        first = asyncio.ensure_future(sharing.answer(extractor, _ARTICLE, Deadline()))
        await asyncio.to_thread(until, lambda: model.calls == 1)
        with pytest.raises(DeadlinePassed):
            await sharing.answer(extractor, _ARTICLE, Deadline(0.2))
        release.set()
        return await first

    assert _sharing(ResultStore(file), one_is_in_a_hurry).extraction.commitments


def test_a_row_that_cannot_be_read_counts_as_none(file: Path) -> None:
    store, extractor = ResultStore(file), _extractor(_Counting())
    first = _answer(store, extractor)
    key = _ARTICLE.key(extractor.fingerprint)
    assert store.get(key) == first
    _execute(file, "UPDATE results SET extraction = '{'")
    assert store.get(key) is None
    assert _answer(store, extractor).commitments == first.commitments


def test_a_store_that_fails_while_the_service_runs_loses_no_answer(file: Path) -> None:
    store = ResultStore(file)
    store.open()
    _execute(file, "DROP TABLE results")
    assert _answer(store, _extractor(_Counting())).commitments


def test_a_file_that_is_no_store_is_told_with_what_to_do(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database, but long enough to look at" * 40)
    with pytest.raises(ConfigurationError, match="store of results") as told:
        ResultStore(file).open()
    assert "EXTRACTOR_STORE" in told.value.advice


def test_all_can_be_forgotten_by_a_command(file: Path) -> None:
    _answer(ResultStore(file), _extractor(_Counting()))
    outcome = CliRunner().invoke(main, ["store", "purge"], env={"EXTRACTOR_STORE": str(file)})
    assert outcome.output == "1 results forgotten\n"
    model = _Counting()
    _answer(ResultStore(file), _extractor(model))
    assert model.calls


def test_what_people_worked_with_is_not_forgotten(store_address: str) -> None:
    rows: dict[Table, list[dict[str, object]]] = {
        RESULTS: [{"key": key, "kept_at": "", "extraction": "{}"} for key in ("a", "b", "c", "d")],
        REVIEWS: [_review("a"), _review("b", undone_at="2026")],
        MENTIONS: [_mention("c"), _mention("d", gone_at="2026")],
        ITEMS: [_item("c"), _item("d")],
    }
    with open_store(store_address) as store:
        with store.writing() as connection:
            for table, values in rows.items():
                connection.execute(table.insert(), values)
        assert ResultStore(store).purge() == PurgedResults(gone=1, spared=3)
        with store.reading() as connection:
            assert set(connection.scalars(select(RESULTS.c.key))) == {"a", "b", "c"}
            states = dict(connection.execute(select(ITEMS.c.key, ITEMS.c.state)).all())
    # Whose result is gone has not been read any more.
    assert states == {"c": "done", "d": "pending"}
    outcome = CliRunner().invoke(main, ["store", "purge"], env={"EXTRACTOR_STORE": store_address})
    assert outcome.output.startswith("0 results forgotten\n3 kept: they are reviewed")


def _review(key: str, undone_at: str | None = None) -> dict[str, object]:
    subject = {"subject_kind": "mention", "subject_id": key, "version": key}
    return {**subject, "verdict": "right", "by": "ann", "at": "2026", "undone_at": undone_at}


def _mention(key: str, gone_at: str | None = None) -> dict[str, object]:
    told = {"id": key, "kind": "commitment", "result_key": key, "article_sha256": key}
    return {**told, "record_id": "C1", "record": "{}", "gone_at": gone_at}


def _item(key: str) -> dict[str, object]:
    item = {"run_id": "r", "key": key, "position": 0, "name": key, "given": "{}"}
    return {**item, "state": "done", "result_key": key}


def test_nothing_is_kept_where_that_is_switched_off() -> None:
    outcome = CliRunner().invoke(main, ["store", "purge"], env={"EXTRACTOR_STORE": ""})
    assert "nothing is kept" in outcome.output


def _execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.execute(statement)


def _wait_for(event: threading.Event) -> None:
    assert event.wait(_PATIENCE)
