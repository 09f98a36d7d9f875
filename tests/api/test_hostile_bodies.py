"""Thousands of bodies and headers that nobody should send: each is answered, and none is repeated.

They come from families, one function each, and a seed; a failure is named by family and number.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from fastapi import FastAPI

from extractor.api.app import create_app
from extractor.api.problems import Problem
from extractor.extraction import Extractor
from extractor.models.base import ModelReply, ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, wanted

_OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.json"
_MARKER = "XYZZYPLUGH"
_TEXT = f"The {_MARKER} bank will lend $40 million to the port by 2027."
_BODIES = 2_000
_WARM = 500
_MOST_GROWTH = 24 * 1024 * 1024
_MOST_CHARACTERS = 10_000
_FIELDS = ("text", "title", "language", "published_at", "article_id", "source_url", "model")
_RETURNED = ("article_id", "title", "source_url")
_FIT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Sent:
    """One request; without a length the body goes out in `chunks`."""

    body: bytes
    headers: Headers = field(default_factory=list)
    content_type: bytes = b"application/json"
    chunks: int = 0


Family = Callable[[random.Random], Sent]
_families: dict[str, Family] = {}


def _family(make: Family) -> Family:
    _families[make.__name__.strip("_")] = make
    return make


def _dumped(**fields: object) -> bytes:
    return json.dumps({"text": _TEXT, **fields}).encode()


def _with_raw(name: str, raw: str) -> bytes:
    """A body in which the value of this field is written exactly so."""
    others = "" if name == "text" else f'"text": {json.dumps(_TEXT)}, '
    return f'{{{others}"{name}": {raw}}}'.encode("utf-8", "surrogatepass")


@_family
def _bytes_that_are_no_utf8(rng: random.Random) -> Sent:
    bad = rng.choice(
        [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80"]
    )
    body = bytearray(_dumped())
    at = rng.randrange(len(body) + 1)
    body[at:at] = bad
    return Sent(bytes(body))


@_family
def _half_characters(rng: random.Random) -> Sent:
    half = rng.choice(["\\ud800", "\\udfff", "\\udc00\\ud800", "\\ud800\\u0041", "\\uD83D"])
    if rng.random() < 0.2:
        return Sent(f'{{"text": {json.dumps(_TEXT)}, "{half}": "{_MARKER}"}}'.encode())
    return Sent(_with_raw(rng.choice(_FIELDS), f'"{half}{_MARKER}"'))


@_family
def _control_characters(rng: random.Random) -> Sent:
    control = rng.choice(["\\u0000", "\x00", "\x1b[2J", "\\u0007", "\\u202e", "\\ufeff", "\\uffff"])
    return Sent(_with_raw(rng.choice(_FIELDS), f'"{_MARKER}{control * rng.choice([1, 40])}"'))


@_family
def _deep_nesting(rng: random.Random) -> Sent:
    depth = rng.choice([10, 900, 990, 1_010, 5_000, 33_000, 100_000])
    opening, closing = rng.choice([("[", "]"), ('{"text":', "}"), ('[{"a":', "}]")])
    depth = min(depth, 100_000 // len(opening))
    end = rng.choice(["", closing * depth, f'"{_MARKER}"'])
    nested = opening * depth + end
    return Sent(nested.encode() if rng.random() < 0.5 else _with_raw(rng.choice(_FIELDS), nested))


@_family
def _huge_numbers(rng: random.Random) -> Sent:
    digits = "9" * 10_000
    numbers = [
        "1e400",
        "-1e400",
        digits,
        f"-{digits}",
        f"0.{digits}",
        f"1e{digits[:400]}",
        "1E-999",
    ]
    raw = rng.choice([*numbers, "NaN", "Infinity", "-Infinity", "-0", "9007199254740993"])
    return Sent(_with_raw(rng.choice(_FIELDS), raw))


@_family
def _wrong_types(rng: random.Random) -> Sent:
    def value(depth: int) -> object:
        kinds: list[object] = [None, True, 0, -1.5, "", _MARKER, [], {}]
        if depth and rng.random() < 0.5:
            return [value(depth - 1) for _ in range(rng.randrange(4))]
        if depth and rng.random() < 0.5:
            return {f"{_MARKER}{n}": value(depth - 1) for n in range(rng.randrange(4))}
        return rng.choice(kinds)

    chosen = rng.sample(_FIELDS, rng.randint(1, len(_FIELDS)))
    return Sent(_dumped(**{name: value(3) for name in chosen}))


@_family
def _surplus_and_repeated_keys(rng: random.Random) -> Sent:
    # A surplus key that can be nothing but a name, such as a misspelt one, is told on purpose.
    names = [
        *_FIELDS,
        f"{_MARKER} 1",
        "",
        "__proto__",
        "text ",
        "Text",
        "a" * 5_000,
        "a\\n" + _MARKER,
    ]
    pairs = [f'"{rng.choice(names)}": "{_MARKER}"' for _ in range(rng.choice([2, 5, 2_000]))]
    return Sent("{{{}}}".format(", ".join(pairs)).encode())


@_family
def _cut_bodies(rng: random.Random) -> Sent:
    body = _dumped(title=_MARKER, language="en", published_at="2026-03-31")
    return Sent(body[: rng.randrange(len(body))])


@_family
def _flipped_bytes(rng: random.Random) -> Sent:
    body = bytearray(_dumped(title=_MARKER, language="en"))
    for _ in range(rng.randint(1, 5)):
        body[rng.randrange(len(body))] = rng.randrange(256)
    return Sent(bytes(body))


@_family
def _noise(rng: random.Random) -> Sent:
    return Sent(rng.randbytes(rng.choice([1, 20, 3_000])))


@_family
def _compressed(rng: random.Random) -> Sent:
    whole = gzip.compress(_dumped(), mtime=0)
    body = rng.choice([whole, whole[: rng.randrange(len(whole))], _dumped()])
    coding = rng.choice([b"gzip", b"deflate", b"br", b"gzip, gzip", b"identity", b"nonsense"])
    return Sent(body, [(b"content-encoding", coding)])


@_family
def _other_encodings(rng: random.Random) -> Sent:
    text = json.dumps({"text": _TEXT + " Ngân hàng cho vay."}, ensure_ascii=False)
    codecs = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258", "utf-7", "utf-8"]
    charset = rng.choice([b"utf-8", b"utf-16", b"iso-8859-1", b"nonsense", b'"', b"\xff", b""])
    body = text.encode(rng.choice(codecs), "replace")
    return Sent(body, content_type=b"application/json; charset=" + charset)


@_family
def _nothing(rng: random.Random) -> Sent:
    return Sent(rng.choice([b"", b" ", b"\n" * 1_000, b"\x00", b"\xef\xbb\xbf"]))


@_family
def _bare_values(rng: random.Random) -> Sent:
    values = [
        "null",
        "true",
        "0",
        "-0.0",
        f'"{_MARKER}"',
        "[]",
        "{}",
        f'["{_MARKER}"]',
        "'x'",
        "1 2",
    ]
    return Sent(rng.choice(values).encode())


@_family
def _wrong_lengths(rng: random.Random) -> Sent:
    body = _dumped()
    lengths = [
        b"0",
        b"1",
        b"%d" % (len(body) + 9),
        b"-1",
        b"1e3",
        b"",
        b"9" * 5_000,
        b"\xb2",
        b"+7",
    ]
    headers = [(b"content-length", rng.choice(lengths)) for _ in range(rng.choice([1, 1, 2]))]
    return Sent(body, headers, chunks=1)


@_family
def _pieces(rng: random.Random) -> Sent:
    """Bodies in many pieces, some of them empty, some without end."""
    if rng.random() < 0.1:
        return Sent(_MARKER.encode() * 20_000, chunks=50)
    return Sent(_dumped(), chunks=rng.choice([1, 2, 30]))


@_family
def _other_media_types(rng: random.Random) -> Sent:
    kinds = [b"", b"text/plain", b"application/json;", b"APPLICATION/JSON", b"application/jsonp"]
    more = [
        b"application/problem+json",
        b"multipart/form-data; boundary=x",
        b"\xff/\xff",
        b"," * 99,
    ]
    return Sent(_dumped(), content_type=rng.choice(kinds + more))


@_family
def _dates_and_tags(rng: random.Random) -> Sent:
    days = [
        "2026-02-30",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "２０２６-０１-０１",
        "2026-1-1",
    ]
    tags = ["en-" + "a" * 30, "EN", "x", "zz", "en_US", "e\u0301n", "vi\n", "fr-CA", _MARKER, "-"]
    return Sent(_dumped(published_at=rng.choice(days), language=rng.choice(tags)))


@_family
def _model_names(rng: random.Random) -> Sent:
    # Only of openai/: other providers would be asked over the network.
    names = [_MARKER, f"openai/{_MARKER}", "openai/", "/", "openai//x", "scripted", "", "a" * 201]
    return Sent(_dumped(model=rng.choice([*names, "x\n", "é", "@", "openai/../x", "qwen2.5:x"])))


@_family
def _texts_that_tire_a_parser(rng: random.Random) -> Sent:
    pieces = [
        "<",
        "(",
        "$",
        "1,",
        "1.",
        " ",
        "\n",
        "\u0301",
        "a",
        "A ",
        "'",
        "“",
        "<p ",
        "2026-",
        ". ",
    ]
    more = [
        "€1 ",
        "million ",
        "de ",
        "by ",
        "\u200b",
        "&amp;",
        "http://",
        "- ",
        "%",
        "\r",
        "\u2028",
    ]
    kinds = rng.sample(pieces + more, rng.choice([1, 2, 3]))
    repeated = "".join(kinds) * rng.choice([10, 200, 600])
    return Sent(_dumped(text=f"{_MARKER} {repeated}"[: _MOST_CHARACTERS + 1]))


_TIMEOUTS = [
    b"nan",
    b"inf",
    b"-inf",
    b"-0",
    b"0",
    b"1e999",
    b"-1e999",
    b"1e-999",
    b"5e-324",
    b"0x9",
]
_TIMEOUTS += [b"1_0", b" 5 ", b"", b"5,6", b"\xff", b"9" * 5_000, b"null", b"\xd9\xa3", b"30"]
_ACCEPTS = [b"*/*", b"application/x-ndjson", b"application/x-ndjson;q=nan", b"a/b;q=inf;q=-1"]
_ACCEPTS += [b"", b",;,;=", b"\xff", b";" * 5_000, b"application/x-ndjson;q=1e999", b"text/html"]
_IDS = [
    b"desk-7",
    b"",
    b"a b",
    b"\xff",
    b"a" * 129,
    b"a\r\nSet-Cookie: x=1",
    b"\x00",
    b"../..",
    b"\xc2\xb2",
]
_HEADERS = {b"x-request-timeout": _TIMEOUTS, b"accept": _ACCEPTS, b"x-request-id": _IDS}


def _hostile() -> Iterator[tuple[str, Sent]]:
    """The requests in turn, made one at a time; every other one has hostile headers besides."""
    rng = random.Random(20260331)  # noqa: S311 - no secret hangs on it
    names = list(_families)
    for number in range(_BODIES):
        name = names[number % len(names)]
        sent = _families[name](rng)
        if rng.random() < 0.5:
            sent.headers.extend((header, rng.choice(v)) for header, v in _HEADERS.items())
        yield f"{name} {number}", sent


async def _post(client: httpx.AsyncClient, sent: Sent) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        size = max(1, -(-len(sent.body) // sent.chunks))
        for at in range(0, len(sent.body), size):
            yield b""
            yield sent.body[at : at + size]

    headers = [(b"content-type", sent.content_type), *sent.headers]
    content = pieces() if sent.chunks else sent.body
    return await client.post("/extract", content=content, headers=headers)


def _nothing_found(request: ModelRequest) -> str:
    asked = wanted(request)
    return answer([] if "commitments" in asked else None, [] if "events" in asked else None)


class _Forgetful(ScriptedModel):
    """Keeps no request, so that what memory grows by is the service's own."""

    def complete(self, request: ModelRequest) -> ModelReply:
        reply = super().complete(request)
        self.requests.clear()
        return reply


