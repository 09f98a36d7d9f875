"""Claims: what a model says of one record, in one shape whichever form it filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.checking.completing import CompleteCommitment, CompleteDraft
from extractor.drafts import Offers, WholeCommitment, WholeEvent
from extractor.kinds import COMMITMENT, POLICY_EVENT, RecordKind
from extractor.records import Per, Scope

MOST_SENTENCES = 12
"""Sentences that complete a record; what cites more cites everything."""


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """A figure: the id of an offer or exact words, and what the model judges of it."""

    reference: str
    currency: str | None = None
    unit: str | None = None
    per: Per | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class DateClaim:
    """A date: the id of an offer or exact words; without a role, rules tell it."""

    reference: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One record as a model claims it; names, labels and figures by field of the record."""

    kind: RecordKind
    sentences: tuple[int, ...]
    """The one that states it first."""
    title: str
    offers: Offers
    names: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    """What the model chose from closed lists; what it left out is told by words."""
    figures: Mapping[str, FigureClaim] = field(default_factory=dict)
    dates: tuple[DateClaim, ...] = ()
    codes: tuple[str, ...] = ()
    part_of: int | None = None
    related: tuple[int, ...] | None = None
    place: int = 0
    """Its number in its list of the reply."""

    @property
    def reply(self) -> int:
        """Tells the reply that it stands in: the first sentence shown."""
        return self.offers.sentences[0]


def claim_of_whole(draft: WholeCommitment | WholeEvent, offers: Offers, place: int) -> Claim:
    """What a whole draft claims."""
    dates = tuple(DateClaim(date.date, date.role) for date in draft.dates)
    shared = {"status": draft.status, "certainty": draft.certainty}
    if isinstance(draft, WholeEvent):
        return Claim(
            kind=POLICY_EVENT,
            sentences=tuple(dict.fromkeys(draft.sentences))[:MOST_SENTENCES],
            title=draft.what,
            offers=offers,
            names={
                "actors": tuple(draft.who),
                "targets": tuple(draft.targets),
                "places": tuple(draft.places),
                "instrument": (draft.instrument,) if draft.instrument else (),
            },
            labels={"event_type": draft.type, **shared},
            dates=dates,
            codes=tuple(draft.jurisdictions),
            related=tuple(draft.commitments),
            place=place,
        )
    figures = {}
    if draft.money:
        figures["amount"] = FigureClaim(
            draft.money, currency=draft.currency, per=draft.per, scope=draft.scope
        )
    if draft.count:
        # Where there is money too, `per` and `scope` are those of the money.
        judged = (None, None) if draft.money else (draft.per, draft.scope)
        figures["quantity"] = FigureClaim(draft.count, None, draft.unit, *judged)
    role = "mobilise" if draft.mobilise else "provide"
    return Claim(
        kind=COMMITMENT,
        sentences=tuple(dict.fromkeys(draft.sentences))[:MOST_SENTENCES],
        title=draft.what,
        offers=offers,
        names={
            "actors": tuple(draft.who),
            "recipients": tuple(draft.to),
            "announced_by": tuple(draft.announced_by),
            "places": tuple(draft.places),
        },
        labels={"resource_kind": draft.kind, "finance_role": role, **shared},
        figures=figures,
        dates=dates,
        part_of=draft.part_of,
        place=place,
    )


def claim_of_short(draft: CompleteDraft, offers: Offers) -> Claim:
    """What a short draft claims, once its gaps are filled."""
    dates = tuple(DateClaim(reference) for reference in draft.dates)
    status = {"status": draft.status} if draft.status else {}
    if not isinstance(draft, CompleteCommitment):
        return Claim(
            kind=POLICY_EVENT,
            sentences=(draft.sentence,),
            title=draft.what,
            offers=offers,
            names={
                "actors": tuple(draft.who),
                "targets": tuple(draft.targets),
                "instrument": (draft.instrument,) if draft.instrument else (),
            },
            labels={"event_type": draft.type, **status},
            dates=dates,
        )
    references = {"amount": draft.money, "quantity": draft.count}
    return Claim(
        kind=COMMITMENT,
        sentences=(draft.sentence,),
        title=draft.what,
        offers=offers,
        names={
            "actors": tuple(draft.who),
            "recipients": tuple(draft.to),
            "announced_by": (draft.announced_by,) if draft.announced_by else (),
            "places": (draft.place,) if draft.place else (),
        },
        labels={"resource_kind": draft.kind, **status},
        figures={name: FigureClaim(ref) for name, ref in references.items() if ref},
        dates=dates,
    )
