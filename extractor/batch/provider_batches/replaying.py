"""Replaying: an article takes its path before what was answered, and tells what it still asks.

Where an answer is missing the path is given an empty one, so that it goes on and asks all that it
would ask: what it makes of an empty answer is thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

from extractor.batch.items import Failure
from extractor.errors import (
    ConfigurationError,
    ExtractorError,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
)
from extractor.extraction import Extractor
from extractor.models.base import ModelReply, ModelRequest
from extractor.models.remote import RemoteModel
from extractor.models.remote.completion import read_completion
from extractor.models.remote.faults import read_fault
from extractor.models.remote.wire import Call, Known, RawReply, Refused
from extractor.records import Extraction, Usage
from extractor.results.store import Submission

RequestState: TypeAlias = Literal["sent", "answered", "failed", "expired"]
_OF_THE_MOMENT: Final = frozenset({"rate", "overloaded", "unavailable"})
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that was sent about an article, and what came of it."""

    question: str
    form: str
    state: RequestState
    status: int = 0
    reply: str = ""


@dataclass(frozen=True, slots=True)
class WantedRequest:
    """A request that has to be sent."""

    question: str
    """Digest of what is asked, whatever the form."""
    form: str
    """Digest of the call, which changes with what its provider refuses."""
    call: Call


@dataclass(frozen=True, slots=True)
class Replay:
    """Where an article stands: done, failed, or with requests to send or to wait for."""

    extraction: Extraction | None = None
    failure: Failure | None = None
    spent: Usage | None = None
    """What a failed one has cost."""
    wanted: tuple[WantedRequest, ...] = ()


class RecordedWire:
    """A wire over which nothing goes: what was sent before is answered, the rest is wanted.

    Args:
        name: what errors call the model.
        known: what is known of the model, its price that of a batch.
        most_sends: how often a question is sent that its provider had no time for.
    """

    def __init__(self, name: str, known: Known, most_sends: int) -> None:
        self._name = name
        self._known = known
        self._most_sends = most_sends
        self.begin(())

    def begin(self, sent: Sequence[SentRequest]) -> None:
        """Turn to an article, about which these requests were sent, in this order."""
        self._sent: dict[str, list[SentRequest]] = defaultdict(list)
        for each in sent:
            self._sent[each.question].append(each)
        self._looked_at: dict[str, int] = defaultdict(int)
        self._question = ""
        self._skippable = True
        self.wanted: dict[str, WantedRequest] = {}
        self.open = 0

    def turn_to(self, question: str, *, skippable: bool) -> None:
        """Say what the next calls ask; `skippable` if an empty answer has a form to be given in."""
        self._question, self._skippable = question, skippable

    def known(self) -> Known:
        """What is known of the model."""
        return self._known

    def send(self, call: Call) -> RawReply:
        """What was answered.

        Raises:
            Refused: the provider refused this very call.
            ModelError: the provider had no time for it, however often it was sent.
            Unanswered: it is not answered yet, and no answer can be left out.
        """
        form = _digest([asdict(m) for m in call.messages], call.parameters(), dict(call.extra))
        sent = self._sent[self._question]
        while self._looked_at[self._question] < len(sent):
            each = sent[self._looked_at[self._question]]
            self._looked_at[self._question] += 1
            if each.state == "sent":
                return self._unanswered()
            # What was answered to another form of the question counts, a refusal of it does not.
            if each.state == "answered" and (each.form == form or _spoke(each.reply)):
                return RawReply(each.reply)
            if each.state == "failed" and each.form == form:
                fault = read_fault(each.status, each.reply)
                if fault.kind not in _OF_THE_MOMENT:
                    raise Refused(fault)
        if self._question not in self.wanted:
            self._give_up_on(sent)
            self.wanted[self._question] = WantedRequest(self._question, form, call)
        return self._unanswered()

    def _give_up_on(self, sent: Sequence[SentRequest]) -> None:
        missed = [each for each in sent if _is_missed(each)]
        if len(missed) < self._most_sends:
            return
        if missed[-1].state == "expired":
            raise ModelTimeout(
                f"{self._name}: {len(missed)} batches ended before it was asked",
                hint="Add --retry-failed to ask it again, or ask without --provider-batch.",
            )
        raise ModelUnavailable(
            f"{self._name}: in {len(missed)} batches it was answered {missed[-1].status}"
        )

    def _unanswered(self) -> RawReply:
        self.open += 1
        if not self._skippable:
            raise Unanswered
        return _NOTHING

    async def asend(self, call: Call) -> RawReply:
        """As `send`."""
        return self.send(call)

    def load(self) -> None:
        """Nothing to import."""

    def close(self) -> None:
        """Nothing to release."""

    async def aclose(self) -> None:
        """Nothing to release."""


class Unanswered(Exception):
    """An answer is missing without which the path cannot go on; never leaves this module."""


class RecordedModel:
    """A `ModelClient` over a recorded wire, which it tells what is asked; for one thread."""

    digest: str | None = None

    def __init__(self, remote: RemoteModel, wire: RecordedWire) -> None:
        self.name = remote.name
        self._remote = remote
        self._wire = wire

    def complete(self, request: ModelRequest) -> ModelReply:
        """Look up what was answered; an empty answer stands for one that is still to come.

        Raises:
            ModelError: the provider refused, or had no time.
        """
        asked = [asdict(message) for message in request.messages]
        question = _digest(asked, request.json_schema, request.schema_name, request.max_tokens)
        # Rows have no form that says nothing: an article of a small model is asked step by step.
        self._wire.turn_to(question, skippable=request.grammar is None)
        return self._remote.complete(request)

    def close(self) -> None:
        """Nothing to release."""


class Replayer:
    """Has articles take their path before what was answered; for one thread.

    Args:
        extractor: over a `RecordedModel` of the wire.
        wire: where the answers come from.
    """

    def __init__(self, extractor: Extractor, wire: RecordedWire) -> None:
        self.extractor = extractor
        self._wire = wire

    def replay(self, article: Submission, sent: Sequence[SentRequest]) -> Replay:
        """Where the article stands, with these requests sent about it.

        Raises:
            ConfigurationError: it cannot be asked at all.
        """
        self._wire.begin(sent)
        extraction = None
        try:
            extraction = self.extractor.extract(
                article.text,
                title=article.title,
                language=article.language,
                published_at=article.published_at,
            )
        except Unanswered:
            pass
        except ConfigurationError:
            raise
        except Exception as error:  # a defect too costs this article and no other
            spent = error.spent if isinstance(error, ExtractorError) else None
            return Replay(failure=Failure.of(error), spent=spent)
        if self._wire.open:
            return Replay(wanted=tuple(self._wire.wanted.values()))
        return Replay(extraction)


def _spoke(reply: str) -> bool:
    """Whether a reply says anything: else the model had no room, and is asked with more."""
    try:
        read = read_completion(reply)
    except (ModelReplyInvalid, ModelUnavailable):
        return False
    return read.finish != "length" or bool(read.text.strip())


def _is_missed(sent: SentRequest) -> bool:
    if sent.state == "failed":
        return read_fault(sent.status, sent.reply).kind in _OF_THE_MOMENT
    return sent.state == "expired"


def _digest(*parts: object) -> str:
    told = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]


_NOTHING: Final = RawReply(
    json.dumps(
        {
            "choices": [
                {
                    "finish_reason": "stop",
                    "message": {"content": json.dumps({"commitments": [], "events": []})},
                }
            ]
        }
    )
)
