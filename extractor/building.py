"""Building: a draft and the mentions it cites become a record, not yet checked.

Everything the model left to code is filled in here: values from the cited mentions, the roles of
dates, who is what kind of party, codes, certainty. Evidence is the cited sentence and those of the
cited mentions, copied from the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from extractor.article import Article, Sentence
from extractor.article.folding import fold_text
from extractor.completing import MONEY_KINDS, CompleteCommitment, CompleteDraft, CompleteEvent
from extractor.cues import cue_spans, has_cue
from extractor.dating import commitment_dates, event_dates
from extractor.drafts import Mention, Offer, Offers
from extractor.grounding import certainty_borne, find_name, plain_status, status_borne
from extractor.mentions import DateMention, find_mentions
from extractor.mentions.parties.names import resolve_place
from extractor.naming import (
    actors_named,
    authorities_named,
    is_other_name,
    split_places,
    verbatim_name,
)
from extractor.normalising import Verbatim, to_count, to_date, to_money
from extractor.records import (
    Actor,
    Commitment,
    DateValue,
    Evidence,
    Place,
    PolicyEvent,
    ResourceKind,
)

_QUOTES = tuple("\"'")


def build(
    draft: CompleteDraft, offers: Offers, article: Article, *, tuned: bool = False
) -> Commitment | PolicyEvent:
    """The record that a draft proposes; ids are provisional, verdicts and jurisdictions empty.

    Jurisdictions follow from the actors, so they are told once it is known which of them stay. Of a
    model that was taught by labels, parties without a name ("growers") are groups, not mistakes,
    and the sentence that names the giver is cited too.
    """
    record: Commitment | PolicyEvent
    if isinstance(draft, CompleteCommitment):
        record = _commitment(draft, offers, article, tuned)
    else:
        record = _event(draft, offers, article, tuned)
    status = draft.status or status_borne(record, article) or plain_status(record)
    return record.model_copy(
        update={
            "status": status,
            "certainty": certainty_borne(record, article),
            **_dates_of(draft, offers, status, article),
        }
    )


def quote(article: Article, sentence: Sentence) -> Evidence:
    """The whole sentence as evidence."""
    return Evidence(
        sentence=sentence.id,
        quote=article.quote(sentence),
        start=sentence.start,
        end=sentence.end,
    )


def _commitment(
    draft: CompleteCommitment, offers: Offers, article: Article, tuned: bool
) -> Commitment:
    money = [(o, o.mention) for o in offers.money if o.id == draft.money]
    counts = [(o, o.mention) for o in offers.counts if o.id == draft.count]
    dates = [o for o in offers.dates if o.id in draft.dates]
    taken = {draft.money, draft.count, *draft.dates}
    cited = _cited(article, draft.sentence, [o for o in offers.mentions if o.id in taken])
    cited += _naming(draft.who, cited, article) if tuned else []
    amount = next((to_money(m, _verbatim(offer, article)) for offer, m in money), None)
    quantity = next((to_count(n, _verbatim(offer, article)) for offer, n in counts), None)
    text = cited[0].text
    kind = _kind(draft.kind, text, article)
    actors = actors_named(draft.who, cited, article, groups=tuned)
    to, located = split_places(draft.to, kind, cited, article)
    return Commitment(
        id="C?",
        title=draft.what.strip(),
        certainty="asserted",
        places=_places([draft.place or located], cited, article),
        part_of=None,
        evidence=[quote(article, sentence) for sentence in cited],
        verdicts=[],
        actors=actors,
        recipients=[
            actor
            for actor in actors_named(to, cited, article, groups=tuned)
            if not any(is_other_name(actor, giver, cited) for giver in actors)
        ],
        announced_by=actors_named([draft.announced_by], cited, article, groups=tuned),
        resource_kind=kind,
        finance_role=_finance_role(kind, amount is not None, text, article),
        amount=amount,
        quantity=quantity,
        status="announced",
        announced_on=None,
        start=None,
        deadline=None,
        duration=_duration(dates),
        aggregation=None,
    )


def _event(draft: CompleteEvent, offers: Offers, article: Article, tuned: bool) -> PolicyEvent:
    cited = _cited(article, draft.sentence, [o for o in offers.mentions if o.id in draft.dates])
    cited += _naming(draft.who, cited, article) if tuned else []
    actors = (
        actors_named(draft.who, cited, article, groups=True)
        if tuned
        else authorities_named(draft.who, cited, article)
    )
    instrument = _instrument(draft.instrument, actors, cited, article)
    return PolicyEvent(
        id="E?",
        title=draft.what.strip(),
        certainty="asserted",
        places=[],
        part_of=None,
        evidence=[quote(article, sentence) for sentence in cited],
        verdicts=[],
        event_type=draft.type,
        actors=actors,
        targets=actors_named(draft.targets, cited, article, groups=tuned),
        jurisdictions=[],
        instrument=instrument,
        status="announced",
        date=None,
        deadline=None,
        related_commitments=[],
    )


def _cited(article: Article, number: int, offers: Sequence[Offer[Mention]]) -> list[Sentence]:
    """The sentence that states the record first, then those of the values it takes."""
    others = dict.fromkeys(offer.sentence for offer in offers if offer.sentence != number)
    return [article.sentences[n - 1] for n in (number, *others)]


def _naming(names: Sequence[str], cited: Sequence[Sentence], article: Article) -> list[Sentence]:
    """The nearest sentence before them that names the giver, where they name none."""
    if any(find_name(name, sentence) for name in names for sentence in cited):
        return []
    earlier = reversed(article.sentences[: cited[0].id - 1])
    return [s for s in earlier if any(find_name(name, s) for name in names)][:1]


def _verbatim(offer: Offer[Mention], article: Article) -> Verbatim:
    sentence = article.sentences[offer.sentence - 1]
    return lambda start, end: article.verbatim(sentence, start, end)


def _dates_of(
    draft: CompleteDraft, offers: Offers, status: str, article: Article
) -> Mapping[str, DateValue | None]:
    """The dates that the draft cites, each in its role; the draft's order breaks ties."""
    offered = {offer.id: offer for offer in offers.dates}
    dates = [
        (offer.mention, value)
        for offer in (offered[ref] for ref in draft.dates)
        if (value := to_date(offer.mention, _verbatim(offer, article)))
    ]
    if isinstance(draft, CompleteEvent):
        act, effect = event_dates(dates, status, article)
        return {"date": act, "deadline": effect}
    return {**commitment_dates(dates, status, article)}


