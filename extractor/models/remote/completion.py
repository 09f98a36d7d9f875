"""What an OpenAI-style completion says, read once and in one place for every wire."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from extractor.errors import ModelReplyInvalid, ModelUnavailable
from extractor.models.base import ModelReply, TokenUsage

# `model_length`: Mistral's context is full; the others are Anthropic's and Gemini's own words,
# which not every proxy translates.
_CUT: Final = {"length", "max_tokens", "model_length", "model_context_window_exceeded"}
_REFUSED: Final = {"content_filter", "refusal", "safety", "recitation", "prohibited_content"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Function(_Part):
    arguments: str = ""


class _ToolCall(_Part):
    function: _Function


class _Message(_Part):
    content: str | list[JsonValue] | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    tool_calls: list[_ToolCall] | None = None


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


def read_completion(body: bytes | str) -> ModelReply:
    """Read the JSON of a completion.

    Raises:
        ModelReplyInvalid: it is not one, or says nothing.
        ModelUnavailable: it says that the model failed underway.
    """
    failure: ModelReplyInvalid
    try:
        return _reply(_Completion.model_validate_json(body))
    except ValidationError as error:
        failure = ModelReplyInvalid(f"the reply is not a chat completion: {_faults(error)}")
    # Raised out here because the validation error, which quotes the body, would travel along.
    raise failure


def _reply(completion: _Completion) -> ModelReply:
    choice = completion.choices[0]
    usage = _token_usage(completion.usage or _Usage())
    finish = (choice.finish_reason or "stop").lower()
    text = _text_of(choice.message)
    if choice.message.refusal or finish in _REFUSED:
        return ModelReply(text=text or "", finish="refused", usage=usage)
    if finish in _CUT:
        return ModelReply(text=text or "", finish="length", usage=usage)
    if finish == "error":
        raise ModelUnavailable("the model failed while it answered")
    if text is None:
        raise ModelReplyInvalid("the reply is a chat completion without content")
    return ModelReply(text=text, finish="stop", usage=usage)


def _text_of(message: _Message) -> str | None:
    """What the model said: its text, or a JSON object that a server has put elsewhere."""
    content = message.content
    if isinstance(content, list):
        told = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(text for text in told if isinstance(text, str))
    if content and content.strip():
        return content
    # A forced tool carries the JSON of models without schemas; with a reasoning parser vLLM files
    # the whole reply as thought.
    for call in message.tool_calls or []:
        return call.function.arguments
    thought = (message.reasoning_content or "").strip()
    return thought if thought.startswith("{") and thought.endswith("}") else content


def _token_usage(usage: _Usage) -> TokenUsage:
    details = usage.prompt_tokens_details or _PromptDetails()
    return TokenUsage(
        prompt_tokens=usage.prompt_tokens or 0,
        cached_tokens=details.cached_tokens or 0,
        output_tokens=usage.completion_tokens or 0,
    )


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    first = faults[0]
    where = ".".join(str(step) for step in first["loc"]) or "body"
    return f"{where} ({first['type']})"
