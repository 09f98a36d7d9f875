"""What a user would write in an hour: one question about the whole article, through instructor.

The reply type is the public record without what our code computes (offsets, verdicts, confidence);
the schema constrains the reply, and no rule of ours reads, checks or repairs anything. Besides a
rival in the benchmark of the service, the only importer of instructor in the harness.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, model_validator

from eval.systems.assembling import assemble, locate
from eval.systems.base import GivenArticle, UnusableReply, digest_of
from extractor.errors import ExtractorError
from extractor.models.base import Message, ModelClient, ModelReply, ModelRequest
from extractor.records import Commitment, Extraction, PolicyEvent, PromptStamp
from extractor.settings import Settings

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

# With the longest articles about what a context of 8,192 tokens leaves for the reply; the labelled
# records of nearly every passage fit, and small models run on to any limit.
_MOST_TOKENS: Final = 3072
_LEAST_TOKENS: Final = 512
_TOKENS_PER_CHARACTER: Final = 2
# Small models repeat the last item of a list for ever; labelled records list at most six.
_MOST_ITEMS: Final = 8
# A whole article takes a small model minutes.
_TIMEOUT_FACTOR: Final = 4

_SYSTEM: Final = """\
You extract two lists from a news article in Vietnamese, French or English, as JSON.

commitments: statements that a named party undertakes, plans, negotiates, carries out or has \
carried out the provision of a resource (money, chips, data centres, training, jobs and so on), \
specific enough to be checked later. Give who provides it (actors), who receives it (recipients), \
the amount in units (not in billions) with its ISO 4217 currency, or the counted quantity, the \
status, and the dates in EDTF.

policy_events: acts, or announced or planned acts, of public authorities that make, change, \
propose or steer policy: agreements, laws, trade restrictions, programmes, institutions, \
standards, official statements, meetings. Companies alone never make one.

Statistics, forecasts, opinions, product news and page furniture are neither. Copy names and \
quotes (evidence) exactly from the article. Use null where the article does not say. Number \
commitments C1, C2, ... and events E1, E2, ..."""

_Record = TypeVar("_Record", Commitment, PolicyEvent)


class Records(BaseModel):
    """The reply: records whose evidence is a list of quotes."""

    model_config = ConfigDict(extra="forbid")

    commitments: list[Commitment]
    policy_events: list[PolicyEvent]

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The schema of the records, without what code computes."""
        schema = super().model_json_schema(*args, **options)
        for record in (Commitment, PolicyEvent):
            fields = schema["$defs"][record.__name__]
            for computed in ("verdicts", "confidence", "doubts"):
                del fields["properties"][computed]
            fields["required"].remove("verdicts")
            fields["properties"]["evidence"]["items"] = {"type": "string"}
            for listed in fields["properties"].values():
                if listed.get("type") == "array":
                    listed["maxItems"] = _MOST_ITEMS
        for computed in ("Evidence", "FieldVerdict", "Doubt"):
            del schema["$defs"][computed]
        return schema

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, reply: JsonValue) -> JsonValue:
        if isinstance(reply, dict):
            return {name: _completed(records) for name, records in reply.items()}
        return reply


class SingleShot:
    """One call per article, one try."""

    name = "single-shot"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def fingerprint(self) -> str:
        """Digest of this file, the schema and the version of instructor."""
        from importlib.metadata import version

        schema = json.dumps(Records.model_json_schema(), sort_keys=True)
        return digest_of([Path(__file__), schema, version("instructor")])

    def extract(self, article: GivenArticle, client: ModelClient) -> Extraction:
        """The extraction of an article."""
        call = _Call(client, _request(article, self._settings))
        reply = _ask(call)
        return assemble(
            article,
            [_located(record, article.text) for record in reply.commitments],
            [_located(record, article.text) for record in reply.policy_events],
            client=client,
            prompt=_stamp(),
            request=call.request,
        )


