"""Guarding: what a small bare model mixes up in a claim is put right by words.

It takes a place for a receiver, mixes up kinds of money, names a programme where the sentence names
the authority, or the giver as receiver. A model that judges well is not guarded: these rules take
true values from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from extractor.article import Article, Sentence, find_name
from extractor.article.folding import fold_text
from extractor.checking.claims import Claim
from extractor.checking.naming import (
    actors_named,
    authorities_named,
    is_other_name,
    split_parties,
    split_places,
    verbatim_name,
)
from extractor.kinds import COMMITMENT, MONEY_KINDS
from extractor.languages.cues import cue_spans, has_cue
from extractor.mentions.amounts.money import find_money
from extractor.records import Actor, ResourceKind

_QUOTES = tuple("\"'")
_PARTY_FIELDS = ("actors", "recipients", "announced_by", "targets")


def guard(claim: Claim, cited: Sequence[Sentence], article: Article) -> Claim:
    """The claim with each party once and in its role, and the kind that the words tell."""
    names = {
        field: tuple(split_parties(told, article)) if field in _PARTY_FIELDS else told
        for field, told in claim.names.items()
    }
    if claim.kind is not COMMITMENT:
        actors = authorities_named(names["actors"], cited, article)
        instrument = _instrument(names.get("instrument", ()), actors, cited, article)
        told = {"actors": tuple(actor.name for actor in actors), "instrument": instrument}
        return replace(claim, names={**names, **told})
    kind = _kind(claim.labels["resource_kind"], cited[0].text, article)
    to, located = split_places(names["recipients"], kind, cited, article)
    places = names["places"] or ((located,) if located else ())
    givers = actors_named(names["actors"], cited, article)
    receivers = tuple(
        name
        for name in to
        if not any(
            is_other_name(actor, giver, cited)
            for actor in actors_named([name], cited, article)
            for giver in givers
        )
    )
    return replace(
        claim,
        names={**names, "recipients": receivers, "places": places},
        labels={**claim.labels, "resource_kind": kind},
    )


def _kind(told: str, text: str, article: Article) -> ResourceKind:
    """Which kind of money it is, by the sentence's own words: small models mix the three up."""
    drafted: ResourceKind = next(kind for kind in get_args(ResourceKind) if kind == told)
    if drafted not in MONEY_KINDS:
        return drafted
    if has_cue("equity", text, article.rules):
        return "equity"
    if drafted == "purchase" and not has_cue("buying", text, article.rules):
        return "funding"
    return drafted


def _instrument(
    names: Iterable[str], actors: Sequence[Actor], cited: Sequence[Sentence], article: Article
) -> tuple[str, ...]:
    """The instrument's name; neither a party of the act nor a figure is one."""
    parties = {actor.name for actor in actors}
    verbatim = [verbatim_name(name, cited, article) for name in names]
    return tuple(
        name
        for name in verbatim
        if name not in parties
        and not find_money(fold_text(name), article.rules)
        and _names_instrument(name, cited, article)
    )


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
