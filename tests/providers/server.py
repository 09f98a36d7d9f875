"""A server on the loopback that is as strict as the provider whose profile it is given."""

from __future__ import annotations

import bisect
import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import jsonschema

from extractor.models.base import JsonSchema
from tests.fakeserver import Answer, FakeOpenAI, Recorded
from tests.providers import profiles
from tests.providers.asked import ABSENT, Asked, parameter_refusal, read
from tests.providers.profiles import LiteLLM, Refusal, Wire
from tests.providers.replying import Draft, completed, counts, error_answer, reply_to, tokens_of
from tests.providers.schemas import refusal

KEY: Final = "test-key"
BAD_KEY: Final = "bad-key"
_NOTHING: Final = '{"commitments":[],"events":[]}'
_CACHE_STEP: Final = 128


class _Fake(FakeOpenAI):
    def __init__(self, script: Callable[[Recorded], Answer], port: int) -> None:
        super().__init__(script)
        if port:
            self._server.server_close()
            self._server = type(self._server)(("127.0.0.1", port), self._handler())


class StrictProvider:
    """Answers as the provider would, after refusing all that it would refuse.

    `answer` gives the JSON of a perfect answer, one call at a time. A schema that is enforced
    completes it with null and []; one that it still breaks is noted in `violations`, and fails the
    test on leaving. `reply` names another shape of reply (a key of the wire's replies), `faults`
    the errors given to the first calls, None for a good one. `window` is the context in tokens, of
    four characters each. A schema not seen before costs `schema_delay` seconds.
    """

    def __init__(
        self,
        profile: str,
        answer: Callable[[Asked], str] = lambda _: _NOTHING,
        *,
        thinking_tokens: int = 0,
        window: int | None = None,
        faults: Iterable[str | None] = (),
        reply: str = "ok",
        schema_delay: float = 0.0,
        port: int = 0,
    ) -> None:
        self.profile = profiles.load(profile)
        self.requests: list[Asked] = []
        self.schemas: list[JsonSchema] = []
        self.refusals: list[str] = []
        self.violations: list[str] = []
        self._answer = answer
        self._thinking_tokens = thinking_tokens
        self._window = window
        self._faults = list(faults)
        self._reply = reply
        self._schema_delay = schema_delay
        self._prompts: list[str] = []
        self._check_names()
        self._server = _Fake(self._respond, port)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._server)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        if self.violations and error is None:
            raise AssertionError(self.violations[0])
        if self.violations and error is not None:
            error.add_note(self.violations[0])

    @property
    def root(self) -> str:
        """The address without any path."""
        return self._server.url.removesuffix("/v1")

    @property
    def url(self) -> str:
        """The base URL for the openai client, or for litellm where that client has no business."""
        base = self.profile.openai
        return self.root + (self.profile.litellm[0].base if base is None else base)

    def reach(self, way: LiteLLM | str) -> dict[str, str]:
        """What to call `litellm.completion` with, besides the messages, to arrive here."""
        ways = {one.model: one for one in self.profile.litellm}
        found = ways[way] if isinstance(way, str) else way
        return {
            "model": found.model,
            "api_base": self.root + found.base,
            "api_key": KEY,
            **found.extra,
        }

    def _check_names(self) -> None:
        unknown = {name for name in self._faults if name} - set(self.profile.all_errors)
        if unknown:
            raise ValueError(f"{self.profile.name} has no error {unknown}")
        if all(self._reply not in wire.replies for wire in self.profile.wires.values()):
            raise ValueError(f"{self.profile.name} has no reply {self._reply}")

    def _respond(self, recorded: Recorded) -> Answer:
        try:
            return self._judged(recorded)
        except Exception as error:  # or the client would wait for a server that died
            self.violations.append(f"the fake itself failed: {error!r}")
            raise

    def _judged(self, recorded: Recorded) -> Answer:
        asked = read(self.profile, recorded)
        self.requests.append(asked)
        wire = self.profile.wires.get(asked.wire, self.profile.main_wire)
        fault = self._faults.pop(0) if self._faults else None
        refused = Refusal("fault", fault) if fault else self._refusal(wire, asked)
        if refused is not None:
            return self._refuse(wire, refused, asked)
        delay = self._delay_of(asked)
        answer = reply_to(self.profile, wire, self._draft(wire, asked))
        if isinstance(answer, Refusal):
            return self._refuse(wire, answer, asked)
        return replace(answer, delay=delay)

    def _refuse(self, wire: Wire, refused: Refusal, asked: Asked) -> Answer:
        self.refusals.append(refused.error)
        details = {"model": asked.model, "path": asked.path, **refused.details}
        return error_answer(wire, self.profile.all_errors[refused.error], details)

    def _refusal(self, wire: Wire, asked: Asked) -> Refusal | None:
        return (
            self._key_refusal(asked)
            or (None if asked.wire else Refusal("path", "path"))
            or parameter_refusal(self.profile, asked)
            or self._schema_refusal(asked)
            or self._prompt_refusal(wire, asked)
        )

    def _key_refusal(self, asked: Asked) -> Refusal | None:
        """A key is missed before it is seen that no endpoint has the path."""
        known = self.profile.wires.get(asked.wire)
        wires = [known] if known is not None else list(self.profile.wires.values())
        names = [n if n.startswith("?") else f"@{n}" for wire in wires for n in wire.auth]
        given = [str(key) for name in names if (key := asked.look(name)) is not ABSENT]
        wrong = any(BAD_KEY in key for key in given) and "key_invalid" in self.profile.all_errors
        if wrong or (wires[0].auth_required and not any(given)):
            return Refusal("key", "key_invalid")
        return None

    def _schema_refusal(self, asked: Asked) -> Refusal | None:
        rules = self.profile.schema_rules
        by_format = asked.form == "json_schema"
        if asked.schema is None or not (by_format or asked.strict):
            return None
        if rules.only_strict and not asked.strict:
            return None
        return refusal(self.profile, asked.schema, name=asked.schema_name or "reply")

    def _prompt_refusal(self, wire: Wire, asked: Asked) -> Refusal | None:
        window, context = self._window_of(wire, asked), self.profile.context
        prompt = tokens_of(asked.prompt)
        limit = asked.limit or 0
        counted = prompt + limit if context.counts_reply else prompt
        if window is None or context.overflow != "error" or counted <= window:
            return None
        return Refusal("context", context.error, counts(prompt, limit, window))

    def _window_of(self, wire: Wire, asked: Asked) -> int | None:
        wished = asked.look(wire.window_from) if wire.window_from else None
        return wished if isinstance(wished, int) else self._window

    def _enforces(self, asked: Asked) -> bool:
        rules = self.profile.schema_rules
        if asked.schema is None or (asked.form == "tool" and not asked.strict):
            return False
        if rules.only_strict and not asked.strict:
            return False
        return rules.enforced or (
            bool(rules.enforced_when) and all(asked.meets(rules.enforced_when))
        )

    def _delay_of(self, asked: Asked) -> float:
        if asked.schema is None or asked.schema in self.schemas:
            return 0.0
        self.schemas.append(asked.schema)
        return self._schema_delay

    def _draft(self, wire: Wire, asked: Asked) -> Draft:
        """The answer to what is left of the prompt in the window."""
        window, overflow = self._window_of(wire, asked), self.profile.context.overflow
        prompt, cached = tokens_of(asked.prompt), self._cached(asked)
        over = window is not None and prompt > window
        text = self._text(asked, from_nothing=over)
        if over and window is not None and overflow == "cut":
            prompt = window // 2 + 2
        thinks = not any(asked.meets(self.profile.params.no_thinking))
        return Draft(
            asked=asked,
            text="" if over and overflow == "blank" else text,
            reply=self._reply,
            prompt=prompt,
            cached=cached,
            thinking=self._thinking_tokens if thinks else 0,
            window=window,
        )

    def _text(self, asked: Asked, *, from_nothing: bool) -> str:
        text = _NOTHING if from_nothing else self._answer(asked)
        if asked.schema is None or not self._enforces(asked):
            return text
        value = completed({} if from_nothing else json.loads(text), asked.schema)
        try:
            jsonschema.validate(value, asked.schema, jsonschema.Draft202012Validator)
        except jsonschema.ValidationError as error:
            where = "/".join(map(str, error.absolute_path))
            self.violations.append(f"the answer breaks the schema at /{where}: {error.message}")
        same = value == json.loads(text)
        return text if same else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _cached(self, asked: Asked) -> int:
        """Tokens of the longest prefix seen before."""
        cache = self.profile.cache
        if cache.min_tokens is None:
            return 0
        schema = json.dumps(asked.schema) if cache.with_schema else ""
        prompt = schema + asked.prompt
        shared = max((_shared(prompt, earlier) for earlier in self._prompts), default=0)
        self._prompts.append(prompt)
        tokens = min(tokens_of(prompt[:shared]), tokens_of(asked.prompt))
        return 0 if tokens < cache.min_tokens else tokens // _CACHE_STEP * _CACHE_STEP


def _shared(one: str, other: str) -> int:
    """The length of the common prefix."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect.bisect_left(lengths, True, key=lambda n: one[:n] != other[:n])
