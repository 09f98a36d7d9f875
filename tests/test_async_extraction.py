"""`AsyncExtractor` beside `Extractor`: the same results, many at a time, and a true cancel."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import closing

import pytest

from extractor import AsyncExtractor, Extractor, InputError
from extractor.asking.deadline import Deadline
from extractor.checking import Checked
from extractor.errors import Abandoned, DeadlinePassed, ModelUnavailable
from extractor.extraction import reading_threads
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests import fakeserver
from tests.articles import answer, pledge
from tests.fakeserver import Answer, FakeOpenAI, until
from tests.models.remote import openai_model

_TEXT = "Nordlys Compute will spend $40 million on a data centre."
_FOUND = answer([pledge(who=["Nordlys Compute"], what="a data centre", money="m1")], [])
_SETTINGS = Settings(strategy="document", retries=0)
_PATIENCE = 60.0


def _of_one(
    make: Callable[[], AsyncExtractor], work: Callable[[AsyncExtractor], Awaitable[Extraction]]
) -> Extraction:
    async def run() -> Extraction:
        async with make() as extractor:
            return await asyncio.wait_for(work(extractor), _PATIENCE)

    return asyncio.run(run())


def _timeless(extraction: Extraction) -> dict[str, object]:
    return extraction.model_dump(exclude={"usage": {"seconds"}})


def test_both_faces_say_the_same_of_an_article() -> None:
    long = " ".join(f"Nordlys Compute will spend ${n} million on sites." for n in range(9))
    settings = Settings(strategy="passage", finder="rules", retries=0)

    def reply(_: ModelRequest) -> str:
        return "no JSON"

    with Extractor(ScriptedModel(reply), settings=settings) as blocking:
        expected = blocking.extract(long, article_id="a", language="en")
    found = _of_one(
        lambda: AsyncExtractor(ScriptedModel(reply), settings=settings),
        lambda extractor: extractor.extract(long, article_id="a", language="en"),
    )
    assert expected.usage.calls > 1
    assert _timeless(found) == _timeless(expected)


def test_what_a_passage_yields_is_told_in_the_event_loop() -> None:
    told: list[tuple[int, str, threading.Thread]] = []

    def tell(checked: Checked, model: str) -> None:
        told.append((len(checked.commitments), model, threading.current_thread()))

    _of_one(
        lambda: AsyncExtractor(ScriptedModel([_FOUND]), settings=_SETTINGS),
        lambda extractor: extractor.extract(_TEXT, on_checked=tell),
    )
    assert told == [(1, "scripted", threading.main_thread())]


def test_the_next_model_reads_what_the_first_one_fails_on() -> None:
    broken = ScriptedModel([ModelUnavailable("down")], name="broken")
    found = _of_one(
        lambda: AsyncExtractor(
            broken, settings=_SETTINGS, fallbacks=[ScriptedModel([_FOUND], name="next")]
        ),
        lambda extractor: extractor.extract(_TEXT),
    )
    assert found.provenance.model == "next"
    assert len(found.commitments) == 1


def test_an_article_that_cannot_be_read_is_the_same_error() -> None:
    with pytest.raises(InputError):
        _of_one(
            lambda: AsyncExtractor(ScriptedModel([]), settings=_SETTINGS),
            lambda extractor: extractor.extract(" "),
        )


def test_many_articles_wait_for_a_hosted_model_at_a_time_without_a_thread_each() -> None:
    articles = 32
    gate = threading.Event()
    given = Answer(body=fakeserver.reply(_FOUND).body, gate=gate)

    async def all_at_once(url: str) -> tuple[int, list[Extraction]]:
        async with AsyncExtractor(openai_model(url), settings=_SETTINGS) as extractor:
            asked = [asyncio.ensure_future(extractor.extract(_TEXT)) for _ in range(articles)]
            await asyncio.to_thread(until, lambda: len(server.requests) == articles)
            threads = sum("process_request" not in each.name for each in threading.enumerate())
            gate.set()
            return threads, await asyncio.gather(*asked)

    before = threading.active_count()
    with FakeOpenAI(lambda _: given) as server:
        threads, found = asyncio.run(asyncio.wait_for(all_at_once(server.url), 3 * _PATIENCE))
    assert [len(each.commitments) for each in found] == [1] * articles
    assert threads - before < 12


def test_a_cancelled_extraction_ends_its_call_to_the_provider_within_a_second() -> None:
    async def leave(url: str) -> float:
        async with AsyncExtractor(openai_model(url), settings=_SETTINGS) as extractor:
            asked = asyncio.ensure_future(extractor.extract(_TEXT))
            await asyncio.to_thread(until, lambda: bool(server.requests))
            left = time.monotonic()
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            await asyncio.to_thread(until, lambda: bool(server.left))
            return left

    with FakeOpenAI([fakeserver.hang()]) as server:
        left = asyncio.run(asyncio.wait_for(leave(server.url), _PATIENCE))
    assert server.left[0] - left < 1


def test_a_cancelled_extraction_reads_no_further() -> None:
    article = " ".join(f"Nordlys Compute will spend ${n} million on sites." for n in range(1500))
    deadline = Deadline()

    async def leave() -> None:
        with reading_threads() as workers:
            extractor = AsyncExtractor(ScriptedModel([]), settings=_SETTINGS, workers=workers)
            asked = asyncio.ensure_future(extractor.extract(article, deadline=deadline))
            await asyncio.sleep(0.05)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(leave())
    with pytest.raises(Abandoned):
        deadline.check()


@pytest.mark.parametrize("face", ["abandoned", "over"])
def test_a_deadline_ends_the_waits_of_an_event_loop(face: str) -> None:
    deadline = Deadline(0.5 if face == "over" else None)
    settings = _SETTINGS.model_copy(update={"retries": 5})
    model = ScriptedModel(lambda _: ModelUnavailable("down"))
    threading.Timer(0.3, deadline.abandon).start() if face == "abandoned" else None
    with pytest.raises(Abandoned if face == "abandoned" else DeadlinePassed):
        _of_one(
            lambda: AsyncExtractor(model, settings=settings),
            lambda extractor: extractor.extract(_TEXT, deadline=deadline),
        )
    assert len(model.requests) < 3


def test_an_extractor_that_is_lent_stays_open() -> None:
    model = ScriptedModel(lambda _: _FOUND)
    with closing(Extractor(model, settings=_SETTINGS)) as lent:
        for _ in range(2):
            found = _of_one(
                lambda: AsyncExtractor(lent), lambda extractor: extractor.extract(_TEXT)
            )
            assert found.commitments
        assert lent.extract(_TEXT).commitments
