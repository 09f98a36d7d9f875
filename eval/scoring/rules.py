"""The scoring rules: which fields count, how much, and how near is near enough.

They are data: a report prints which table it was made with, and a test can bring its own.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.errors import RulesError
from extractor.kinds import KINDS
from extractor.records import RecordType

RECORD_TYPES: Final[tuple[RecordType, ...]] = tuple(KINDS)

_TABLE: Final = Path(__file__).with_name("weights.toml")
_Share = Annotated[float, Field(gt=0, le=1)]
_Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class NameRules(_Table):
    """How names are normalised and when they are one name."""

    same: _Share
    """At or above: the same name."""
    partial: _Share
    """At or above: partly right."""
    without_diacritics: _Share
    """Similarity of names that differ in diacritics only."""
    leading: list[str]
    """Words that say nothing at the front of a name."""
    trailing: list[str]
    """Words that say nothing at its end."""
    aliases: list[list[str]]
    """Groups of names of one party."""


class AmountRules(_Table):
    """When two figures are one figure."""

    same: _Share
    """Share of the larger value within which two are equal."""
    last_digit: Annotated[float, Field(ge=0, le=1)]
    """Part of the last stated digit of the coarser value within which two are equal."""
    partial: _Share
    """Share of the larger value within which one is partly right."""


class UnitRules(_Table):
    """Which unit words count the same thing."""

    same: list[list[str]]
    """Groups of words."""


class TextRules(_Table):
    """When two free texts say the same, by the F1 of their words."""

    same: _Share
    """At or above: right."""
    partial: _Share
    """At or above: partly right."""


class EvidenceRules(_Table):
    """When a quote hits."""

    hit: _Share
    """Intersection over union with a gold quote, at least."""


class Gate(_Table):
    """What two records must share to be considered a pair at all."""

    anchors: Annotated[list[str], Field(min_length=1)]
    """At least one of these must be at least partly right ..."""
    further: list[str]
    """... and at least one other of these."""
    unanchored: list[str]
    """Where a side has no anchor, two of these must be; empty: such records never pair."""


class Critical(_Table):
    """What must be entirely right for a row to be trusted."""

    always: Annotated[list[str], Field(min_length=1)]
    """In every record."""
    figures: list[str]
    """If either record has any of these, all of them."""
    without_figures: list[str]
    """If neither record has a figure."""


class RecordRules(_Table):
    """How one kind of record is scored."""

    weights: Mapping[str, Annotated[float, Field(ge=0)]]
    """The scored fields, with their weight in the alignment."""
    gate: Gate
    """What a pair must share."""
    critical: Critical
    """What a trusted row must have right."""
    near: Mapping[str, list[_Pair]]
    """Pairs of values of an enumeration that earn half credit."""

    def is_near(self, field: str, one: str, other: str) -> bool:
        """Whether two values of an enumeration are a near miss."""
        return any({one, other} == set(pair) for pair in self.near.get(field, ()))

    @model_validator(mode="after")
    def _named_fields_are_scored(self) -> Self:
        named = {
            *self.gate.anchors,
            *self.gate.further,
            *self.gate.unanchored,
            *self.critical.always,
            *self.critical.figures,
            *self.critical.without_figures,
            *self.near,
        }
        if unknown := sorted(named - set(self.weights)):
            raise ValueError(f"not among the weights: {', '.join(unknown)}")
        if not any(self.weights.values()):
            raise ValueError("all weights are zero")
        return self


class Rules(_Table):
    """The whole table."""

    version: Annotated[str, Field(min_length=1)]
    """Changes with every number of the table."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Digest of the table as written."""
    tau: _Share
    """Lowest similarity of a pair."""
    names: NameRules
    amounts: AmountRules
    units: UnitRules
    text: TextRules
    evidence: EvidenceRules
    commitment: RecordRules
    policy_event: RecordRules

    def of(self, record_type: RecordType) -> RecordRules:
        """The rules for one kind of record."""
        return self.commitment if record_type == "commitment" else self.policy_event

    @model_validator(mode="after")
    def _is_coherent(self) -> Self:
        for record_type in RECORD_TYPES:
            if unknown := sorted(set(self.of(record_type).weights) - {*KINDS[record_type].scored}):
                raise ValueError(f"{record_type} has no {', '.join(unknown)}")
        if self.names.partial >= self.names.same or self.text.partial >= self.text.same:
            raise ValueError("`partial` must be below `same`")
        if self.amounts.partial <= self.amounts.same:
            raise ValueError("amounts: `partial` must be wider than `same`")
        return self


def parse_rules(table: bytes) -> Rules:
    """The rules of a TOML table.

    Raises:
        RulesError: it is no TOML, or no table of rules that can be scored with.
    """
    try:
        values = tomllib.loads(table.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"no TOML: {error}") from None
    try:
        return Rules.model_validate({**values, "sha256": hashlib.sha256(table).hexdigest()})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'table'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise RulesError(faults) from None


def load_rules(path: Path = _TABLE) -> Rules:
    """The rules of a file; without one, those that the harness is shipped with.

    Raises:
        RulesError: the file cannot be read or used; the message names it.
    """
    try:
        return parse_rules(path.read_bytes())
    except OSError as error:
        raise RulesError(f"{path.name}: {error.strerror}") from None
    except RulesError as error:
        raise RulesError(f"{path.name}: {error}") from None
