"""Loading: prompt files and worked examples become prompts, ready to be put before a passage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from extractor.article import Sentence
from extractor.drafts import FORMS, AnyDraft, Form
from extractor.errors import ConfigurationError
from extractor.mentions import find_mentions
from extractor.models.base import Message
from extractor.prompting.passages import Passage, offer_mentions
from extractor.prompting.rendering import render_answer, render_passage, render_whole_answer
from extractor.records import Language, PromptStamp, RecordType, Strategy

_PACKAGE = Path(__file__).parent.parent
_SHIPPED = _PACKAGE / "_prompts"
_CHECKOUT = _PACKAGE.parent / "prompts"
_PARTIES = ("who", "to", "instrument")
_REFERENCES = ("money", "count")


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    version: int
    strategy: Strategy
    form: Form = "short"
    records: list[RecordType]
    unasked: list[str] = []
    unless_told: dict[str, str] = {}
    may_find_nothing: bool = False
    examples: list[str]


class _Example(BaseModel):
    """A worked example; its figures and dates are words of its sentences, not ids."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    title: str
    before: str | None = None
    sentences: list[str]
    commitments: list[dict[str, JsonValue]] | None = None
    events: list[dict[str, JsonValue]] | None = None

    def expected(self, record_type: RecordType) -> list[dict[str, JsonValue]]:
        """The expected drafts of one kind; an example must say what it expects."""
        expected = self.commitments if record_type == "commitment" else self.events
        if expected is None:
            raise ValueError(f"the example has no answer for {record_type}")
        return expected


@dataclass(frozen=True)
class Prompt:
    """One prompt, ready to be put before any passage; `sha256` covers its text and its examples."""

    name: str
    version: int
    strategy: Strategy
    form: Form
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
            Message("user", render_passage(passage, self.form)),
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
    return dict(
        _load_shipped(kinds_told, tuned) if folder is None else _load(folder, kinds_told, tuned)
    )


@cache
def _load_shipped(kinds_told: bool, tuned: bool) -> dict[str, Prompt]:
    return _load(_SHIPPED if _SHIPPED.is_dir() else _CHECKOUT, kinds_told, tuned)


def _load(folder: Path, kinds_told: bool, tuned: bool) -> dict[str, Prompt]:
    try:
        examples = _load_examples(folder / "examples.yaml")
        files = sorted((folder / "tuned" if tuned else folder).glob("*.md"))
        prompts = [_load_prompt(file, examples, kinds_told) for file in files]
    except (OSError, ValueError, KeyError, yaml.YAMLError) as error:
        raise ConfigurationError(f"the prompts in {folder} cannot be used: {error}") from error
    if not prompts:
        raise ConfigurationError(f"no prompts in {folder}")
    return {prompt.name: prompt for prompt in prompts}


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
        drafts = {
            record_type: [
                _draft(key, item, FORMS[meta.form][record_type], passage)
                for item in example.expected(record_type)
            ]
            for record_type in meta.records
        }
        turns.append(Message("user", render_passage(passage, meta.form)))
        told = (
            render_whole_answer(drafts)
            if meta.form == "whole"
            else render_answer(drafts, passage.offers, unasked)
        )
        turns.append(Message("assistant", told))
        names.update(_party_names(drafts))
    return Prompt(
        name=meta.name,
        version=meta.version,
        strategy=meta.strategy,
        form=meta.form,
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
        offers=offer_mentions(sentences, mentions.__getitem__),
    )


def _draft(
    key: str, item: Mapping[str, JsonValue], form: type[AnyDraft], passage: Passage
) -> AnyDraft:
    """The draft with ids in place of words; short forms know nothing but ids."""
    sentences = item.get("sentences", [item.get("sentence")])
    known = sentences if isinstance(sentences, list) else []
    ids = {offer.raw: offer.id for offer in passage.offers.mentions if offer.sentence in known}

    def id_of(words: JsonValue) -> JsonValue:
        if "sentences" not in item and words not in ids:
            raise ValueError(f"example {key}: no mention {words!r} among {sorted(ids)}")
        return ids.get(str(words), words)

    changed = {name: id_of(item[name]) for name in _REFERENCES if item.get(name) is not None}
    dates = item.get("dates")
    if isinstance(dates, list):
        changed["dates"] = [
            {**date, "date": id_of(date["date"])} if isinstance(date, dict) else id_of(date)
            for date in dates
        ]
    return form.model_validate({**item, **changed})


def _party_names(drafts: Mapping[RecordType, Sequence[AnyDraft]]) -> set[str]:
    names: list[str] = []
    for draft in (draft for expected in drafts.values() for draft in expected):
        told = (getattr(draft, field, None) for field in _PARTIES)
        names += [
            name for some in told if some for name in ([some] if isinstance(some, str) else some)
        ]
    # A generic phrase such as "the company" is no sign of copying; a capitalised name is.
    return {
        name.casefold()
        for name in names
        if any(word[0].isupper() for word in name.split()[1:])
        or (name[0].isupper() and len(name.split()) == 1)
    }
