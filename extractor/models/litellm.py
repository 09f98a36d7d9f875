"""Models of any other provider, through instructor over litellm: the only importer of both."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from extractor.errors import ModelError, ModelRejected, ModelReplyInvalid, ModelTimeout
from extractor.models.base import JsonSchema, ModelReply, ModelRequest
from extractor.models.completion import read_completion
from extractor.models.failures import error_of_status

if TYPE_CHECKING:
    from litellm import ModelResponse


class LiteLLMModel:
    """A `ModelClient` for a provider/name of litellm; a leading litellm/ is left out of the call.

    A call that outlasts its timeout is abandoned: its thread ends when the provider lets go.
    """

    digest: str | None = None

    def __init__(
        self, name: str, *, base_url: str | None = None, api_key: str | None = None
    ) -> None:
        self.name = name
        self._model = name.removeprefix("litellm/")
        self._base_url = base_url
        self._api_key = api_key

    def complete(self, request: ModelRequest) -> ModelReply:
        """Make one attempt; raise only `ModelError`."""
        _load()
        outcomes: SimpleQueue[ModelReply | ModelError] = SimpleQueue()

        def attempt() -> None:
            outcomes.put(self._outcome(request))

        # In a thread of its own, because litellm limits only the wait for each next byte, and in
        # the main thread leaves an event loop behind.
        threading.Thread(target=attempt, name="litellm", daemon=True).start()
        try:
            outcome = outcomes.get(timeout=min(request.timeout_seconds, threading.TIMEOUT_MAX))
        except Empty:
            outcome = self._timeout(request.timeout_seconds)
        if isinstance(outcome, ModelError):
            raise outcome
        return outcome

    def close(self) -> None:
        """Nothing to release: litellm keeps one pool of connections for the process."""

    def _outcome(self, request: ModelRequest) -> ModelReply | ModelError:
        try:
            completion = self._completion(request)
            return read_completion(_as_openai(completion), cost_usd=self._cost(completion))
        except ModelError as error:
            return error
        except Exception as error:  # whatever it is, the caller waits for an outcome
            return self._unusable(error)

    def _completion(self, request: ModelRequest) -> ModelResponse:
        import instructor
        from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

        client = instructor.from_litellm(
            self._send, mode=instructor.Mode.JSON_SCHEMA, async_client=False
        )
        call: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
            "response_model": _reply_type(request.schema_name, request.json_schema),
            "max_retries": 0,
            "max_tokens": request.max_tokens,
            "timeout": request.timeout_seconds,
            **_sampling(self._model, request),
        }
        failure: ModelError
        try:
            return client.create_with_completion(**call)[1]
        except IncompleteOutputException as cut:
            return cut.last_completion
        except InstructorRetryException as error:
            if error.last_completion is not None:
                return error.last_completion
            cause = error.__cause__
            failure = cause if isinstance(cause, ModelError) else self._unusable(cause)
        # Raised out here because instructor's error, which holds the whole request and thus the
        # article, would travel along as its context.
        raise failure

    def _send(self, **call: Any) -> ModelResponse:
        """Complete with litellm; what goes wrong leaves here in our own words.

        Instructor logs every error that it sees and asks for no strict schema: both are mended
        here, before and after it.
        """
        import litellm

        call["response_format"]["json_schema"]["strict"] = True
        failure: ModelError
        try:
            return litellm.completion(
                **call,
                api_base=self._base_url,
                api_key=self._api_key or ("none" if self._base_url else None),
                max_retries=0,
                num_retries=0,
            )
        except Exception as error:  # litellm's errors have no common base, some are bare Exception
            failure = self._translated(error, call["timeout"])
        raise failure

    def _translated(self, error: Exception, timeout_seconds: float) -> ModelError:
        import httpx
        import litellm

        causes = list(_causes(error))
        if isinstance(error, litellm.exceptions.Timeout):
            return self._timeout(timeout_seconds)
        status = getattr(error, "status_code", None)
        if not isinstance(status, int):
            return ModelRejected(f"{self.name}: litellm refused the call ({type(error).__name__})")
        if status >= 500 and not any(isinstance(cause, httpx.HTTPError) for cause in causes):
            # litellm calls an answer that it cannot read a server error, too.
            return self._unusable(error)
        return error_of_status(status, model=self.name, retry_after=_retry_after(causes))

    def _timeout(self, seconds: float) -> ModelTimeout:
        return ModelTimeout(f"{self.name}: no answer within {seconds:g} s")

    def _unusable(self, error: BaseException | None) -> ModelReplyInvalid:
        return ModelReplyInvalid(f"{self.name}: no usable answer ({type(error).__name__})")

    def _cost(self, completion: ModelResponse) -> float | None:
        import litellm

        try:
            return float(litellm.completion_cost(completion, model=self._model))
        except Exception:  # no price for this model, said by any of several exceptions
            return None


def _load() -> None:
    # Both are read when litellm is imported: the price map would be fetched from the network, and
    # a file named .env in the working directory loaded into the environment.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    import litellm

    litellm.suppress_debug_info = True
    # Below these levels they log whole requests and replies, and with them the article.
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    for name in ("LiteLLM", "openai", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _reply_type(name: str, schema: JsonSchema) -> type[BaseModel]:
    """Make a type that asks for this schema and keeps whatever comes back: checking is not ours."""

    class Reply(BaseModel):
        text: str

        @classmethod
        def model_json_schema(cls, *_: object, **__: object) -> dict[str, Any]:
            return dict(schema)

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **_: object) -> Reply:
            return cls.model_construct(text=str(json_data))

    Reply.__name__ = name
    return Reply


def _sampling(model: str, request: ModelRequest) -> dict[str, float | int]:
    """Leave out what the provider does not know: litellm would refuse the call for it."""
    import litellm

    wanted: dict[str, float | int] = {"temperature": request.temperature, "seed": request.seed}
    known = litellm.get_supported_openai_params(model) or []
    return {name: value for name, value in wanted.items() if name in known}


def _as_openai(completion: ModelResponse) -> str:
    payload = completion.model_dump(mode="json", warnings=False)
    for choice in payload.get("choices", []):
        message = choice.get("message", {})
        extras = message.get("provider_specific_fields") or {}
        message.setdefault("refusal", extras.get("refusal"))
    return json.dumps(payload)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _retry_after(causes: list[BaseException]) -> str | None:
    for cause in causes:
        headers = getattr(getattr(cause, "response", None), "headers", None)
        if headers is not None and (value := headers.get("retry-after")):
            return str(value)
    return None
