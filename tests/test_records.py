"""The public contract: its records are described, closed and strict, its names all there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import extractor
from extractor import Extraction, errors
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


def test_every_public_name_is_there_and_nothing_is_offered_twice() -> None:
    assert len(set(extractor.__all__)) == len(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    assert dir(extractor) == sorted(extractor.__all__)


def test_whatever_is_raised_on_purpose_is_caught_by_a_public_name() -> None:
    """Each branch of the tree, but for what only the service answers its callers."""
    of_the_service = {
        "AccessRefused",
        "TooManyRequests",
        "ServiceBusy",
        "ServiceFailed",
        "Abandoned",
    }
    branches = {each.__name__ for each in errors.ExtractorError.__subclasses__()}
    assert branches - of_the_service <= set(extractor.__all__)


def test_what_is_not_public_is_said_to_be_missing() -> None:
    assert not hasattr(extractor, "read_article")
