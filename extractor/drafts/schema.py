"""The JSON Schema that bounds a reply.

For short forms it limits every id to those offered, so a grammar makes a wrong id impossible. The
portable one of a form is the same for all articles: a schema that changes costs hosted models
seconds and every cached prefix. It stays inside what all providers accept: a type on every node,
null only by `anyOf`, every property required, no bounds. Whole forms know no other.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from functools import cache

from extractor.drafts.forms import FORMS, AnyDraft, Form
from extractor.drafts.offers import Mention, Offer, Offers
from extractor.kinds import KINDS
from extractor.models.base import JsonSchema, JsonValue
from extractor.records import RecordType

MAX_ITEMS = 6
"""Most records of one kind in one answer about a sentence."""
_SHAPE = ("type", "enum", "items", "anyOf")
_NULL: JsonValue = {"type": "null"}
_MOST_DATES = 3
_REFERENCES = ("money", "count")
_ID_OR_NULL: JsonSchema = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def whole_schema(record_types: Sequence[RecordType]) -> JsonSchema:
    """The schema of a reply about a whole article, whatever the article."""
    return _closed_object(
        {
            KINDS[record_type].drafted: {"type": "array", "items": json.loads(_whole(record_type))}
            for record_type in record_types
        }
    )


def short_schema(
    record_types: Sequence[RecordType],
    offers: Offers,
    unasked: Collection[str] = (),
    min_items: int = 0,
) -> JsonSchema:
    """The schema of a reply about a sentence, with ids limited to what is offered.

    Fields in `unasked` are left out, as are those for which nothing is offered. `min_items` holds
    for each list.
    """
    lists: dict[str, JsonValue] = {}
    for record_type in record_types:
        lists[KINDS[record_type].drafted] = {
            "type": "array",
            "items": _form_schema(FORMS["short"][record_type], offers, unasked),
            **({"minItems": min_items} if min_items else {}),
            "maxItems": MAX_ITEMS,
        }
    return _closed_object(lists)


def answer_schema(
    form: Form,
    record_types: Sequence[RecordType],
    offers: Offers,
    unasked: Collection[str] = (),
    min_items: int = 0,
) -> JsonSchema:
    """The schema of a reply in this form."""
    if form == "whole":
        return whole_schema(record_types)
    return short_schema(record_types, offers, unasked, min_items)


def portable_schema(
    form: Form, record_types: Sequence[RecordType], unasked: Collection[str] = ()
) -> JsonSchema:
    """The schema of a reply in this form, whatever is offered; reading checks ids and lengths."""
    if form == "whole":
        return whole_schema(record_types)
    lists: dict[str, JsonValue] = {}
    for record_type in record_types:
        shapes = {**_shapes(FORMS["short"][record_type])}
        shapes.update({name: _ID_OR_NULL for name in _REFERENCES if name in shapes})
        asked = {name: deepcopy(shape) for name, shape in shapes.items() if name not in unasked}
        lists[KINDS[record_type].drafted] = {"type": "array", "items": _closed_object({**asked})}
    return _closed_object(lists)


@cache
def _whole(record_type: RecordType) -> str:
    """The schema of a whole form, as JSON: making one takes milliseconds, and so does a copy."""
    schema = FORMS["whole"][record_type].model_json_schema()
    return json.dumps(_inlined(schema, schema.get("$defs", {})))


def _inlined(node: JsonValue, definitions: Mapping[str, JsonValue]) -> JsonValue:
    """A node of pydantic's schema in the portable form, definitions put in place."""
    if not isinstance(node, dict):
        return node
    if isinstance(name := node.get("$ref"), str):
        return _inlined(definitions[name.rpartition("/")[2]], definitions)
    if isinstance(properties := node.get("properties"), dict):
        return _closed_object(
            {key: _inlined(value, definitions) for key, value in properties.items()}
        )
    options = node.get("anyOf")
    if isinstance(options, list):
        return {"anyOf": [_inlined(option, definitions) for option in options]}
    return {key: _inlined(value, definitions) for key, value in node.items() if key in _SHAPE}


def _form_schema(form: type[AnyDraft], offers: Offers, unasked: Collection[str]) -> JsonSchema:
    without = {*unasked, *offers.idle_fields}
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
