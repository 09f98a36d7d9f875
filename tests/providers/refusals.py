"""A refusal: which rule was broken, and what the provider's error says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.models.base import JsonValue


@dataclass(frozen=True, slots=True)
class Refusal:
    """`error` is a name of the profile's errors; `details` fill the placeholders of its text."""

    rule: str
    error: str
    details: Mapping[str, JsonValue] = field(default_factory=dict)