def _app() -> FastAPI:
    settings = Settings(strategy="document", retries=0, store=None, max_characters=_MOST_CHARACTERS)
    return create_app(settings, extractor=Extractor(_Forgetful(_nothing_found), settings=settings))


def _declared() -> set[int]:
    """The statuses that the document declares; a defect is declared, but is no answer to this."""
    document: dict[str, Any] = json.loads(_OPENAPI.read_text(encoding="utf-8"))
    return {int(status) for status in document["paths"]["/extract"]["post"]["responses"]} - {500}


def _fault(response: httpx.Response, declared: set[int]) -> str | None:
    """What is wrong with an answer, or nothing."""
    if response.status_code not in declared:
        return f"{response.status_code} is not declared"
    if not _FIT_ID.fullmatch(response.headers["X-Request-ID"]):
        return "the id of the request is not fit for a log"
    if response.status_code == 200:
        repeated = _returned_besides_what_is_the_callers(response)
    elif response.headers["content-type"] != "application/problem+json":
        return "an error that is no problem document"
    else:
        problem = Problem.model_validate_json(response.content)
        if problem.status != response.status_code:
            return "the problem has another status"
        repeated = response.text
    told = repeated + str(response.headers)
    return "the body is repeated" if _MARKER in told else None


def _returned_besides_what_is_the_callers(response: httpx.Response) -> str:
    records: list[object] = []
    if response.headers["content-type"] == "application/x-ndjson":
        # Not splitlines: strings may hold what Unicode counts as the end of a line.
        *records, whole = [json.loads(line) for line in response.text.rstrip("\n").split("\n")]
    else:
        whole = json.loads(response.content)
        Extraction.model_validate(whole)
    for name in _RETURNED:
        del whole["article"][name]
    return json.dumps([*records, whole])


