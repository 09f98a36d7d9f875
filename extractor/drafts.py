"""What a model fills: two small, flat forms, evidence first, and the schema that bounds an answer.

The model cites sentences and offered mentions by id; it never writes offsets, numbers in units,
codes or dates. `answer_schema` limits every id to those shown, so a grammar makes a wrong id
impossible; `read_answer` checks again, item by item, because constraining is best effort.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from extractor.mentions.types import CountMention, DateMention, MoneyMention
from extractor.models.base import JsonSchema, JsonValue
from extractor.records import CommitmentStatus, EventStatus, EventType, RecordType, ResourceKind

MAX_ITEMS = 6
"""Most records of one type in one answer about a passage."""


class Draft(BaseModel):
    """Base of the two forms: closed; what is not offered, or not asked for, is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class DraftCommitment(Draft):
    """One commitment, as the model writes it."""

    sentence: int = 0
    """number of the sentence that states it; may be left out where there is only one"""
    what: str = ""
    """the resource, in the words of the sentence; the clause of its figure if not asked for"""
    who: list[str]
    """who pays or delivers, names as written"""
    to: list[str]
    """who receives, names as written"""
    kind: ResourceKind | None = None
    """type of resource; the finder tells it if not asked for"""
    money: str | None = None
    """id of the amount"""
    count: str | None = None
    """id of the quantity"""
    dates: list[str] = []
    """ids of its dates"""
    status: CommitmentStatus | None = None
    """how far it is; told by cue words if not asked for"""
    announced_by: str | None
    """speaker, if not the giver"""
    place: str | None
    """where it is used or built"""


class DraftEvent(Draft):
    """One policy event, as the model writes it."""

    sentence: int = 0
    """number of the sentence that states it; may be left out where there is only one"""
    what: str = ""
    """the act, in the words of the sentence; the clause of its actor if not asked for"""
    who: list[str]
    """acting authorities, names as written"""
    targets: list[str]
    """who is addressed or regulated"""
    type: EventType | None = None
    """type of act; the finder tells it if not asked for"""
    instrument: str | None
    """name of the law, plan or programme"""
    dates: list[str] = []
    """ids of its dates"""
    status: EventStatus | None = None
    """how far it is; told by cue words if not asked for"""


_SHAPE = ("type", "enum", "items", "anyOf")
_NULL: JsonValue = {"type": "null"}
_MOST_DATES = 3
AnyDraft = DraftCommitment | DraftEvent
FORMS: dict[RecordType, tuple[str, type[AnyDraft]]] = {
    "commitment": ("commitments", DraftCommitment),
    "policy_event": ("events", DraftEvent),
}


Mention = MoneyMention | CountMention | DateMention
MentionT_co = TypeVar("MentionT_co", bound=Mention, covariant=True)


@dataclass(frozen=True, slots=True)
class Offer(Generic[MentionT_co]):
    """A mention offered to the model under an id such as m1, n2 or d1."""

    id: str
    sentence: int
    raw: str
    mention: MentionT_co


