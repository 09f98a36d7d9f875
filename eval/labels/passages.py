"""Labelled passages: a short way to write them, and the same labels in the format of the gold.

One passage a line of JSON. What is usual need not be written: a party is a company, money is paid
once and in total, a date is complete as written, a record is asserted and core. Quotes are the
numbers of sentences, or clauses copied from them. Offsets and digests are computed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from eval.errors import DatasetError
from eval.labels.gold import (
    GoldCommitment,
    GoldDocument,
    GoldEvent,
    GoldEvidence,
    GoldFile,
    HardNegative,
)
from extractor.records import (
    Actor,
    Certainty,
    CommitmentStatus,
    Conversion,
    Count,
    DateBasis,
    DateModifier,
    DateValue,
    EventStatus,
    EventType,
    Language,
    Money,
    Number,
    Per,
    Place,
    Qualifier,
    ResourceKind,
    Scope,
    TextSpan,
)

Domain: TypeAlias = Literal[
    "ai",
    "chips",
    "energy",
    "climate",
    "health",
    "transport",
    "trade",
    "defence",
    "culture",
    "finance",
    "education",
    "agriculture",
    "housing",
    "space",
]
_PAID: Final = ("funding", "equity", "purchase")


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class WrittenDate(_Written):
    """A date; `edtf` is null if its words cannot be resolved."""

    text: str
    edtf: str | None
    basis: DateBasis = "explicit"
    modifier: DateModifier | None = None


class WrittenConversion(_Written):
    """The same amount in another currency, given in brackets."""

    raw: str
    value: Number | None
    currency: str | None
    qualifier: Qualifier = "exact"


class _WrittenFigure(_Written):
    raw: str
    value: Number | None
    max: Number | None = None
    qualifier: Qualifier = "exact"
    per: Per = "once"
    scope: Scope = "total"


class WrittenMoney(_WrittenFigure):
    """An amount in units of its currency."""

    currency: str | None
    converted: tuple[WrittenConversion, ...] = ()


class WrittenCount(_WrittenFigure):
    """A quantity; the unit is English, singular, snake_case."""

    unit: str


class _WrittenRecord(_Written):
    label: str
    """Short English title."""
    quotes: Annotated[tuple[int | str, ...], Field(min_length=1)]
    """Numbers of sentences of `text`, from 1, or words copied from the passage; best first."""
    certainty: Certainty = "asserted"
    places: tuple[str, ...] = ()
    """`name`, `name|country` or `name|country|subdivision`."""
    part_of: str | None = None
    tier: Literal["core", "optional"] = "core"
    also: dict[str, tuple[JsonValue, ...]] = {}
    """Tolerated second-best values, by field of the gold format."""


class WrittenCommitment(_WrittenRecord):
    """A commitment; parties are `name`, `name|type`, `name|type|country` or with an English name.

    The type is `company` if not given; `name|type||English name` leaves the country out.
    """

    who: tuple[str, ...]
    to: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    kind: ResourceKind
    role: Literal["provide", "mobilise"] | None = None
    """`provide` for kinds of money if not given."""
    money: WrittenMoney | None = None
    count: WrittenCount | None = None
    status: CommitmentStatus
    announced_on: WrittenDate | None = None
    start: WrittenDate | None = None
    deadline: WrittenDate | None = None
    duration: str | None = None
    aggregation: Literal["sum", "includes"] | None = None


class WrittenEvent(_WrittenRecord):
    """A policy event."""

    type: EventType
    who: tuple[str, ...]
    targets: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...]
    instrument: str | None = None
    status: EventStatus
    date: WrittenDate | None = None
    deadline: WrittenDate | None = None
    related: tuple[str, ...] = ()


class WrittenTrap(_Written):
    """A stretch that looks like a record and is none."""

    quote: str
    why: str
    value: JsonValue = None


class CorpusPassage(_Written):
    """A passage as it is written down."""

    id: Annotated[str, Field(pattern=r"^(vi|fr|en)-[a-z]+-\d{3}$")]
    """Language, domain and number."""
    about: Annotated[tuple[str, ...], Field(min_length=1)]
    """The phenomena it shows."""
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None
    """The publication date, against which relative dates are resolved."""
    title: str | None = None
    text: Annotated[tuple[str, ...], Field(min_length=1)]
    """The sentences, in order; one begins with line feeds where a line or paragraph begins."""
    build: str | None = None
    """The build in `builds.jsonl` that a whole article was written after."""
    furniture: str | None = None
    """Page furniture that follows; nothing in it is labelled."""
    commitments: tuple[WrittenCommitment, ...] = ()
    events: tuple[WrittenEvent, ...] = ()
    traps: tuple[WrittenTrap, ...] = ()

    @property
    def language(self) -> Language:
        """The language, from the id."""
        language: dict[str, Language] = {"vi": "vi", "fr": "fr", "en": "en"}
        return language[self.id[:2]]

    @property
    def domain(self) -> str:
        """The domain, from the id."""
        return self.id.split("-")[1]

    @property
    def body(self) -> str:
        """Title and passage."""
        return "".join((*self._before(), self.text[-1].lstrip("\n")))

    def _before(self) -> Iterator[str]:
        """What stands before the last sentence: those before it, and what parts them."""
        if self.title:
            yield f"{self.title}\n\n"
        for sentence, following in pairwise(self.text):
            breaks = len(following) - len(following.lstrip("\n"))
            yield sentence.lstrip("\n") + ("\n" * breaks or " ")

    def place_of(self, number: int) -> tuple[int, str]:
        """Where the sentence of that number, from 1, begins in the body, and its words."""
        parts = list(self._before())
        first = len(parts) - len(self.text) + 1
        return sum(map(len, parts[: first + number - 1])), self.text[number - 1].lstrip("\n")

    @property
    def article(self) -> str:
        """What an extractor is given."""
        return f"{self.body}\n\n{self.furniture}\n" if self.furniture else f"{self.body}\n"

    def gold(self, annotator: str) -> GoldFile:
        """The labels in the format of the gold, with offsets.

        Raises:
            DatasetError: a quote is not in the passage, or a label does not fit the format.
        """
        try:
            return _gold(self, annotator)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise DatasetError(f"{self.id}: {where}: {fault['msg']}") from None


def load_passages(files: Sequence[Path]) -> tuple[CorpusPassage, ...]:
    """The passages of files, in order.

    Raises:
        DatasetError: a line is no passage; the message names file and line.
    """
    return tuple(passage for file in files for passage in _lines(file))


def _lines(file: Path) -> Iterator[CorpusPassage]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield CorpusPassage.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise DatasetError(f"{file.name}, line {number}: {where}: {fault['msg']}") from None


def _gold(passage: CorpusPassage, annotator: str) -> GoldFile:
    return GoldFile(
        guidelines_version="1",
        annotator=annotator,
        document=GoldDocument(
            file=f"{passage.id}.txt",
            language=passage.language,
            sha256=hashlib.sha256(passage.article.encode()).hexdigest(),
            body_span=TextSpan(start=0, end=len(passage.body)),
            reference_date=passage.date,
        ),
        commitments=[
            _commitment(passage, f"C{number}", written)
            for number, written in enumerate(passage.commitments, start=1)
        ],
        policy_events=[
            _event(passage, f"E{number}", written)
            for number, written in enumerate(passage.events, start=1)
        ],
        hard_negatives=[_trap(passage, written) for written in passage.traps],
        ambiguous=[],
    )


def _commitment(passage: CorpusPassage, name: str, written: WrittenCommitment) -> GoldCommitment:
    role = written.role or ("provide" if written.kind in _PAID else None)
    return GoldCommitment.model_validate(
        {
            **_shared(passage, name, written),
            "actors": [_party(text) for text in written.who],
            "recipients": [_party(text) for text in written.to],
            "announced_by": [_party(text) for text in written.said_by],
            "resource_kind": written.kind,
            "finance_role": role,
            "amount": _money(written.money) if written.money else None,
            "quantity": _count(written.count) if written.count else None,
            "status": written.status,
            "announced_on": _date(written.announced_on),
            "start": _date(written.start),
            "deadline": _date(written.deadline),
            "duration": written.duration,
            "aggregation": written.aggregation,
        }
    )


def _event(passage: CorpusPassage, name: str, written: WrittenEvent) -> GoldEvent:
    return GoldEvent.model_validate(
        {
            **_shared(passage, name, written),
            "event_type": written.type,
            "actors": [_party(text) for text in written.who],
            "targets": [_party(text) for text in written.targets],
            "jurisdictions": list(written.jurisdictions),
            "instrument": written.instrument,
            "status": written.status,
            "date": _date(written.date),
            "deadline": _date(written.deadline),
            "related_commitments": list(written.related),
        }
    )


def _shared(passage: CorpusPassage, name: str, written: _WrittenRecord) -> dict[str, object]:
    return {
        "id": name,
        "title": written.label,
        "certainty": written.certainty,
        "places": [_place(text) for text in written.places],
        "part_of": written.part_of,
        "evidence": [_quote(passage, quote) for quote in written.quotes],
        "tier": written.tier,
        "accept_also": {field: list(values) for field, values in written.also.items()},
        "cross_doc_key": None,
        "annotator_note": "",
    }


def _quote(passage: CorpusPassage, quote: int | str) -> GoldEvidence:
    if isinstance(quote, int):
        if not 1 <= quote <= len(passage.text):
            raise DatasetError(f"{passage.id}: there is no sentence {quote}")
        start, words = passage.place_of(quote)
    else:
        words, start = quote, passage.body.find(quote)
        if start < 0:
            raise DatasetError(f"{passage.id}: not in the passage: {quote!r}")
    return GoldEvidence(start=start, end=start + len(words), quote=words)


def _trap(passage: CorpusPassage, written: WrittenTrap) -> HardNegative:
    start = passage.article.find(written.quote)
    if start < 0:
        raise DatasetError(f"{passage.id}: a trap is not in the passage: {written.quote!r}")
    return HardNegative(
        start=start,
        end=start + len(written.quote),
        quote=written.quote,
        why=written.why,
        trap_value=written.value,
    )


def _party(text: str) -> Actor:
    name, kind, country, canonical = (*text.split("|"), "", "", "")[:4]
    return Actor.model_validate(
        {
            "name": name,
            "canonical": canonical or name,
            "type": kind or "company",
            "country": country or None,
        }
    )


def _place(text: str) -> Place:
    name, country, subdivision = (*text.split("|"), "", "")[:3]
    return Place(name=name, country=country or None, subdivision=subdivision or None)


def _money(written: WrittenMoney) -> Money:
    return Money(
        value=written.value,
        value_max=written.max,
        currency=written.currency,
        qualifier=written.qualifier,
        per=written.per,
        scope=written.scope,
        raw=written.raw,
        converted=[Conversion.model_validate(item.model_dump()) for item in written.converted],
    )


def _count(written: WrittenCount) -> Count:
    return Count(
        value=written.value,
        value_max=written.max,
        unit=written.unit,
        qualifier=written.qualifier,
        per=written.per,
        scope=written.scope,
        raw=written.raw,
    )


def _date(written: WrittenDate | None) -> DateValue | None:
    return DateValue.model_validate(written.model_dump()) if written else None