async def _faults_of_all(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> tuple[list[str], set[int], int]:
    """What is wrong with any answer, which statuses were seen, and how much memory has grown."""
    faults, seen, declared = [], set(), _declared()
    memory, warm = psutil.Process(), 0
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service", timeout=60) as client,
    ):
        for number, (name, sent) in enumerate(_hostile()):
            response = await _post(client, sent)
            seen.add(response.status_code)
            if fault := _fault(response, declared):
                faults.append(f"{name}: {fault}")
            assert caplog.records
            if _MARKER in caplog.text:
                faults.append(f"{name}: the log repeats the body")
            caplog.clear()
            if number == _WARM:
                warm = memory.memory_info().rss
        grown = memory.memory_info().rss - warm
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        good = await client.post("/extract", json={"text": _TEXT})
        assert good.status_code == 200
        Extraction.model_validate_json(good.content)
    return faults, seen, grown


def test_hostile_requests_are_answered_without_a_defect_and_without_repeating_them(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("EXTRACTOR_OPENAI_BASE_URL", raising=False)
    with caplog.at_level(logging.DEBUG):
        faults, seen, grown = asyncio.run(_faults_of_all(_app(), caplog))
    assert faults == []
    # Else the bodies would not be as hostile, or as harmless, as they are meant to be.
    assert seen == {200, 400, 413, 415, 422, 504}
    assert grown < _MOST_GROWTH