class _Call:
    """The one call, in the form in which instructor makes it."""

    def __init__(self, client: ModelClient, request: ModelRequest) -> None:
        self.request = request
        self._client = client
        self._failure: ExtractorError | None = None
        self._reply: ModelReply | None = None

    def create(self, **_: object) -> ChatCompletion:
        """Make the call; what instructor would send is what `request` says."""
        from openai.types.chat import ChatCompletion

        try:
            self._reply = self._client.complete(self.request)
        except ExtractorError as error:
            self._failure = error
            raise
        finish = {"stop": "stop", "length": "length", "refused": "content_filter"}
        choice: JsonValue = {
            "index": 0,
            "finish_reason": finish[self._reply.finish],
            "message": {"role": "assistant", "content": self._reply.text},
        }
        return ChatCompletion.model_validate(
            {
                "id": "0",
                "object": "chat.completion",
                "created": 0,
                "model": self._client.name,
                "choices": [choice],
            }
        )

    @property
    def refused(self) -> bool:
        """Whether the model refused."""
        return self._reply is not None and self._reply.finish == "refused"

    def fault(self) -> UnusableReply | ExtractorError:
        """Why there are no records, once instructor has given up."""
        if self._failure is not None:
            return self._failure
        if self._reply is None:
            return UnusableReply("error", "no call was made")
        if self._reply.finish == "length":
            limit = self.request.max_tokens
            return UnusableReply("truncated", f"the reply was cut at {limit} tokens")
        if self.refused:
            return UnusableReply("refused", "the model refused")
        try:
            json.loads(self._reply.text)
        except (ValueError, RecursionError):
            return UnusableReply("invalid_json", "the reply is no JSON")
        return UnusableReply("schema_error", "the reply does not fit the schema")


def _ask(call: _Call) -> Records:
    import instructor
    from instructor.core.exceptions import InstructorError

    # It logs whole replies, and with them the article.
    logging.getLogger("instructor").setLevel(logging.CRITICAL)
    create = instructor.patch(create=call.create, mode=instructor.Mode.JSON_SCHEMA)
    messages = [{"role": turn.role, "content": turn.content} for turn in call.request.messages]
    try:
        records = create(
            response_model=Records, messages=messages, model=call.request.schema_name, max_retries=0
        )
    except InstructorError:
        pass
    else:
        # A refusal is one even if its words fit the schema: instructor does not look.
        if not call.refused:
            return records
    # Out here, because instructor's error holds the article and would travel along as context.
    raise call.fault()


def _request(article: GivenArticle, settings: Settings) -> ModelRequest:
    date = f"Published: {article.published_at.isoformat()}\n\n" if article.published_at else ""
    return ModelRequest(
        messages=(Message("system", _SYSTEM), Message("user", f"{date}{article.text}")),
        json_schema=Records.model_json_schema(),
        schema_name="Records",
        max_tokens=min(_MOST_TOKENS, _LEAST_TOKENS + _TOKENS_PER_CHARACTER * len(article.text)),
        temperature=settings.temperature,
        seed=settings.seed,
        timeout_seconds=_TIMEOUT_FACTOR * settings.timeout_seconds,
    )


def _stamp() -> PromptStamp:
    digest = hashlib.sha256(_SYSTEM.encode()).hexdigest()
    return PromptStamp(name="single-shot", version="1", sha256=digest)


def _completed(records: JsonValue) -> JsonValue:
    """The records with what code computes: quotes that stand nowhere yet, and no verdicts."""
    if not isinstance(records, list):
        return records
    return [_with_evidence(record) if isinstance(record, dict) else record for record in records]


def _with_evidence(record: Mapping[str, JsonValue]) -> JsonValue:
    quotes = record.get("evidence")
    if not isinstance(quotes, list):
        return dict(record)
    evidence: list[JsonValue] = [
        {"start": 0, "end": 0, "sentence": 1, "quote": quote} for quote in quotes
    ]
    return {**record, "evidence": evidence, "verdicts": []}


def _located(record: _Record, text: str) -> _Record:
    evidence = [locate(item.quote, text) for item in record.evidence]
    return record.model_copy(update={"evidence": evidence})