def _duration(offered: Sequence[Offer[DateMention]]) -> str | None:
    return next((o.mention.duration for o in offered if o.mention.duration), None)


def _instrument(
    name: str | None, actors: Sequence[Actor], cited: Sequence[Sentence], article: Article
) -> str | None:
    """The instrument's name; neither a party of the act nor a figure is one."""
    if not name or not name.strip():
        return None
    verbatim = verbatim_name(name, cited, article)
    figures = find_mentions(fold_text(verbatim), article.rules, None)
    if figures.money or verbatim in {actor.name for actor in actors}:
        return None
    return verbatim if _names_instrument(verbatim, cited, article) else None


def _names_instrument(name: str, cited: Sequence[Sentence], article: Article) -> bool:
    """It says what it is ("bill on rents", "Data Council"), or the words before it or quotes do."""
    folded = fold_text(name)
    if has_cue("act", folded, article.rules) and " " in folded:
        return True
    if has_cue("authority", folded, article.rules) and folded != folded.lower():
        return True
    befores = (
        sentence.text[: span[0]] for sentence in cited if (span := find_name(name, sentence))
    )
    return any(
        before[-1:] in _QUOTES
        or any(end == len(before.rstrip()) for _, end in cue_spans("act", before, article.rules))
        for before in befores
    )


def _places(
    names: Iterable[str | None], cited: Sequence[Sentence], article: Article
) -> list[Place]:
    return [
        resolve_place(verbatim_name(name, cited, article), article.rules)
        for name in names
        if name and name.strip()
    ]


def _kind(drafted: ResourceKind, text: str, article: Article) -> ResourceKind:
    """Which kind of money it is, by the sentence's own words: small models mix the three up."""
    if drafted not in MONEY_KINDS:
        return drafted
    if has_cue("equity", text, article.rules):
        return "equity"
    if drafted == "purchase" and not has_cue("buying", text, article.rules):
        return "funding"
    return drafted


def _finance_role(
    kind: ResourceKind, has_amount: bool, text: str, article: Article
) -> Literal["provide", "mobilise"] | None:
    if kind not in MONEY_KINDS and not has_amount:
        return None
    return "mobilise" if has_cue("mobilise", text, article.rules) else "provide"
