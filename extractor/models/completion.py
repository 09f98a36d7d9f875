"""What an OpenAI-style completion says, read once and in one place for every remote adapter."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import ModelReplyInvalid
from extractor.models.base import ModelReply, TokenUsage


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Part):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Part):
    finish_reason: str | None = None
    message: _Message


class _PromptDetails(_Part):
    cached_tokens: int | None = None


class _Usage(_Part):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _PromptDetails | None = None


class _Completion(_Part):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def read_completion(body: bytes | str, *, cost_usd: float | None = None) -> ModelReply:
    """Read the JSON of a completion; raise `ModelReplyInvalid` if it is not one."""
    failure: ModelReplyInvalid
    try:
        return _reply(_Completion.model_validate_json(body), cost_usd)
    except ValidationError as error:
        failure = ModelReplyInvalid(f"the reply is not a chat completion: {_faults(error)}")
    # Raised out here because the validation error, which quotes the body, would travel along.
    raise failure


def _reply(completion: _Completion, cost_usd: float | None) -> ModelReply:
    choice = completion.choices[0]
    usage = _token_usage(completion.usage or _Usage(), cost_usd)
    content = choice.message.content
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return ModelReply(text=content or "", finish="refused", usage=usage)
    if choice.finish_reason == "length":
        return ModelReply(text=content or "", finish="length", usage=usage)
    if content is None:
        raise ModelReplyInvalid("the reply is a chat completion without content")
    return ModelReply(text=content, finish="stop", usage=usage)


def _token_usage(usage: _Usage, cost_usd: float | None) -> TokenUsage:
    details = usage.prompt_tokens_details or _PromptDetails()
    return TokenUsage(
        prompt_tokens=usage.prompt_tokens or 0,
        cached_tokens=details.cached_tokens or 0,
        output_tokens=usage.completion_tokens or 0,
        cost_usd=cost_usd,
    )


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    first = faults[0]
    where = ".".join(str(step) for step in first["loc"]) or "body"
    return f"{where} ({first['type']})"
