"""What the tests of both remote adapters share: a request, and the faults with their errors."""

from __future__ import annotations

from extractor.errors import (
    ModelError,
    ModelNotFound,
    ModelOverloaded,
    ModelPromptTooLong,
    ModelRateLimited,
    ModelRefusedKey,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
)
from extractor.models import Message, ModelRequest
from extractor.models.base import JsonSchema
from extractor.models.litellm import LiteLLMWire
from extractor.models.openai import OpenAIWire
from extractor.models.remote import RemoteModel, Wire, dialect_of
from extractor.settings import Settings
from tests import fakeserver
from tests.fakeserver import Answer

ARTICLE = "The Zephyrine bank lends a secret sum."
KEY = "sk-very-private"
_PLAIN = Settings()
SCHEMA: JsonSchema = {
    "type": "object",
    "properties": {"who": {"type": "string"}},
    "required": ["who"],
    "additionalProperties": False,
}

FAULTS: dict[str, tuple[Answer, type[ModelError]]] = {
    "unauthorised": (fakeserver.failure(401), ModelRefusedKey),
    "forbidden": (fakeserver.failure(403), ModelRefusedKey),
    "rate limit": (fakeserver.failure(429), ModelRateLimited),
    "bad request": (fakeserver.failure(400), ModelRejected),
    "not found": (fakeserver.failure(404), ModelNotFound),
    "too large": (fakeserver.failure(413), ModelPromptTooLong),
    "unprocessable": (fakeserver.failure(422), ModelRejected),
    "server error": (fakeserver.failure(500), ModelUnavailable),
    "overloaded": (fakeserver.failure(503), ModelOverloaded),
    "reset mid-body": (fakeserver.reset(), ModelUnavailable),
    "hang": (fakeserver.hang(), ModelTimeout),
    "slow": (fakeserver.reply(delay=30), ModelTimeout),
    "truncated": (fakeserver.truncated(), ModelReplyInvalid),
    "garbage": (fakeserver.garbage(), ModelReplyInvalid),
    "web page": (fakeserver.web_page(), ModelReplyInvalid),
    "empty body": (fakeserver.empty(), ModelReplyInvalid),
    "no choices": (fakeserver.no_choices(), ModelReplyInvalid),
    "no content": (fakeserver.reply(None), ModelReplyInvalid),
}


def patience(answer: Answer) -> float:
    """A timeout that only an answer which does not come can reach."""
    return 0.4 if answer.hang or answer.delay or answer.drip else 20.0


def request(*, timeout_seconds: float = 10.0) -> ModelRequest:
    """A request whose user turn holds the article that must never leak."""
    return ModelRequest(
        messages=(Message("system", "Answer in JSON."), Message("user", ARTICLE)),
        json_schema=SCHEMA,
        schema_name="draft",
        max_tokens=40,
        temperature=0.25,
        seed=7,
        timeout_seconds=timeout_seconds,
    )


def quoting(answer: Answer) -> Answer:
    """The same fault, from a server that quotes the article and the key in its message."""
    if answer.status < 400:
        return answer
    return fakeserver.failure(answer.status, message=f"cannot take {ARTICLE} with {KEY}")


def told(error: BaseException) -> str:
    """Everything that a traceback of `error` would print, its causes included."""
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return "\n".join(f"{link!r} {link}" for link in links)


def openai_model(
    url: str, *, name: str = "openai/fake-1", api_key: str | None = KEY, settings: Settings = _PLAIN
) -> RemoteModel:
    """A model at this URL over the openai client."""
    wire = OpenAIWire(name, base_url=url, api_key=api_key)
    return _over(name, wire, url, settings)


def litellm_model(
    url: str, *, name: str = "litellm/openai/fake-1", settings: Settings = _PLAIN
) -> RemoteModel:
    """A model at this URL over litellm."""
    return _over(name, LiteLLMWire(name, base_url=url, api_key=KEY), url, settings)


def _over(name: str, wire: Wire, url: str, settings: Settings) -> RemoteModel:
    return RemoteModel(
        name,
        wire,
        dialect_of(name, url, settings),
        place=url,
        thinking_tokens=settings.thinking_tokens,
        check_prompts=settings.prompt_check,
    )
