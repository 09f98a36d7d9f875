"""Reading a reply: every usable draft of it, item by item, even of one that was cut short.

Where no schema is enforced, models add a code fence, their thoughts or a word of greeting: the
JSON is found between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import from_json

from extractor.drafts.forms import FORMS, AnyDraft, Form
from extractor.drafts.offers import Offers
from extractor.drafts.rows import read_rows
from extractor.drafts.short import DraftCommitment, DraftEvent
from extractor.drafts.whole import WholeCommitment, WholeEvent
from extractor.kinds import KINDS
from extractor.models.base import JsonValue
from extractor.records import RecordType

# Up to its end, where a server has swallowed the beginning; to the end of the text if it was cut.
_THOUGHTS = re.compile(r"\A.*</think(?:ing)?>|<think(?:ing)?>.*\Z", re.DOTALL)
_SHOWN = 200
_LISTS = re.compile(rf"\{{\s*\"(?:{'|'.join(kind.drafted for kind in KINDS.values())})\"")


@dataclass(frozen=True, slots=True)
class DraftItem:
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

    items: tuple[DraftItem, ...]
    invalid: tuple[InvalidItem, ...]
    complete: bool


def read_answer(
    text: str, form: Form, record_types: Sequence[RecordType], offers: Offers
) -> Answer:
    """Every usable item of an answer, even of one that was cut short.

    Items that are repeated word for word are kept once: a small model may loop.
    """
    if form == "rows":
        return _in_rows(text, offers)
    data, complete = _json_in(text)
    drafts: dict[str, DraftItem] = {}
    invalid: list[InvalidItem] = []
    for record_type in record_types:
        found = data.get(KINDS[record_type].drafted) if isinstance(data, dict) else None
        if not isinstance(found, list):
            complete = False
            continue
        for place, item in enumerate(found, start=1):
            draft = _read_item(item, FORMS[form][record_type], offers)
            if draft is not None:
                drafts.setdefault(
                    f"{record_type} {draft.model_dump_json()}", DraftItem(draft, place)
                )
            elif complete:
                invalid.append(_invalid(item, record_type, offers))
    return Answer(tuple(drafts.values()), tuple(invalid), complete)


def _in_rows(text: str, offers: Offers) -> Answer:
    found = read_rows(text, offers.sentences)
    drafts = {draft.model_dump_json(): _as_offered(draft, offers) for draft in found.drafts}
    items = tuple(DraftItem(draft, place) for place, draft in enumerate(drafts.values(), start=1))
    invalid = tuple(
        InvalidItem("policy_event" if row.startswith("e") else "commitment", _shown(row), (number,))
        for number, row in found.unfit
    )
    return Answer(items, invalid, found.complete)


def _json_in(text: str) -> tuple[JsonValue, bool]:
    """The JSON of a reply, and whether it is one whole object."""
    try:
        data: JsonValue = from_json(text)
        return data, isinstance(data, dict)
    except ValueError:
        pass
    said = _THOUGHTS.sub("", text)
    if (start := _LISTS.search(said)) is None:
        return None, False
    try:
        return json.JSONDecoder().raw_decode(said, start.start())[0], True
    except (ValueError, RecursionError):
        pass
    try:
        return from_json(said[start.start() :], allow_partial=True), False
    except ValueError:
        return None, False


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
    return _as_offered(draft, offers) if draft.sentence in offers.sentences else None


def _as_offered(
    draft: DraftCommitment | DraftEvent, offers: Offers
) -> DraftCommitment | DraftEvent:
    """A short draft without ids that were not offered: a schema without them lets them pass."""
    known = {offer.id for offer in offers.mentions}
    kept: dict[str, object] = {"dates": [ref for ref in draft.dates if ref in known]}
    if isinstance(draft, DraftCommitment):
        kept |= {"money": draft.money if draft.money in known else None}
        kept |= {"count": draft.count if draft.count in known else None}
    return draft.model_copy(update=kept)


def _invalid(item: JsonValue, record_type: RecordType, offers: Offers) -> InvalidItem:
    told = item if isinstance(item, dict) else {}
    numbers = told.get("sentences", [told.get("sentence")])
    cited = (
        [number for number in numbers if number in offers.sentences]
        if isinstance(numbers, list)
        else []
    )
    return InvalidItem(
        record_type, _shown(str(item)), tuple(n for n in cited if isinstance(n, int))
    )


def _shown(text: str) -> str:
    """The beginning of what a model wrote; JSON may hold half characters, which UTF-8 lacks."""
    return text[:_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")
