"""Recorded replies: what a model answered, kept so that a run can be repeated without it.

Recorded at our own client boundary, not on the wire: whatever SDK or server is behind a client, a
recording is a request's digest and the raw reply to it. One file per document and repeat, one line
per reply, in the order of the calls, so that a change of a prompt is a readable diff. Failures and
refusals are never kept; of a reply that was cut off, only that it was, so that what was asked in
its place is asked again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import RunError
from eval.files import as_name, write_whole
from eval.runs.results import Key
from extractor.errors import ModelError
from extractor.models.base import JsonValue, ModelClient, ModelReply, ModelRequest, TokenUsage

_SHOWN: Final = 12
_TOLD: Final = {
    "model": "the model's weights are others",
    "prompt": "the prompt changed",
    "question": "the passage or what is offered with it changed",
    "schema_": "the schema of the reply changed",
    "parameters": "the decoding parameters changed",
}


class Parts(BaseModel):
    """Digests of the parts of a request: they tell which part of it changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    prompt: str
    """All messages but the last."""
    question: str
    """The last message: the passage."""
    schema_: str
    parameters: str
    """Decoding parameters and the repeat."""


class Recorded(BaseModel):
    """One line of a recording."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: Parts
    finish: Literal["stop", "length"] = "stop"
    text: str
    """Empty if the reply was cut off."""
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None

    @property
    def reply(self) -> ModelReply:
        """The reply as the client gave it."""
        usage = TokenUsage(
            self.prompt_tokens, self.cached_tokens, self.output_tokens, self.cost_usd
        )
        return ModelReply(text=self.text, finish=self.finish, usage=usage)


def parts_of(client: ModelClient, request: ModelRequest, repeat: int) -> Parts:
    """What identifies a request: the model's weights, every message, the schema, the parameters."""
    *earlier, last = ([turn.role, turn.content] for turn in request.messages)
    parameters: dict[str, JsonValue] = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "repeat": repeat,
    }
    if not request.compact:
        parameters["compact"] = False
    return Parts(
        model=_shown(client.digest) if client.digest else client.name,
        prompt=_digest(json.dumps(earlier)),
        question=_digest(json.dumps(last)),
        schema_=_digest(json.dumps(request.json_schema)),
        parameters=_digest(json.dumps(parameters)),
    )


