"""What can go wrong with a model behind an API, and what a request then ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import httpx2

from tests import articles, fakeserver
from tests.fakeserver import Answer

RETRIES = 2
ARTICLE = "Nordlys Compute will spend ${} million on a data centre."
BODY = {"text": ARTICLE.format(40), "language": "en"}


@dataclass(frozen=True)
class Failed:
    """The problem that a request ends with."""

    status: int
    kind: str
    retryable: bool


@dataclass(frozen=True)
class Unread:
    """An answer without records, which says so; `rejected` is why drafts were refused."""

    rejected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """An answer of the model that is none, and what a request makes of it.

    One request gets over as many in a row as it `bears`; after one more it ends as `outcome` says.
    """

    answer: Answer
    bears: int
    outcome: Failed | Unread


def draft(**changed: object) -> str:
    """A reply with the one right draft, changed."""
    found = articles.pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
    return articles.answer([{**found, **changed}], [])


UNAVAILABLE = Failed(503, "model-unavailable", retryable=True)
_OVERLOADED = Failed(503, "model-overloaded", retryable=True)
_FILTERED = Failed(502, "model-filtered", retryable=False)
_TIMEOUT = Failed(504, "model-timeout", retryable=True)
_INVALID = Failed(502, "model-reply-invalid", retryable=True)
_REJECTED = Failed(502, "model-rejected", retryable=False)
_REFUSED_KEY = Failed(502, "model-refused-key", retryable=False)
FAULTS = {
    # Transport: tried again as it is.
    "server error": Fault(fakeserver.failure(500), RETRIES, UNAVAILABLE),
    "overloaded": Fault(fakeserver.failure(503), RETRIES, _OVERLOADED),
    "reset mid-body": Fault(fakeserver.reset(), RETRIES, UNAVAILABLE),
    "hang": Fault(fakeserver.hang(), RETRIES, _TIMEOUT),
    "first byte too late": Fault(fakeserver.reply(draft(), delay=30), RETRIES, _TIMEOUT),
    "truncated JSON": Fault(fakeserver.truncated(), RETRIES, _INVALID),
    "no JSON": Fault(fakeserver.garbage(), RETRIES, _INVALID),
    "web page": Fault(fakeserver.web_page(), RETRIES, _INVALID),
    "no choices": Fault(fakeserver.no_choices(), RETRIES, _INVALID),
    "huge reply": Fault(fakeserver.huge(17 * 1024 * 1024), RETRIES, _INVALID),
    # Final: trying again cannot help.
    "bad request": Fault(fakeserver.failure(400), 0, _REJECTED),
    "refused key": Fault(fakeserver.failure(401), 0, _REFUSED_KEY),
    # A reply that says nothing usable: asked once more, in other words.
    "refusal": Fault(fakeserver.reply(None, refusal="I will not."), 1, _FILTERED),
    "filtered": Fault(fakeserver.reply("", finish="content_filter"), 1, _FILTERED),
    "cut short": Fault(fakeserver.reply(draft()[:60], finish="length"), 1, Unread()),
    "prose": Fault(fakeserver.reply("Certainly! Here it is."), 1, Unread()),
    "no such sentence": Fault(
        fakeserver.reply(draft(sentences=[99])), 1, Unread(("invalid_draft",))
    ),
    "no such status": Fault(fakeserver.reply(draft(status="?")), 1, Unread(("invalid_draft",))),
    "no list of dates": Fault(fakeserver.reply(draft(dates="d1")), 1, Unread(("invalid_draft",))),
    "another schema": Fault(
        fakeserver.reply(articles.answer([{"id": 1}], [])), 1, Unread(("invalid_draft",))
    ),
}


def assert_right(response: httpx2.Response | httpx.Response, millions: int = 40) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    extraction: dict[str, Any] = response.json()
    [found] = extraction["commitments"]
    assert [actor["name"] for actor in found["actors"]] == ["Nordlys Compute"]
    assert found["amount"]["value"] == millions * 1_000_000
    assert extraction["rejected"] == extraction["notices"] == []
    return extraction


def assert_outcome(response: httpx2.Response | httpx.Response, expected: Failed | Unread) -> None:
    told = response.json()
    if isinstance(expected, Failed):
        assert response.headers["Content-Type"] == "application/problem+json"
        kind = told["type"].removeprefix("urn:problem-type:extractor:")
        assert Failed(response.status_code, kind, told["retryable"]) == expected
        assert "Nordlys" not in response.text
    else:
        assert response.status_code == 200
        assert told["commitments"] == told["policy_events"] == []
        assert [notice["code"] for notice in told["notices"]] == ["passage_unread"]
        assert tuple(refused["reason"] for refused in told["rejected"]) == expected.rejected
