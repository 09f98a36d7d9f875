"""Doubting: what rules of words object to in a record.

An objection is a doubt for a model that judges well, and decides for a small bare one: the policy
says which (`policy.decides`). The rules know no proof: they say what a reader would look at twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractor.article import Article, find_name
from extractor.article.clauses import Span, clauses, refers_back
from extractor.checking.authorities import is_authority
from extractor.checking.naming import names_state
from extractor.checking.stances import (
    certainty_borne,
    cues_of,
    denial_of,
    rumour_of,
    status_borne,
    withdrawal_of,
)
from extractor.kinds import AnyRecord, kind_of
from extractor.languages.cues import cue_spans, has_cue
from extractor.records import Actor, Commitment, Doubt, DoubtRule, PolicyEvent

_LIKELY = 0.3
"""Probability from which the finder's word counts as that of a cue."""
_MOST_PARTIES = 20
"""A record of more is looked at no further: a reply may name hundreds."""
_WORDS_BORNE = 0.5
"""Share of the title's words that the cited sentences must hold if no figure tells the record."""
_PARTY_FIELDS = ("actors", "recipients", "announced_by", "targets")
_DEFINITION: frozenset[DoubtRule] = frozenset({"untold", "no_authority", "unworded", "unspecific"})


def doubts_of(record: AnyRecord, article: Article, likelihood: float) -> tuple[Doubt, ...]:
    """Everything that a rule objects to.

    `likelihood` is the finder's probability that the cited sentences hold such a record at all:
    where it is high, the definition need not be told by a word of ours.
    """
    found = [
        *_stance_doubts(record, article),
        *_party_doubts(record, article),
        *_definition_doubts(record, article, likelihood),
    ]
    return tuple(dict.fromkeys(found))


def is_of_definition(doubt: Doubt) -> bool:
    """Whether the doubt is that this is a record at all."""
    return doubt.rule in _DEFINITION


def _stance_doubts(record: AnyRecord, article: Article) -> Iterator[Doubt]:
    """Negation, hedge and status, in the clauses where the record's own words stand."""
    kind = kind_of(record)
    first = record.evidence[0].sentence
    denial = denial_of(record, article)
    if denial and record.status != kind.withdrawn:
        yield Doubt(rule="negated", field="record", words=denial[1], sentence=denial[0])
    borne = certainty_borne(record, article)
    rumour = rumour_of(record, article)
    if record.certainty == "asserted" and rumour:
        yield Doubt(rule="hedge_disagrees", field="certainty", words=rumour[1], sentence=rumour[0])
    elif record.certainty != borne:
        yield Doubt(rule="hedge_disagrees", field="certainty", words=borne, sentence=first)
    # A status is borne by its cue, or where nothing but a plain word of promise or act speaks: no
    # list holds every verb. A cue of withdrawal leaves no other status standing.
    found, cue = cues_of(record, article), kind.status_cues[record.status]
    withdrawn = kind.name == "commitment" and kind.status_cues[kind.withdrawn] in found - {cue}
    if not ((cue in found and not withdrawn) or found <= kind.plain_cues):
        told = status_borne(record, article) or kind.plain
        yield Doubt(rule="status_disagrees", field="status", words=told, sentence=first)
    elif (word := withdrawal_of(record, article)) and record.status != kind.withdrawn:
        yield Doubt(rule="withdrawn", field="status", words=word[1], sentence=word[0])
    if isinstance(record, Commitment) and record.finance_role == "mobilise":
        texts = [article.sentences[item.sentence - 1].text for item in record.evidence]
        if not any(cue_spans("mobilise", text, article.rules) for text in texts):
            yield Doubt(rule="not_mobilised", field="finance_role", words="", sentence=first)


def _party_doubts(record: AnyRecord, article: Article) -> Iterator[Doubt]:
    first = article.sentences[record.evidence[0].sentence - 1]
    for field in _PARTY_FIELDS:
        for rank, actor in enumerate(getattr(record, field, ())):
            where = f"{field}[{rank}]"
            if _is_common_noun(actor, record, article):
                yield Doubt(rule="common_noun", field=where, words=actor.name, sentence=first.id)
            elif field == "actors" and _is_elsewhere(actor, record, article):
                yield Doubt(
                    rule="party_elsewhere", field=where, words=actor.name, sentence=first.id
                )
    if isinstance(record, Commitment):
        yield from _swapped_roles(record, article)


