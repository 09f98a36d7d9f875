"""The public contract: described, closed, and in the strict subset of structured outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import extractor
from extractor import Extraction
from extractor.records import Actor, Evidence

_CAME_LATER = ("source",)


def objects(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for item in node:
            yield from objects(item)


def test_every_object_is_closed_and_every_field_required() -> None:
    found = list(objects(Extraction.model_json_schema(mode="serialization")))
    assert len(found) > 10
    for node in found:
        assert node["additionalProperties"] is False
        # Results that were kept before articles came from documents lack it, and are read.
        required = [name for name in node["properties"] if name not in _CAME_LATER]
        assert node["required"] == required


def test_the_fields_of_the_records_carry_their_definitions() -> None:
    definitions = Extraction.model_json_schema()["$defs"]
    for name in ("Commitment", "PolicyEvent", "Money", "Count", "DateValue", "Actor", "Evidence"):
        for field, schema in definitions[name]["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="wikidata"):
        Actor.model_validate(
            {"name": "A", "canonical": "A", "type": "company", "country": None, "wikidata": "Q1"}
        )


def test_a_record_cannot_be_changed() -> None:
    evidence = Evidence(sentence=1, quote="q", start=0, end=1)
    with pytest.raises(ValueError, match="frozen"):
        evidence.__setattr__("quote", "other")


def test_the_package_exports_what_it_names_and_nothing_else() -> None:
    assert extractor.__all__ == sorted(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    with pytest.raises(AttributeError, match="Extracter"):
        extractor.__getattr__("Extracter")
