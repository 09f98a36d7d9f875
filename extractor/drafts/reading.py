"""Reading a reply: every usable draft of it, item by item, even of one that was cut short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import from_json

from extractor.drafts.forms import FORMS, AnyDraft, Form
from extractor.drafts.offers import Offers
from extractor.drafts.short import DraftCommitment, DraftEvent
from extractor.drafts.whole import WholeCommitment, WholeEvent
from extractor.kinds import KINDS
from extractor.models.base import JsonValue
from extractor.records import RecordType


@dataclass(frozen=True, slots=True)
class Item:
    """A draft and its place in its list, from 1: what other drafts of the reply call it by."""

    draft: AnyDraft
    place: int


@dataclass(frozen=True, slots=True)
class InvalidItem:
    """An item of an answer that does not fit its form."""

    record_type: RecordType
    text: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A read answer; `complete` is False when the text ended early or is no JSON object."""

    items: tuple[Item, ...]
    invalid: tuple[InvalidItem, ...]
    complete: bool


def read_answer(
    text: str, form: Form, record_types: Sequence[RecordType], offers: Offers
) -> Answer:
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
    drafts: dict[str, Item] = {}
    invalid: list[InvalidItem] = []
    for record_type in record_types:
        found = data.get(KINDS[record_type].drafted) if isinstance(data, dict) else None
        if not isinstance(found, list):
            complete = False
            continue
        for place, item in enumerate(found, start=1):
            draft = _read_item(item, FORMS[form][record_type], offers)
            if draft is not None:
                drafts.setdefault(f"{record_type} {draft.model_dump_json()}", Item(draft, place))
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
    if isinstance(draft, WholeCommitment | WholeEvent):
        cited = [number for number in draft.sentences if number in offers.sentences]
        return draft.model_copy(update={"sentences": cited}) if cited else None
    return draft if _is_offered(draft, offers) else None


def _is_offered(draft: DraftCommitment | DraftEvent, offers: Offers) -> bool:
    """Whether a short draft cites only what was offered; the schema sees to it, if it was kept."""
    cited = list(draft.dates)
    if isinstance(draft, DraftCommitment):
        cited += [ref for ref in (draft.money, draft.count) if ref is not None]
    known = {offer.id for offer in offers.mentions}
    return draft.sentence in offers.sentences and known.issuperset(cited)


def _invalid(item: JsonValue, record_type: RecordType, offers: Offers) -> InvalidItem:
    told = item if isinstance(item, dict) else {}
    numbers = told.get("sentences", [told.get("sentence")])
    cited = (
        [number for number in numbers if number in offers.sentences]
        if isinstance(numbers, list)
        else []
    )
    return InvalidItem(record_type, str(item)[:200], tuple(n for n in cited if isinstance(n, int)))
