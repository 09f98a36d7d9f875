"""Prompts: loaded from files, rendered with worked examples, stamped with a hash.

A prompt is a system text and earlier turns; the earlier turns are worked examples that pass through
the same rendering as a real passage, so the form shown and the form asked for cannot drift apart.
All of that comes first and never changes between calls, so a model's prefix cache holds it; the
passage comes last.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.article import Sentence
from extractor.drafts import FORMS, AnyDraft, DraftCommitment, DraftEvent, Mention, Offer, Offers
from extractor.errors import ConfigurationError
from extractor.mentions import find_mentions
from extractor.models.base import Message
from extractor.passages import Passage, offer_mentions
from extractor.records import Language, PromptStamp, RecordType

Strategy = Literal["document", "passage"]
_SHIPPED = Path(__file__).parent / "_prompts"
# What a frame, a turn or a speaker's name begins with, in our form or a chat template's.
_TAG = re.compile(r"<(?=\s*[/|<]?\s*[A-Za-z|_]|!--)|\[(?=\s*/?\s*(?:INST|SYS))", re.IGNORECASE)
_NUMBER = re.compile(r"\[\s*(\d{1,4})\s*\]")
_CHECKOUT = Path(__file__).parent.parent / "prompts"


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    version: int
    strategy: Strategy
    records: list[RecordType]
    unasked: list[str] = []
    unless_told: dict[str, str] = {}
    may_find_nothing: bool = False
    examples: list[str]


class _Example(BaseModel):
    """A worked example; its money, count and dates are words of its sentences, not ids."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    title: str
    before: str | None = None
    sentences: list[str]
    commitments: list[DraftCommitment] | None = None
    events: list[DraftEvent] | None = None

    def drafts(self, record_type: RecordType) -> list[AnyDraft]:
        """The expected drafts of one type; an example must say what it expects."""
        expected = self.commitments if record_type == "commitment" else self.events
        if expected is None:
            raise ValueError(f"the example has no answer for {record_type}")
        return list(expected)


@dataclass(frozen=True)
class Prompt:
    """One prompt, ready to be put before any passage; `sha256` covers its text and its examples."""

    name: str
    version: int
    strategy: Strategy
    record_types: tuple[RecordType, ...]
    unasked: frozenset[str]
    """Fields of the forms that code fills better, or as well."""
    may_find_nothing: bool
    """Whether an empty answer stands even where the finder expects a record."""
    system: str
    turns: tuple[Message, ...]
    example_names: frozenset[str]
    """Parties that occur in the examples, folded: if one comes back, the model copied."""

    @cached_property
    def sha256(self) -> str:
        """Digest of everything the model sees before the passage."""
        seen = json.dumps([self.system, *((turn.role, turn.content) for turn in self.turns)])
        return hashlib.sha256(seen.encode()).hexdigest()

    @property
    def stamp(self) -> PromptStamp:
        """What provenance records."""
        return PromptStamp(name=self.name, version=str(self.version), sha256=self.sha256)

    def messages(self, passage: Passage) -> tuple[Message, ...]:
        """The whole conversation that asks about a passage."""
        return (
            Message("system", self.system),
            *self.turns,
            Message("user", render_passage(passage)),
        )


def load_prompts(
    folder: Path | None = None, *, kinds_told: bool = False, tuned: bool = False
) -> dict[str, Prompt]:
    """All prompts of a folder by name; the shipped ones if no folder is given.

    With `kinds_told` the model is not asked what the finder tells it: which resource, which act.
    With `tuned` the prompts are those that an adapter is trained on, in the folder's `tuned`.

    Raises:
        ConfigurationError: a file is missing or wrong, with its name and what is wrong.
    """
    folder = folder or (_SHIPPED if _SHIPPED.is_dir() else _CHECKOUT)
    try:
        examples = _load_examples(folder / "examples.yaml")
        files = sorted((folder / "tuned" if tuned else folder).glob("*.md"))
        prompts = [_load_prompt(file, examples, kinds_told) for file in files]
    except (OSError, ValueError, KeyError, yaml.YAMLError) as error:
        raise ConfigurationError(f"the prompts in {folder} cannot be used: {error}") from error
    if not prompts:
        raise ConfigurationError(f"no prompts in {folder}")
    return {prompt.name: prompt for prompt in prompts}


def render_passage(passage: Passage) -> str:
    """The user turn: the passage as data, the mentions on offer, the request once more."""
    lines = ["<news>"]
    if passage.title:
        lines.append(f"Title: {_as_data(passage.title)}")
    if passage.before:
        lines.append(f"Before: {_as_data(passage.before.text)}")
    lines += [f"[{sentence.id}] {_as_data(sentence.text)}" for sentence in passage.sentences]
    lines.append("</news>")
    offers = passage.offers
    if "commitment" in passage.record_types:
        lines += [_offer_line("money", offers.money), _offer_line("counts", offers.counts)]
    lines.append(_offer_line("dates", offers.dates))
    wanted = " and ".join(FORMS[record_type][0] for record_type in passage.record_types)
    span = passage.numbers
    cited = f"[{span[0]}]" if len(span) == 1 else f"[{span[0]}] to [{span[-1]}]"
    lines.append(f"List the {wanted} of {cited} as JSON.")
    return "\n".join(lines)


