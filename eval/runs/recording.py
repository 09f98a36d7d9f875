"""Recorded replies: what a model answered, kept so that a run can be repeated without it.

Recorded at our own client boundary, not on the wire: whatever SDK or server is behind a client, a
recording is a request's digest and the raw reply to it, one line of the file of its corpus.
Failures and refusals are never kept; of a reply that was cut off, only that it was, so that what
was asked in its place is asked again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import RunError
from eval.files import as_name
from eval.runs.corpus_file import CorpusFile, LineInFile, PlaceInFile
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

    document: str
    repeat: int = 1
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
    _files: dict[Path, CorpusFile] = field(default_factory=dict)
    _known: dict[Path, dict[Parts, Recorded]] = field(default_factory=dict)
    """What need not be asked again, by corpus: in whichever document it was asked."""

    def recorder(self, client: ModelClient, key: Key, *, reuse: bool = False) -> ModelClient:
        """A client that also records, in place of what was recorded for this document.

        What was recorded before and has not been asked yet stays until the client is closed, which
        says that the document has been read: a kill or an error on the way loses nothing.
        What the model was asked for another document is not asked again: what its cache holds by
        then is another beginning of the same sum, and the last digits may tip a close choice.
        With `reuse` the model is asked only what was not recorded yet.

        Raises:
            RunError: the file is damaged.
        """
        file, before = self.file(key), self._replies(key)
        known = self._known.setdefault(file.path, {})
        if reuse:
            known.update(before)
        return _Recorder(client, file, key, known, before)

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
        found = list(self._replies(key).values())
        if not found:
            raise RunError(f"no recording of {key.document} in {self.file(key).path}")
        return found

    def file(self, key: Key) -> CorpusFile:
        """Where the recording of a document is."""
        folder = self.path / as_name(key.model) / as_name(key.system)
        path = folder / f"{as_name(key.corpus)}.jsonl"
        return self._files.setdefault(path, CorpusFile(path))

    def _replies(self, key: Key) -> dict[Parts, Recorded]:
        file = self.file(key)
        entries = _entries(file.path, file.lines(_place(key)))
        return {entry.parts: entry for entry in entries}


def _place(key: Key) -> PlaceInFile:
    return PlaceInFile(key.document, key.repeat, "reply")


def _entries(file: Path, lines: Sequence[LineInFile]) -> Iterator[Recorded]:
    for line in lines:
        try:
            yield Recorded.model_validate_json(line.content)
        except ValidationError:
            raise RunError(f"{file}, line {line.number}: not a recorded reply") from None


class ReplayMiss(ModelError):
    """A request was made that was not recorded."""

    hint = "Record again: make record (needs the model), then look at the difference."


class UnopenedModel:
    """A model by name and digest only: a replay needs neither weights nor key."""

    def __init__(self, name: str, digest: str | None) -> None:
        self.name = name
        self.digest = digest

    def complete(self, request: ModelRequest) -> ModelReply:
        """Refuse: nobody is asked in a replay.

        Raises:
            ReplayMiss: whatever is asked.
        """
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
        self,
        client: ModelClient,
        file: CorpusFile,
        key: Key,
        known: dict[Parts, Recorded],
        before: Mapping[Parts, Recorded],
    ) -> None:
        self.name = client.name
        self.digest = client.digest
        self._client = client
        self._file = file
        self._key = key
        self._known = known
        self._before = before
        self._asked: dict[Parts, Recorded] = {}
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelReply:
        parts = parts_of(self, request, self._key.repeat)
        known = self._known.get(parts)
        # Of a reply that was cut off the text is not known.
        whole = known is not None and known.finish == "stop"
        reply = known.reply if known and whole else self._client.complete(request)
        if reply.finish != "refused":
            self._keep(parts, reply.finish, reply)
        return reply

    def close(self) -> None:
        """Drop what is no longer asked about the document; the client outlives its recorders."""
        with self._lock:
            if self._before.keys() - self._asked.keys():
                self._write(self._asked)

    def _keep(self, parts: Parts, finish: Literal["stop", "length"], reply: ModelReply) -> None:
        usage = reply.usage
        entry = Recorded(
            document=self._key.document,
            repeat=self._key.repeat,
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
            self._asked[parts] = entry
            left = {one: old for one, old in self._before.items() if one not in self._asked}
            self._write({**self._asked, **left})

    def _write(self, entries: Mapping[Parts, Recorded]) -> None:
        lines = [one.model_dump_json(exclude_defaults=True).encode() for one in entries.values()]
        self._file.replace(_place(self._key), lines)