@dataclass(frozen=True, slots=True)
class Offers:
    """All that one request offers: citable sentence numbers and the mentions they hold."""

    sentences: tuple[int, ...]
    money: tuple[Offer[MoneyMention], ...]
    counts: tuple[Offer[CountMention], ...]
    dates: tuple[Offer[DateMention], ...]

    @property
    def idle_fields(self) -> frozenset[str]:
        """The fields for which nothing is offered: asking for them would only cost tokens."""
        offered = {"money": self.money, "count": self.counts, "dates": self.dates}
        return frozenset(field for field, mentions in offered.items() if not mentions)

    @property
    def mentions(self) -> tuple[Offer[Mention], ...]:
        """All mentions on offer."""
        return (*self.money, *self.counts, *self.dates)

    def within(self, sentences: Sequence[int]) -> Offers:
        """What is left of the offers for some of the sentences, under the same ids."""
        return Offers(
            tuple(number for number in self.sentences if number in sentences),
            tuple(offer for offer in self.money if offer.sentence in sentences),
            tuple(offer for offer in self.counts if offer.sentence in sentences),
            tuple(offer for offer in self.dates if offer.sentence in sentences),
        )


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """An item of an answer that does not fit its form."""

    record_type: RecordType
    text: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A read answer; `complete` is False when the text ended early or is no JSON object."""

    drafts: tuple[AnyDraft, ...]
    invalid: tuple[InvalidItem, ...]
    complete: bool


def answer_schema(
    record_types: Sequence[RecordType],
    offers: Offers,
    max_items: int = MAX_ITEMS,
    unasked: Collection[str] = (),
    min_items: int = 0,
) -> JsonSchema:
    """The JSON Schema of one answer: the forms, with ids limited to what is offered.

    Fields in `unasked` are left out, as are those for which nothing is offered. `min_items` holds
    for each list.
    """
    lists: dict[str, JsonValue] = {}
    for record_type in record_types:
        key, form = FORMS[record_type]
        lists[key] = {
            "type": "array",
            "items": _form_schema(form, offers, {*unasked, *offers.idle_fields}),
            **({"minItems": min_items} if min_items else {}),
            "maxItems": max_items,
        }
    return _closed_object(lists)


def read_answer(text: str, record_types: Sequence[RecordType], offers: Offers) -> Answer:
    """Every usable item of an answer, even of one that was cut short.

    Items that are repeated word for word are kept once: a small model may loop.
    """
    try:
        data: JsonValue = from_json(text)
        complete = isinstance(data, dict)
    except ValueError:
        complete = False
        try:
            data = from_json(text, allow_partial=True)
        except ValueError:
            data = None
    drafts: dict[AnyDraft | str, AnyDraft] = {}
    invalid: list[InvalidItem] = []
    for record_type in record_types:
        key, form = FORMS[record_type]
        items = data.get(key) if isinstance(data, dict) else None
        if not isinstance(items, list):
            complete = False
            continue
        for item in items:
            draft = _read_item(item, form, offers)
            if draft is not None:
                drafts.setdefault(draft.model_dump_json(), draft)
            elif complete:
                invalid.append(_invalid(item, record_type, offers))
    return Answer(tuple(drafts.values()), tuple(invalid), complete)


def _read_item(item: JsonValue, form: type[AnyDraft], offers: Offers) -> AnyDraft | None:
    if isinstance(item, dict) and len(offers.sentences) == 1:
        item = {"sentence": offers.sentences[0], **item}
    try:
        draft = form.model_validate(item, strict=True)
    except ValidationError:
        return None
    known = {offer.id for offer in offers.mentions}
    cited = list(draft.dates)
    if isinstance(draft, DraftCommitment):
        cited += [ref for ref in (draft.money, draft.count) if ref is not None]
    if draft.sentence not in offers.sentences or not known.issuperset(cited):
        return None
    return draft


def _invalid(item: JsonValue, record_type: RecordType, offers: Offers) -> InvalidItem:
    sentence = item.get("sentence") if isinstance(item, dict) else None
    cited = (sentence,) if isinstance(sentence, int) and sentence in offers.sentences else ()
    return InvalidItem(record_type, str(item)[:200], cited)


def _form_schema(form: type[AnyDraft], offers: Offers, without: Collection[str]) -> JsonSchema:
    ids: dict[str, JsonValue] = {
        "sentence": {"enum": list[JsonValue](offers.sentences)},
        "dates": _id_list(offers.dates),
        "money": _id_or_null(offers.money),
        "count": _id_or_null(offers.counts),
    }
    properties: dict[str, JsonValue] = {}
    for name, shape in _shapes(form).items():
        if name not in without:
            # A copy, because clients of providers are known to rewrite the schema they are given.
            properties[name] = ids.get(name) or deepcopy(shape)
    return _closed_object(properties)


@cache
def _shapes(form: type[AnyDraft]) -> Mapping[str, JsonSchema]:
    """What bounds each field of a form, whatever is offered; pydantic takes milliseconds for it."""
    fields = form.model_json_schema()["properties"]
    return {name: _shape(field) for name, field in fields.items()}


def _shape(field: dict[str, JsonValue]) -> JsonSchema:
    """What bounds the values of a field; where it may be left out, it is asked for all the same."""
    asked = [option for option in _options(field) if "default" not in field or option != _NULL]
    if len(asked) == 1 and isinstance(asked[0], dict):
        field = asked[0]
    return {key: value for key, value in field.items() if key in _SHAPE}


def _options(field: dict[str, JsonValue]) -> list[JsonValue]:
    options = field.get("anyOf", [])
    return options if isinstance(options, list) else []


def _id_or_null(offered: Sequence[Offer[Mention]]) -> JsonValue:
    return {"enum": [*(offer.id for offer in offered), None]}


def _id_list(offered: Sequence[Offer[Mention]]) -> JsonValue:
    return {
        "type": "array",
        "items": {"enum": [offer.id for offer in offered]},
        "maxItems": min(len(offered), _MOST_DATES),
    }


def _closed_object(properties: dict[str, JsonValue]) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