def render_answer(
    drafts: dict[RecordType, list[AnyDraft]], offers: Offers, unasked: Collection[str] = ()
) -> str:
    """An answer as a model should write it, with one space after separators and none elsewhere."""
    lists = {
        FORMS[record_type][0]: [
            draft.model_dump(mode="json", exclude={*unasked, *offers.idle_fields})
            for draft in expected
        ]
        for record_type, expected in drafts.items()
    }
    return json.dumps(lists, ensure_ascii=False)


def _as_data(text: str) -> str:
    """The text with nothing in it that could pass for a part of the conversation.

    The article cannot close its own frame or open a second one, end the turn in which it is shown,
    or number a sentence.
    """
    return _NUMBER.sub(r"(\1)", _TAG.sub("(", text))


def _offer_line(label: str, offered: Sequence[Offer[Mention]]) -> str:
    listed = ", ".join(f'{offer.id} "{_as_data(offer.raw)}"' for offer in offered)
    return f"{label}: {listed or 'none'}"


def _load_examples(path: Path) -> dict[str, _Example]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return {name: _Example.model_validate(item) for name, item in loaded.items()}
    except ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _load_prompt(path: Path, examples: dict[str, _Example], kinds_told: bool) -> Prompt:
    _, front, system = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = _FrontMatter.model_validate(yaml.safe_load(front))
    unasked = {*meta.unasked, *(meta.unless_told if kinds_told else ())}
    for field, told in meta.unless_told.items():
        system = system.replace(f" {{{field}}}", "" if kinds_told else f" {told}")
    turns: list[Message] = []
    names: set[str] = set()
    for key in meta.examples:
        example = examples[key]
        passage = _example_passage(example, meta.records)
        drafts: dict[RecordType, list[AnyDraft]] = {
            record_type: [_with_ids(key, draft, passage) for draft in example.drafts(record_type)]
            for record_type in meta.records
        }
        turns.append(Message("user", render_passage(passage)))
        turns.append(Message("assistant", render_answer(drafts, passage.offers, unasked)))
        names.update(_party_names(drafts))
    return Prompt(
        name=meta.name,
        version=meta.version,
        strategy=meta.strategy,
        record_types=tuple(meta.records),
        unasked=frozenset(unasked),
        may_find_nothing=meta.may_find_nothing,
        system=system.strip(),
        turns=tuple(turns),
        example_names=frozenset(names),
    )


def _example_passage(example: _Example, records: list[RecordType]) -> Passage:
    def sentence(number: int, text: str) -> Sentence:
        return Sentence(number, 0, len(text), text, 0, 0)

    sentences = tuple(sentence(n, text) for n, text in enumerate(example.sentences, start=1))
    mentions = {s.id: find_mentions(s.text, example.language, None) for s in sentences}
    return Passage(
        title=example.title,
        before=sentence(0, example.before) if example.before else None,
        sentences=sentences,
        record_types=tuple(records),
        offers=offer_mentions(sentences, mentions),
    )


def _with_ids(key: str, draft: AnyDraft, passage: Passage) -> AnyDraft:
    """The draft with ids in place of words; every word must be a mention that our rules find."""
    ids = {(offer.sentence, offer.raw): offer.id for offer in passage.offers.mentions}

    def id_of(words: str) -> str:
        found = ids.get((draft.sentence, words))
        if found is None:
            raise ValueError(f"example {key}: no mention {words!r} among {sorted(ids)}")
        return found

    changed: dict[str, object] = {"dates": [id_of(words) for words in draft.dates]}
    if isinstance(draft, DraftCommitment):
        changed["money"] = id_of(draft.money) if draft.money else None
        changed["count"] = id_of(draft.count) if draft.count else None
    return draft.model_copy(update=changed)


def _party_names(drafts: dict[RecordType, list[AnyDraft]]) -> set[str]:
    names: set[str] = set()
    for draft in (draft for expected in drafts.values() for draft in expected):
        names.update(draft.who)
        if isinstance(draft, DraftCommitment):
            names.update(draft.to)
        elif draft.instrument:
            names.add(draft.instrument)
    # A generic phrase such as "the company" is no sign of copying; a capitalised name is.
    return {
        name.casefold()
        for name in names
        if any(word[0].isupper() for word in name.split()[1:])
        or (name[0].isupper() and len(name.split()) == 1)
    }