def _is_common_noun(actor: Actor, record: AnyRecord, article: Article) -> bool:
    """Tell "the plant", which is no party: "the ministry", "two companies" and proper names are."""
    if actor.type != "company":
        return False
    proper = any(character.isupper() for character in actor.name[1:])
    alone = len(actor.name.split()) == 1 and actor.name[:1].isupper()
    # "the Tallinn company": a capital that no beginning of a sentence asks for.
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    spans = [(sentence.text, find_name(actor.name, sentence)) for sentence in cited]
    inside = any(span and span[0] > 0 and text[span[0]].isupper() for text, span in spans)
    return not (proper or alone or inside)


def _is_elsewhere(actor: Actor, record: AnyRecord, article: Article) -> bool:
    """The sentence that states the record neither names the giver nor refers back.

    "The French president" names France, "a French bank" does not.
    """
    first = article.sentences[record.evidence[0].sentence - 1]
    in_office = has_cue("authority", first.text, article.rules)
    named = find_name(actor.name, first) or (in_office and names_state(actor.name, first, article))
    return not named and not refers_back(first.text, article.rules)


def _swapped_roles(record: Commitment, article: Article) -> Iterator[Doubt]:
    """A giver that follows the verb while the receiver is its subject has the roles reversed."""
    for item in record.evidence:
        sentence = article.sentences[item.sentence - 1]
        if not cue_spans("giving", sentence.text, article.rules):
            continue
        receivers = [span for one in record.recipients if (span := find_name(one.name, sentence))]
        for rank, actor in enumerate(record.actors[:_MOST_PARTIES]):
            giver = find_name(actor.name, sentence)
            if giver and any(
                _is_swapped(sentence.text, giver, receiver, article)
                for receiver in receivers[:_MOST_PARTIES]
            ):
                yield Doubt(
                    rule="roles_swapped",
                    field=f"actors[{rank}]",
                    words=actor.name,
                    sentence=sentence.id,
                )
                return


def _is_swapped(text: str, giver: Span, receiver: Span, article: Article) -> bool:
    verbs = cue_spans("giving", text, article.rules)
    between = text[receiver[1] : giver[0]]
    return (
        any(receiver[1] <= start and end <= giver[0] for start, end in verbs)
        and len(clauses(between, article.rules)) == 1
        and not cue_spans("agent", between, article.rules)
    )


def _definition_doubts(record: AnyRecord, article: Article, likelihood: float) -> Iterator[Doubt]:
    """Why the record might be none by the guidelines; the first reason is enough."""
    if isinstance(record, PolicyEvent):
        rule = _no_event(record, article)
    else:
        rule = _no_commitment(record, article, likelihood)
    if rule is not None:
        first = record.evidence[0].sentence
        yield Doubt(rule=rule, field="record", words="", sentence=first)


def _no_event(record: PolicyEvent, article: Article) -> DoubtRule | None:
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    if not any(is_authority(actor, cited, article) for actor in record.actors):
        return "no_authority"
    return None if _is_worded(record, article) else "unworded"


def _no_commitment(record: Commitment, article: Article, likelihood: float) -> DoubtRule | None:
    told = status_borne(record, article) or record.finance_role == "mobilise"
    likely = likelihood >= _LIKELY
    heading = article.sentences[record.evidence[0].sentence - 1].is_heading
    if not told and not likely and not heading:
        return "untold"
    if record.amount or record.quantity:
        return None
    if not record.actors or (record.resource_kind == "funding" and not record.recipients):
        return "unspecific"
    placed = record.recipients or record.places or record.resource_kind in ("facility", "equity")
    if not placed and not likely:
        return "unspecific"
    return None if _is_worded(record, article) else "unworded"


def _is_worded(record: AnyRecord, article: Article) -> bool:
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    words = record.title.split()
    held = sum(any(find_name(word, sentence) for sentence in cited) for word in words)
    return held >= _WORDS_BORNE * len(words)
