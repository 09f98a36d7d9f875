"""Building: a draft and the mentions it cites become a record, not yet checked.

Everything the model left to code is filled in here: values from the cited mentions, the roles of
dates, who is what kind of party, codes, certainty. Evidence is the cited sentence and those of the
cited mentions, copied from the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from extractor.article import Article, Sentence
from extractor.article.folding import fold_text
from extractor.authorities import authority_named, is_authority
from extractor.cues import cue_spans, has_cue
from extractor.completing import MONEY_KINDS, CompleteCommitment, CompleteDraft, CompleteEvent
from extractor.dating import commitment_dates, event_dates
from extractor.drafts import Mention, Offer, Offers
from extractor.grounding import certainty_borne, find_name, plain_status, status_borne
from extractor.jurisdictions import jurisdictions_of
from extractor.mentions import DateMention, find_mentions
from extractor.mentions.parties.names import resolve_actor, resolve_place
from extractor.normalising import Verbatim, to_count, to_date, to_money
from extractor.records import (
    Actor,
    Commitment,
    DateValue,
    EventType,
    Evidence,
    Place,
    PolicyEvent,
    ResourceKind,
)

_TITLE_WORDS = 8
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_QUOTES = tuple("\"'")
_CONJUNCTION = re.compile(r"\s*,\s*|\s+(?:et|and|và)\s+")


def build(draft: CompleteDraft, offers: Offers, article: Article) -> Commitment | PolicyEvent:
    """The record that a draft proposes; ids are provisional, verdicts still empty."""
    record: Commitment | PolicyEvent
    if isinstance(draft, CompleteCommitment):
        record = _commitment(draft, offers, article)
    else:
        record = _event(draft, offers, article)
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


def _commitment(draft: CompleteCommitment, offers: Offers, article: Article) -> Commitment:
    money = [(o, o.mention) for o in offers.money if o.id == draft.money]
    counts = [(o, o.mention) for o in offers.counts if o.id == draft.count]
    dates = [o for o in offers.dates if o.id in draft.dates]
    taken = {draft.money, draft.count, *draft.dates}
    cited = _cited(article, draft.sentence, [o for o in offers.mentions if o.id in taken])
    amount = next((to_money(m, _verbatim(offer, article)) for offer, m in money), None)
    quantity = next((to_count(n, _verbatim(offer, article)) for offer, n in counts), None)
    text = cited[0].text
    kind = _kind(draft.kind, text, article)
    actors = _actors(draft.who, cited, article)
    to, located = _split_places(draft.to, kind, cited, article)
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
            for actor in _actors(to, cited, article)
            if not any(_is_other_name(actor, giver, cited) for giver in actors)
        ],
        announced_by=_actors([draft.announced_by], cited, article),
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


def _event(draft: CompleteEvent, offers: Offers, article: Article) -> PolicyEvent:
    dates = [o for o in offers.dates if o.id in draft.dates]
    cited = _cited(article, draft.sentence, [o for o in offers.mentions if o.id in draft.dates])
    actors = _authorities(draft.who, cited, article)
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
        targets=_actors(draft.targets, cited, article),
        jurisdictions=jurisdictions_of(actors, cited, article),
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
    return commitment_dates(dates, status, article)


def _duration(offered: Sequence[Offer[DateMention]]) -> str | None:
    return next((o.mention.duration for o in offered if o.mention.duration), None)


def _instrument(
    name: str | None, actors: Sequence[Actor], cited: Sequence[Sentence], article: Article
) -> str | None:
    """The instrument's name; neither a party of the act nor a figure is one."""
    if not name or not name.strip():
        return None
    verbatim = _verbatim_name(name, cited, article)
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
        or any(
            end == len(before.rstrip()) for _, end in cue_spans("act", before, article.rules)
        )
        for before in befores
    )


def _actors(
    names: Iterable[str | None], cited: Sequence[Sentence], article: Article
) -> list[Actor]:
    actors: dict[str, Actor] = {}
    for party in (party for name in names if name for party in _parties(name, article)):
        actor = _actor(_verbatim_name(party, cited, article), cited, article)
        actors.setdefault(actor.canonical.casefold(), actor)
    return list(actors.values())


def _split_places(
    names: Sequence[str], kind: ResourceKind, cited: Sequence[Sentence], article: Article
) -> tuple[list[str], str | None]:
    """The receivers, and the first place that the draft took for one ("a clinic in Accra")."""
    places = [name for name in names if _is_located(name, kind, cited, article)]
    return [name for name in names if name not in places], next(iter(places), None)


