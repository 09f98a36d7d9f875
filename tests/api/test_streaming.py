"""What a caller who asks for lines sees while an article is still being read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI

from extractor.api.app import create_app
from extractor.errors import ModelError, ModelRefusedKey, ModelUnavailable
from extractor.extraction import Extractor
from extractor.models.base import JsonValue, ModelRequest
from extractor.models.scripted import Script, ScriptedModel
from extractor.settings import Settings
from tests.api.serving import served
from tests.articles import answer, commitment, wanted

_SENTENCES = [f"Nordlys Compute will spend ${n} million on sites." for n in range(1, 5)]
_BODY = {"text": " ".join(_SENTENCES), "language": "en"}
_LINES = {"Accept": "application/x-ndjson"}
_SETTINGS = Settings(strategy="passage", finder="rules", min_confidence=0, retries=0)
_PATIENCE = 20.0


def _found(request: ModelRequest) -> str:
    asked = wanted(request)
    draft = commitment(1, who=["Nordlys Compute"], what="sites", money="m1")
    del draft["sentence"]
    return answer([draft] if "commitments" in asked else None, [] if "events" in asked else None)


class _Stepwise:
    """A model that answers one question at a time, when it is let."""

    def __init__(self) -> None:
        self.calls = 0
        self.may = threading.Semaphore(0)

    def __call__(self, request: ModelRequest) -> str | ModelError:
        self.calls += 1
        assert self.may.acquire(timeout=_PATIENCE)
        return _found(request)


def _app(model: Script, settings: Settings = _SETTINGS) -> FastAPI:
    return create_app(settings, extractor=Extractor(ScriptedModel(model), settings=settings))


def _read(lines: Iterator[str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads(next(lines))
    return found


def test_a_passage_is_told_while_the_next_one_is_still_being_read() -> None:
    model = _Stepwise()
    with served(_app(model)) as url, httpx.Client(timeout=_PATIENCE) as client:
        model.may.release()
        with client.stream("POST", f"{url}/extract", json=_BODY, headers=_LINES) as response:
            lines = response.iter_lines()
            first = _read(lines)
            calls = model.calls
            model.may.release(100)
            rest = [json.loads(line) for line in lines]
    assert (first["type"], first["passage"]) == ("passage", 1)
    assert isinstance(first["commitments"], list)
    assert len(first["commitments"]) == 1
    assert calls <= 2
    assert [line["passage"] for line in rest if line["type"] == "passage"] == [2, 3, 4]
    assert sum(line["type"] == "commitment" for line in rest) == 4
    assert rest[-1]["type"] == "extraction"


def test_when_a_fallback_takes_over_the_passages_told_before_are_void() -> None:
    calls = 0

    def fails_late(request: ModelRequest) -> str | ModelError:
        nonlocal calls
        calls += 1
        return ModelRefusedKey("no more") if calls > 2 else _found(request)

    first = ScriptedModel(fails_late, name="first")
    second = ScriptedModel(_found, name="second")
    settings = _SETTINGS.model_copy(update={"max_calls": 50})
    extractor = Extractor(first, settings=settings, fallbacks=[second])
    with served(create_app(settings, extractor=extractor)) as url:
        lines = httpx.post(f"{url}/extract", json=_BODY, headers=_LINES).text.splitlines()
    told = [json.loads(line) for line in lines]
    kinds = [line["type"] for line in told]
    at = kinds.index("restart")
    assert told[at]["model"] == "second"
    passages = [line["passage"] for line in told[at:] if line["type"] == "passage"]
    assert passages == list(range(1, len(passages) + 1))
    assert sum(len(line["commitments"]) for line in told[at:] if line["type"] == "passage") == 4
    assert kinds.count("commitment") == 4


def test_a_failure_before_the_first_line_has_its_own_status() -> None:
    with served(_app(lambda _: ModelRefusedKey("no"))) as url:
        response = httpx.post(f"{url}/extract", json=_BODY, headers=_LINES)
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("failure", "title"),
    [(ModelRefusedKey("no"), "Model refused key"), (LookupError("secret"), "Internal error")],
    ids=["of the model", "defect"],
)
def test_a_failure_after_the_first_line_is_the_last_line(failure: Exception, title: str) -> None:
    answers: Iterator[object] = iter([_found, failure])

    def model(request: ModelRequest) -> str | ModelError:
        step = next(answers)
        if step is _found:
            return _found(request)
        if isinstance(step, ModelError):
            return step
        raise failure

    with served(_app(model)) as url:
        response = httpx.post(f"{url}/extract", json=_BODY, headers=_LINES)
    assert response.status_code == 200
    kinds = [json.loads(line)["type"] for line in response.text.splitlines()]
    assert kinds == ["passage", "problem"]
    assert json.loads(response.text.splitlines()[-1])["problem"]["title"] == title
    assert "secret" not in response.text


def test_an_article_of_a_caller_who_leaves_in_the_middle_is_read_no_further() -> None:
    model = _Stepwise()
    with served(_app(model)) as url, httpx.Client(timeout=_PATIENCE) as client:
        model.may.release()
        with client.stream("POST", f"{url}/extract", json=_BODY, headers=_LINES) as response:
            next(response.iter_lines())
        # Counted once its end has been seen; the model still works on the second passage then.
        while 'route="/extract"' not in client.get(f"{url}/metrics").text:
            time.sleep(0.05)
        time.sleep(0.2)
        model.may.release()
        # Whoever comes next is served: the place was given back.
        model.may.release(100)
        assert client.post(f"{url}/extract", json=_BODY).status_code == 200
    assert model.calls <= 2 + 4


def test_callers_of_the_same_article_get_the_same_last_lines() -> None:
    gate = threading.Event()

    def model(request: ModelRequest) -> str:
        assert gate.wait(_PATIENCE)
        return _found(request)

    def records(text: str) -> list[JsonValue]:
        lines = [json.loads(line) for line in text.splitlines()]
        return [line["record"] for line in lines if line["type"] == "commitment"]

    with served(_app(model)) as url, ThreadPoolExecutor(2) as callers:
        asked = [
            callers.submit(httpx.post, f"{url}/extract", json=_BODY, headers=_LINES, timeout=60)
            for _ in range(2)
        ]
        gate.set()
        one, other = (records(each.result().text) for each in asked)
    assert one == other
    assert len(one) == 4


def test_a_passing_failure_costs_its_passage_and_the_stream_goes_on() -> None:
    calls: list[int] = []

    def model(request: ModelRequest) -> str | ModelError:
        calls.append(1)
        return ModelUnavailable("down") if len(calls) == 2 else _found(request)

    with served(_app(model)) as url:
        response = httpx.post(f"{url}/extract", json=_BODY, headers=_LINES)
    kinds = [json.loads(line)["type"] for line in response.text.splitlines()]
    assert kinds.count("passage") == 4
    assert kinds.count("notice") >= 1
    assert kinds[-1] == "extraction"
