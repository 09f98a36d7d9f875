"""Completing: what a draft leaves open is settled by the sentence and by the finder.

Small models name a figure in words and leave its id out, or cite no date where there is only one;
and some are not asked for the kind of a resource or act, which the finder tells better, or for the
words of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TypeVar, get_args

from extractor.article import Article, find_name
from extractor.article.clauses import Span, clause_of
from extractor.article.folding import fold_text
from extractor.drafts import DraftCommitment, DraftEvent, Mention, Offer, Offers
from extractor.kinds import MONEY_KINDS
from extractor.languages import Rules, all_languages
from extractor.languages.cues import has_cue
from extractor.mentions.amounts.units import PARTY_UNITS
from extractor.records import EventType, ResourceKind
from extractor.selection import Kind


class CompleteCommitment(DraftCommitment):
    """A draft of a commitment whose kind is known."""

    kind: ResourceKind


class CompleteEvent(DraftEvent):
    """A draft of a policy event whose type is known."""

    type: EventType


ShortDraft = DraftCommitment | DraftEvent
CompleteDraft = CompleteCommitment | CompleteEvent
DraftT = TypeVar("DraftT", DraftCommitment, DraftEvent)

_FEW = 3
"""So few of them are the sources of a rumour, not its subject."""
_NUMBER = re.compile(r"\d+(?:[.,-]\d+)*")


def complete(
    draft: ShortDraft,
    offers: Offers,
    article: Article,
    likely: Sequence[Kind] = (),
    *,
    alone: bool = False,
    figures: bool = True,
) -> CompleteDraft | None:
    """The draft with the figures, the dates and the kind that it lacks; None without any kind.

    Args:
        draft: what the model wrote.
        offers: what it could choose from.
        article: what the sentence is of.
        likely: kinds that its sentence may tell of, the likeliest first.
        alone: whether it is the only draft of its sentence, so that all dates there are its own.
        figures: whether figures and dates that it leaves out are filled in.
    """
    if alone and figures:
        draft = _with_own_dates(draft, offers)
    if isinstance(draft, DraftEvent):
        draft = _with_words(draft, offers, article)
        types = [kind for kind in likely if kind in get_args(EventType)]
        found: object = draft.type or next(iter(types), None)
        return CompleteEvent.model_validate({**dict(draft), "type": found}) if found else None
    if figures:
        draft = _with_own_figures(draft, offers)
    draft = _with_own_count(draft, offers)
    draft = _with_words(draft, offers, article)
    kind = draft.kind or _kind_of(draft, likely, article.rules)
    return CompleteCommitment.model_validate({**dict(draft), "kind": kind}) if kind else None


def _with_words(draft: DraftT, offers: Offers, article: Article) -> DraftT:
    """The draft with the words of its sentence: the clause of its figure, or of what it names."""
    if draft.what.strip():
        return draft
    sentence = article.sentences[draft.sentence - 1]
    spans: list[Span | None]
    if isinstance(draft, DraftCommitment):
        spans = [_span(offer) for offer in offers.money if offer.id == draft.money]
        spans += [_span(offer) for offer in offers.counts if offer.id == draft.count]
        names = [draft.place, *draft.to, *draft.who]
    else:
        spans, names = [], [draft.instrument, *draft.targets, *draft.who]
    spans += [find_name(name, sentence) for name in names if name]
    anchor = next((span for span in spans if span), (0, len(sentence.text)))
    start, end = clause_of(sentence.text, article.rules, anchor)
    return draft.model_copy(update={"what": sentence.text[start:end].strip()})


def _span(offer: Offer[Mention]) -> Span:
    return offer.mention.start, offer.mention.end


def _with_own_dates(draft: ShortDraft, offers: Offers) -> ShortDraft:
    """In the corpus nine of ten dates in the sentence of a single record belong to it."""
    own = [offer.id for offer in offers.dates if offer.sentence == draft.sentence]
    return draft.model_copy(update={"dates": list(dict.fromkeys([*draft.dates, *own]))})


def _with_own_figures(draft: DraftCommitment, offers: Offers) -> DraftCommitment:
    """The draft with the amount and the quantity that its own words name."""
    own = {
        "money": [offer.id for offer in offers.money if _is_named(offer, draft.what)],
        "count": [offer.id for offer in offers.counts if _is_named(offer, draft.what)],
    }
    return draft.model_copy(
        update={
            field: ids[0]
            for field, ids in own.items()
            if len(ids) == 1 and getattr(draft, field) is None
        }
    )


def _with_own_count(draft: DraftCommitment, offers: Offers) -> DraftCommitment:
    """The draft with its count on one side only: what is given, or how many give or get it.

    "Four stations will be built" has no giver, and "each of the 28 villages gets $1m" no quantity.
    """
    count = next((offer for offer in offers.counts if offer.id == draft.count), None)
    if count is None:
        return draft
    unit, value = count.mention.unit, count.mention.value
    if unit in PARTY_UNITS or (unit in _source_units() and value <= _FEW):
        return draft.model_copy(update={"count": None})
    uncounted = {
        field: [name for name in names if not _holds(name, count)]
        for field, names in (("who", draft.who), ("to", draft.to))
    }
    if uncounted == {"who": draft.who, "to": draft.to}:
        return draft
    return draft.model_copy(update={"count": None} if draft.money else uncounted)


def _holds(name: str, offer: Offer[Mention]) -> bool:
    return fold_text(offer.raw).casefold() in fold_text(name).casefold()


def _is_named(offer: Offer[Mention], words: str) -> bool:
    """The words hold the mention, or at least its number."""
    text, raw = fold_text(words).casefold(), fold_text(offer.raw).casefold()
    number = _NUMBER.search(raw)
    return raw in text or bool(number and number.group() in _NUMBER.findall(text))


def _kind_of(draft: DraftCommitment, likely: Sequence[Kind], language: Rules) -> Kind | None:
    """The likeliest kind that fits the figures and the verb.

    Money is funding, equity or a purchase; a count without money is hardly ever one of the first
    two (411 of 412 and 389 of 416 records of the corpus). One sentence may tell of two resources,
    so what is done with counted people settles theirs.
    """
    if draft.money:
        return next((kind for kind in likely if kind in MONEY_KINDS), "funding")
    words = fold_text(draft.what)
    if draft.count and has_cue("training", words, language):
        return "skills"
    if draft.count and has_cue("hiring", words, language):
        return "jobs"
    if draft.count or has_cue("building", words, language):
        unpaid = {"funding", "equity"} if draft.count else {"funding", "purchase"}
        likely = [kind for kind in likely if kind not in unpaid] or likely
    return next(iter(likely), None)


@cache
def _source_units() -> frozenset[str]:
    return frozenset(unit for language in all_languages() for unit in language.units.source_units)