def _is_located(
    name: str, kind: ResourceKind, cited: Sequence[Sentence], article: Article
) -> bool:
    """A place-name behind "in"; French says "à" to receivers too, but not of what is built."""
    if article.rules == "fr" and kind not in ("facility", "jobs"):
        return False
    if resolve_actor(name, article.rules).type not in ("company", "government"):
        return False
    spans = ((sentence.text, find_name(name, sentence)) for sentence in cited)
    return any(
        end in (span[0], span[0] - 1)
        for text, span in spans
        if span
        for _, end in cue_spans("locative", text, article.rules)
    )


def _authorities(names: Iterable[str], cited: Sequence[Sentence], article: Article) -> list[Actor]:
    """The drafted actors; if none of them is an authority, the one that the sentence names.

    A company that stands before the authority is the one that acts: then there is no event.
    """
    actors = _actors(names, cited, article)
    if any(is_authority(actor, cited, article) for actor in actors):
        return actors
    named = authority_named(cited[0], article)
    acting = [find_name(a.name, cited[0]) for a in actors if a.type in ("company", "consortium")]
    authority = find_name(named, cited[0]) if named else None
    if authority and any(span and span < authority for span in acting):
        return actors
    return _actors([named], cited, article) or actors


def _is_other_name(actor: Actor, giver: Actor, cited: Sequence[Sentence]) -> bool:
    """The same party: one name, or one in brackets after the other ("Long Name (LN)")."""
    pairs = ((actor.name, giver.name), (giver.name, actor.name))
    same = actor.canonical.casefold() == giver.canonical.casefold()
    return same or any(
        fold_text(f"{first} ({second})") in sentence.text
        for first, second in pairs
        for sentence in cited
    )


def _parties(name: str, article: Article) -> list[str]:
    """One name each: "A and B" is two parties, "Ministry of A and B" is one."""
    parts = [part for part in _CONJUNCTION.split(name.strip()) if part]
    if len(parts) == 1 or resolve_actor(name, article.rules).type not in ("company", "government"):
        return [name.strip()] if parts else []
    countries = all(resolve_actor(part, article.rules).country for part in parts)
    return parts if countries or all(part[0].isupper() for part in parts) else [name.strip()]


def _actor(name: str, cited: Sequence[Sentence], article: Article) -> Actor:
    actor = resolve_actor(name, article.rules)
    if actor.type != "company":
        return actor
    if long_name := _spelled_out(name, article):
        return actor.model_copy(update={"canonical": long_name})
    # A bare personal name is told by the title before it ("Prime Minister Ann Example").
    titled = _with_title(name, cited)
    if titled is None or resolve_actor(titled, article.rules).type != "person":
        return actor
    return actor.model_copy(update={"type": "person"})


def _spelled_out(acronym: str, article: Article) -> str | None:
    """The name that the article gives the acronym after ("Long Name (LN)"), if its initials fit."""
    if not _ACRONYM.fullmatch(acronym):
        return None
    for found in re.finditer(rf"((?:\w+\s){{{len(acronym)}}})\({acronym}\)", article.folding.text):
        words = found.group(1).split()
        if [word[0].upper() for word in words] == list(acronym):
            return " ".join(words)
    return None


def _with_title(name: str, cited: Sequence[Sentence]) -> str | None:
    for sentence in cited:
        span = find_name(name, sentence)
        if span and not sentence.text[span[1] :].lstrip()[:1].isupper():
            before = sentence.text[: span[0]].split()[-_TITLE_WORDS:]
            return " ".join([*before, name])
    return None


def _verbatim_name(name: str, cited: Sequence[Sentence], article: Article) -> str:
    """The name as the article writes it, where the cited sentences have it.

    Small models drop accents in copying: what is returned is the article's own spelling.
    """
    for find in (find_name, _find_unaccented):
        for sentence in cited:
            if span := find(name, sentence):
                return article.verbatim(sentence, *span)
    return name.strip()


def _find_unaccented(name: str, sentence: Sentence) -> tuple[int, int] | None:
    plain = replace(sentence, text=_unaccented(sentence.text))
    return find_name(_unaccented(fold_text(name)), plain)


def _unaccented(text: str) -> str:
    """The text without accents, character for character, so that positions stay."""
    bare = text.replace("đ", "d").replace("Đ", "D")
    return "".join(unicodedata.normalize("NFD", character)[0] for character in bare)


def _places(
    names: Iterable[str | None], cited: Sequence[Sentence], article: Article
) -> list[Place]:
    return [
        resolve_place(_verbatim_name(name, cited, article), article.rules)
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