def _shown(digest: str) -> str:
    """The beginning of each digest: of the weights, and of an adapter on them."""
    return "+".join(part[:_SHOWN] for part in digest.split("+"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Recordings:
    """A folder of recordings."""

    path: Path
    _known: dict[Path, dict[Parts, Recorded]] = field(default_factory=dict)
    """What need not be asked again, by corpus: in whichever document it was asked."""

    def recorder(self, client: ModelClient, key: Key, *, reuse: bool = False) -> ModelClient:
        """A client that also records, in place of what was recorded for this document.

        What the model was asked for another document is not asked again: what its cache holds by
        then is another beginning of the same sum, and the last digits may tip a close choice.
        With `reuse` the model is asked only what was not recorded yet.

        Raises:
            RunError: the file is damaged.
        """
        file = self.file(key)
        known = self._known.setdefault(file.parent, {})
        if reuse:
            known.update(self._replies(key))
        return _Recorder(client, file, key.repeat, known)

    def replayer(self, client: ModelClient, key: Key) -> ModelClient:
        """A client that answers from what was recorded for this document, and from nothing else.

        Raises:
            RunError: the file is damaged.
        """
        return _Replayer(client, key, self._replies(key))

    def load(self, key: Key) -> list[Recorded]:
        """What was recorded for a document.

        Raises:
            RunError: nothing was, or the file is damaged.
        """
        file = self.file(key)
        try:
            # As bytes: lines of text would also end at the line separators of an article.
            lines = file.read_bytes().splitlines()
        except OSError:
            raise RunError(f"no recording of {key.document} at {file}") from None
        return list(_entries(file, lines))

    def _replies(self, key: Key) -> dict[Parts, Recorded]:
        there = self.file(key).exists()
        return {entry.parts: entry for entry in self.load(key)} if there else {}

    def file(self, key: Key) -> Path:
        """Where the recording of a document is."""
        folder = self.path.joinpath(*map(as_name, (key.model, key.system, key.corpus)))
        if key.repeat > 1:
            folder /= f"repeat-{key.repeat}"
        return folder / f"{key.document}.ndjson"


def _entries(file: Path, lines: list[bytes]) -> Iterator[Recorded]:
    for number, line in enumerate(lines, start=1):
        try:
            yield Recorded.model_validate_json(line)
        except ValidationError:
            raise RunError(f"{file}, line {number}: not a recorded reply") from None


class ReplayMiss(ModelError):
    """A request was made that was not recorded."""

    hint = "Record again: make record (needs the model), then look at the difference."


class UnopenedModel:
    """A model by name and digest only: a replay needs neither weights nor key."""

    def __init__(self, name: str, digest: str | None) -> None:
        self.name = name
        self.digest = digest

    def complete(self, request: ModelRequest) -> ModelReply:
        raise ReplayMiss(f"{self.name} is not opened in a replay")

    def close(self) -> None:
        """Nothing to release."""


class _Replayer:
    """A `ModelClient` that answers from a recording and never asks a model."""

    def __init__(self, client: ModelClient, key: Key, entries: Mapping[Parts, Recorded]) -> None:
        self.name = client.name
        self.digest = client.digest
        self._key = key
        self._lock = threading.Lock()
        self._entries = entries

    def complete(self, request: ModelRequest) -> ModelReply:
        parts = parts_of(self, request, self._key.repeat)
        entry = self._entries.get(parts)
        if entry is None:
            raise ReplayMiss(
                f"{self._key.document}: a request is not in the recording: {self._change(parts)}"
            )
        return entry.reply

    def close(self) -> None:
        """Nothing to release."""

    def _change(self, wanted: Parts) -> str:
        """What differs from the recorded request that is most like this one."""
        if not self._entries:
            return "nothing was recorded"
        closest = min(self._entries, key=lambda known: len(_differing(known, wanted)))
        return " and ".join(_TOLD[field] for field in _differing(closest, wanted))


def _differing(known: Parts, wanted: Parts) -> list[str]:
    return [field for field in _TOLD if getattr(known, field) != getattr(wanted, field)]


class _Recorder:
    """A `ModelClient` that keeps every whole reply, and that others were cut off."""

    def __init__(
        self, client: ModelClient, file: Path, repeat: int, known: dict[Parts, Recorded]
    ) -> None:
        self.name = client.name
        self.digest = client.digest
        self._client = client
        self._file = file
        self._repeat = repeat
        self._known = known
        self._lines: list[str] = []
        self._lock = threading.Lock()
        file.unlink(missing_ok=True)

    def complete(self, request: ModelRequest) -> ModelReply:
        parts = parts_of(self, request, self._repeat)
        known = self._known.get(parts)
        # Of a reply that was cut off the text is not known.
        whole = known is not None and known.finish == "stop"
        reply = known.reply if known and whole else self._client.complete(request)
        if reply.finish != "refused":
            self._keep(parts, reply.finish, reply)
        return reply

    def close(self) -> None:
        """Nothing: the client outlives its recorders."""

    def _keep(self, parts: Parts, finish: Literal["stop", "length"], reply: ModelReply) -> None:
        usage = reply.usage
        entry = Recorded(
            parts=parts,
            finish=finish,
            text=reply.text if finish == "stop" else "",
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            cost_usd=usage.cost_usd,
        )
        with self._lock:
            self._known[parts] = entry
            self._lines.append(entry.model_dump_json(exclude_defaults=True) + "\n")
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, "".join(self._lines))
