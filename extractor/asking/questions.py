"""Asking: a passage goes to the model and usable drafts come back, within a budget.

A reply that was cut short, empty or no JSON is never dropped in silence: the passage is split, or,
if it is one sentence, asked once more in other words; whatever stays unread is reported.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractor.asking.budget import CallLimits, Ledger
from extractor.asking.pacing import PacedModel
from extractor.asking.progress import OnProgress, progress_of
from extractor.drafts import (
    Answer,
    AnyDraft,
    InvalidItem,
    Offers,
    answer_schema,
    portable_schema,
    read_answer,
    rows_grammar,
)
from extractor.errors import (
    ModelError,
    ModelFiltered,
    ModelPromptTooLong,
    ModelReplyInvalid,
)
from extractor.models.base import Message, ModelReply, ModelRequest
from extractor.prompting import Prompt, as_data
from extractor.prompting.passages import Passage
from extractor.records import Notice

_WHOLE_FACTOR = 8
_ROWS_FACTOR = 4
_MOST_FAILURES = 2
_MOST_BLANKS = 8
_REMINDER = "\nAnswer with one complete JSON object only, and keep every text short."


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with the offers that its ids refer to."""

    draft: AnyDraft
    offers: Offers
    place: int = 0
    """Its number in its list of the reply: what other drafts of the reply call it by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a passage yielded."""

    drafts: tuple[Drafted, ...] = ()
    invalid: tuple[InvalidItem, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __add__(self, other: Asked) -> Asked:
        return Asked(
            self.drafts + other.drafts,
            self.invalid + other.invalid,
            self.notices + other.notices,
        )


async def ask_all(
    model: PacedModel,
    questions: Sequence[tuple[Prompt, Passage]],
    ledger: Ledger,
    on_progress: OnProgress | None = None,
    on_asked: Callable[[Asked], Awaitable[None]] | None = None,
) -> Asked:
    """Everything the model finds; a passage on which it fails for a while costs that passage only.

    `on_asked` is given what each passage yielded, as soon as it has.

    Raises:
        ModelError: the failure is final, comes before any answer, or keeps coming back.
        ModelFiltered, ModelPromptTooLong: so it was with every passage.
    """
    asked = Asked()
    failures = 0
    unreadable: list[ModelFiltered | ModelPromptTooLong] = []
    progress = progress_of(questions) if on_progress is not None else []
    for number, (prompt, passage) in enumerate(questions):
        if on_progress is not None:
            on_progress(progress[number])
        try:
            found = await ask(model, prompt, passage, ledger)
        except (ModelFiltered, ModelPromptTooLong) as error:
            unreadable.append(error)
            found = _unread(passage, "passage_unread", f"Not read: {error.detail}.")
        except ModelError as error:
            failures += 1
            if not error.retryable or number < failures or failures > _MOST_FAILURES:
                raise
            found = _unread(passage, "passage_unread", f"The model failed: {error.detail}.")
        asked += found
        if on_asked is not None:
            await on_asked(found)
    if unreadable and len(unreadable) == len(questions):
        raise unreadable[0]
    return asked


async def ask(model: PacedModel, prompt: Prompt, passage: Passage, ledger: Ledger) -> Asked:
    """Everything the model finds in the passage.

    Raises:
        ModelError: the model could not be reached or refuses to work at all.
    """
    if ledger.spent:
        return _unread(passage, "budget_spent", "The budget was used up before this passage.")
    try:
        reply, answer = await _once(model, prompt, passage, ledger)
    except (ModelPromptTooLong, ModelFiltered):
        # Smaller parts may fit, or leave out the one sentence that a filter minds.
        if len(passage.sentences) == 1:
            raise
        return await _ask_halves(model, prompt, passage, ledger)
    if _is_good(reply, answer):
        return _asked(answer, passage)
    if ledger.blanks == _MOST_BLANKS and reply.finish == "stop":
        raise ModelReplyInvalid(
            f"{model.client.name}: {_MOST_BLANKS} replies in a row had no word in them",
            hint="Its context may be too small for any question: serve it with a larger one.",
        )
    if len(passage.sentences) > 1:
        return await _ask_halves(model, prompt, passage, ledger)
    ledger.repairs += 1
    if not ledger.spent:
        reply, again = await _once(model, prompt, passage, ledger, reminder=_REMINDER)
        if _is_good(reply, again):
            return _asked(again, passage)
        answer = max(again, answer, key=lambda found: len(found.items))
    if reply.finish == "refused":
        raise ModelFiltered(f"{model.client.name}: the model refused to answer")
    kept = len(answer.items)
    detail = f"The model's reply was cut short or not usable; {kept} records of it were kept."
    return _asked(answer, passage) + _unread(passage, "passage_unread", detail)


async def _ask_halves(model: PacedModel, prompt: Prompt, passage: Passage, ledger: Ledger) -> Asked:
    """The passage in two; what a filter minds in one half, or is too long, costs that half only.

    Raises:
        ModelFiltered, ModelPromptTooLong: so it is with both.
    """
    ledger.repairs += 1
    found: list[Asked] = []
    unreadable: list[ModelFiltered | ModelPromptTooLong] = []
    for half in passage.halves():
        try:
            found.append(await ask(model, prompt, half, ledger))
        except (ModelFiltered, ModelPromptTooLong) as error:
            if isinstance(error, ModelPromptTooLong) and not ledger.replies:
                raise  # a context that has room for nothing: the other half would tell the same
            unreadable.append(error)
            found.append(_unread(half, "passage_unread", f"Not read: {error.detail}."))
    if len(unreadable) == len(found):
        raise unreadable[0]
    return found[0] + found[1]


async def _once(
    model: PacedModel, prompt: Prompt, passage: Passage, ledger: Ledger, reminder: str = ""
) -> tuple[ModelReply, Answer]:
    request = _request(prompt, passage, ledger.limits)
    if reminder:
        *earlier, last = request.messages
        request = replace(request, messages=(*earlier, Message(last.role, last.content + reminder)))
    reply = await ledger.call(model, request)
    return reply, read_answer(reply.text, prompt.form, passage.record_types, passage.offers)


def _request(prompt: Prompt, passage: Passage, limits: CallLimits) -> ModelRequest:
    factor = {"short": 1, "rows": _ROWS_FACTOR, "whole": _WHOLE_FACTOR}[prompt.form]
    return ModelRequest(
        messages=prompt.messages(passage),
        grammar=_grammar(passage) if prompt.form == "rows" else None,
        json_schema=answer_schema(
            prompt.form,
            passage.record_types,
            passage.offers,
            prompt.unasked,
            min_items=int(passage.expected and not prompt.may_find_nothing),
        ),
        portable_schema=portable_schema(prompt.form, passage.record_types, prompt.unasked),
        schema_name=prompt.name,
        max_tokens=limits.max_tokens * factor,
        temperature=limits.temperature,
        seed=limits.seed,
        timeout_seconds=limits.timeout_seconds,
    )


def _grammar(passage: Passage) -> str:
    words = " ".join(as_data(sentence.text) for sentence in passage.shown)
    near = {number: passage.near(number) for number in passage.numbers}
    return rows_grammar(near, passage.offers, words)


def _is_good(reply: ModelReply, answer: Answer) -> bool:
    worthless = bool(answer.invalid) and not answer.items
    return reply.finish == "stop" and answer.complete and not worthless


def _asked(answer: Answer, passage: Passage) -> Asked:
    drafts = tuple(Drafted(item.draft, passage.offers, item.place) for item in answer.items)
    return Asked(drafts, answer.invalid)


def _unread(
    passage: Passage, code: Literal["passage_unread", "budget_spent"], detail: str
) -> Asked:
    notice = Notice(code=code, detail=detail, sentences=list(passage.numbers))
    return Asked(notices=(notice,))
