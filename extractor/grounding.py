"""Grounding: a verdict for every value of a record, from the sentences it cites.

`check` looks only at the finished record and at the article: it does not know where a value came
from, so the same function guards what a model filled, what a merge joined and what a file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractor.article import Article, Sentence
from extractor.article.folding import fold_text
from extractor.clauses import (
    Span,
    certainty_of,
    clauses,
    cues_near,
    is_negated,
    refers_back,
)
from extractor.cues import Cue, cue_spans
from extractor.mentions import find_mentions
from extractor.normalising import to_count, to_date, to_money
from extractor.records import (
    Actor,
    Certainty,
    Commitment,
    Count,
    DateValue,
    Evidence,
    Money,
    PolicyEvent,
    RejectReason,
    Verdict,
)

COMMITMENT_CUES: Mapping[str, Cue] = {
    "cancelled": "status_cancelled",
    "under_negotiation": "status_under_negotiation",
    "completed": "status_completed",
    "agreed": "status_agreed",
    "in_progress": "status_in_progress",
    "planned": "status_planned",
    "announced": "status_announced",
}
"""Cue of each status, the one that wins over the others first ("is in talks" over "is")."""
EVENT_CUES: Mapping[str, Cue] = {
    "ended": "event_ended",
    "under_consideration": "event_under_consideration",
    "proposed": "event_proposed",
    "adopted": "event_adopted",
    "in_force": "event_in_force",
    "planned": "event_planned",
    "announced": "event_announced",
    "occurred": "event_occurred",
}
_PLAIN_CUES: frozenset[Cue] = frozenset({"status_announced", "event_announced", "event_occurred"})
"""They say that something is promised or done, and nothing of how far it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one value; `reason` is set where it is unsupported."""

    field: str
    verdict: Verdict
    value: str
    reason: RejectReason | None = None


@dataclass(frozen=True, slots=True)
class _Cited:
    """One cited sentence with what its own words say."""

    sentence: Sentence
    money: tuple[tuple[Money, Span], ...]
    counts: tuple[tuple[Count, Span], ...]
    dates: tuple[tuple[DateValue | None, str | None], ...]


def check(record: Commitment | PolicyEvent, article: Article) -> tuple[Finding, ...]:
    """A verdict on every value of the record, the evidence itself included."""
    outside = [item for item in record.evidence if not _is_verbatim(item, article)]
    if outside:
        return tuple(
            Finding("evidence", "unsupported", item.quote, "evidence_outside_body")
            for item in outside
        )
    cited = [_cite(article, item.sentence) for item in record.evidence]
    if isinstance(record, Commitment):
        return tuple(_commitment_findings(record, article, cited))
    return tuple(_event_findings(record, article, cited))


def find_name(name: str, sentence: Sentence) -> Span | None:
    """Where a name stands in a folded sentence as whole words, whatever the case."""
    folded = fold_text(name).strip()
    if not folded:
        return None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, folded.split())) + r"(?!\w)"
    match = re.search(pattern, sentence.text) or re.search(pattern, sentence.text, re.IGNORECASE)
    return match.span() if match else None


def certainty_borne(record: Commitment | PolicyEvent, article: Article) -> Certainty:
    """Hedged if every sentence that holds the record's own words hedges it."""
    cited = [_cite(article, item.sentence) for item in record.evidence]
    stances = {
        certainty_of(text, article.rules, anchors) for text, anchors in _anchored(record, cited)
    }
    return "asserted" if "asserted" in stances else "hedged"


def status_borne(record: Commitment | PolicyEvent, article: Article) -> str | None:
    """The status that the cue words of the cited sentences tell; None if they tell none."""
    table = COMMITMENT_CUES if isinstance(record, Commitment) else EVENT_CUES
    cited = [_cite(article, item.sentence) for item in record.evidence]
    found = _cues_of(record, tuple(table.values()), cited, article)
    return next((status for status, cue in table.items() if cue in found), None)


def plain_status(record: Commitment | PolicyEvent) -> str:
    """The status of a promise or act that no cue word qualifies."""
    if isinstance(record, PolicyEvent) and record.event_type in ("official_statement", "meeting"):
        return "occurred"
    return "announced"


def _cite(article: Article, number: int) -> _Cited:
    sentence = article.sentences[number - 1]
    found = find_mentions(sentence.text, article.rules, article.published_at)

    def raw(start: int, end: int) -> str:
        return article.verbatim(sentence, start, end)

    return _Cited(
        sentence,
        tuple((to_money(m, raw), (m.start, m.end)) for m in found.money),
        tuple((to_count(m, raw), (m.start, m.end)) for m in found.counts),
        tuple((to_date(m, raw), m.duration) for m in found.dates),
    )


def _is_verbatim(item: Evidence, article: Article) -> bool:
    if not 1 <= item.sentence <= len(article.sentences):
        return False
    sentence = article.sentences[item.sentence - 1]
    inside = article.body_start <= item.start and item.end <= article.body_end
    same = (item.start, item.end) == (sentence.start, sentence.end)
    return inside and same and article.original[item.start : item.end] == item.quote


def _commitment_findings(
    record: Commitment, article: Article, cited: Sequence[_Cited]
) -> Iterator[Finding]:
    if record.amount:
        yield _value_finding("amount", record.amount, [m for c in cited for m, _ in c.money])
    if record.quantity:
        yield _value_finding("quantity", record.quantity, [n for c in cited for n, _ in c.counts])
    for field in ("announced_on", "start", "deadline"):
        value: DateValue | None = getattr(record, field)
        if value:
            yield _value_finding(field, value, [d for c in cited for d, _ in c.dates if d])
    if record.duration:
        known = any(record.duration == length for c in cited for _, length in c.dates)
        yield _finding("duration", record.duration, "normalised" if known else "unsupported")
    for field, actors in (
        ("actors", record.actors),
        ("recipients", record.recipients),
        ("announced_by", record.announced_by),
    ):
        yield from _name_findings(field, actors, article, cited)
    yield from _swapped_roles(record, cited, article)
    yield from _place_findings(record, cited)
    yield from _stance_findings(record, article, cited)
    cues = tuple(COMMITMENT_CUES.values())
    found = _cues_of(record, cues, cited, article)
    yield _status_finding(record, COMMITMENT_CUES[record.status], found)
    if record.finance_role == "mobilise":
        held = any(cue_spans("mobilise", c.sentence.text, article.rules) for c in cited)
        yield _finding("finance_role", "mobilise", "inferred" if held else "unsupported")


def _event_findings(
    record: PolicyEvent, article: Article, cited: Sequence[_Cited]
) -> Iterator[Finding]:
    for field in ("date", "deadline"):
        value: DateValue | None = getattr(record, field)
        if value:
            yield _value_finding(field, value, [d for c in cited for d, _ in c.dates if d])
    yield from _name_findings("actors", record.actors, article, cited)
    yield from _name_findings("targets", record.targets, article, cited)
    if record.instrument:
        verdict = _literal_verdict(record.instrument, cited)
        yield _finding("instrument", record.instrument, verdict)
    yield from _place_findings(record, cited)
    yield from _stance_findings(record, article, cited)
    found = _cues_of(record, tuple(EVENT_CUES.values()), cited, article)
    yield _status_finding(record, EVENT_CUES[record.status], found)


def _finding(field: str, value: str, verdict: Verdict) -> Finding:
    reason: RejectReason | None = "not_in_evidence" if verdict == "unsupported" else None
    return Finding(field, verdict, value, reason)


def _value_finding(
    field: str, value: Money | Count | DateValue, found: Sequence[Money | Count | DateValue]
) -> Finding:
    """A value counts as borne only if our own reading of the sentence gives all of it."""
    words = value.text if isinstance(value, DateValue) else value.raw
    return _finding(field, words, "normalised" if value in found else "unsupported")


def _name_findings(
    field: str, actors: Sequence[Actor], article: Article, cited: Sequence[_Cited]
) -> Iterator[Finding]:
    for rank, actor in enumerate(actors):
        verdict = _literal_verdict(actor.name, cited)
        if _is_common_noun(actor, cited):
            verdict = "unsupported"
        elif verdict == "unsupported" and _is_earlier_party(actor.name, article, cited):
            verdict = "inferred"
        yield _finding(f"{field}[{rank}]", actor.name, verdict)


def _is_common_noun(actor: Actor, cited: Sequence[_Cited]) -> bool:
    """Tell "the plant", which is no party: "the ministry", "two companies" and proper names are."""
    proper = any(character.isupper() for character in actor.name[1:])
    alone = len(actor.name.split()) == 1 and actor.name[:1].isupper()
    # "the Tallinn company": a capital that no beginning of a sentence asks for.
    spans = [(c.sentence.text, find_name(actor.name, c.sentence)) for c in cited]
    inside = any(span and span[0] > 0 and text[span[0]].isupper() for text, span in spans)
    return actor.type == "company" and not (proper or alone or inside)


def _literal_verdict(name: str, cited: Sequence[_Cited]) -> Verdict:
    spans = [(c.sentence, find_name(name, c.sentence)) for c in cited]
    texts = [sentence.text[span[0] : span[1]] for sentence, span in spans if span]
    if not texts:
        return "unsupported"
    return "exact" if name in texts else "normalised"


def _is_earlier_party(name: str, article: Article, cited: Sequence[_Cited]) -> bool:
    """The cited sentence refers back, and an earlier one names the party."""
    return any(
        refers_back(c.sentence.text, article.rules)
        and any(find_name(name, earlier) for earlier in article.sentences[: c.sentence.id - 1])
        for c in cited
    )


def _swapped_roles(
    record: Commitment, cited: Sequence[_Cited], article: Article
) -> Iterator[Finding]:
    """A giver that follows the verb while the receiver is its subject has the roles reversed."""
    for rank, actor in enumerate(record.actors):
        for other in record.recipients:
            for c in cited:
                giver, receiver = (
                    find_name(actor.name, c.sentence),
                    find_name(other.name, c.sentence),
                )
                if giver and receiver and _is_swapped(c.sentence.text, giver, receiver, article):
                    yield _finding(f"actors[{rank}]", actor.name, "unsupported")
                    return


def _is_swapped(text: str, giver: Span, receiver: Span, article: Article) -> bool:
    verbs = cue_spans("giving", text, article.rules)
    between = text[receiver[1] : giver[0]]
    return (
        any(receiver[1] <= start and end <= giver[0] for start, end in verbs)
        and len(clauses(between, article.rules)) == 1
        and not cue_spans("agent", between, article.rules)
    )


def _place_findings(record: Commitment | PolicyEvent, cited: Sequence[_Cited]) -> Iterator[Finding]:
    for rank, place in enumerate(record.places):
        yield _finding(f"places[{rank}]", place.name, _literal_verdict(place.name, cited))


def _stance_findings(
    record: Commitment | PolicyEvent, article: Article, cited: Sequence[_Cited]
) -> Iterator[Finding]:
    """Negation and hedges, in the clauses where the record's own words stand."""
    anchored = _anchored(record, cited)
    denied = any(is_negated(text, article.rules, anchors) for text, anchors in anchored)
    if denied and record.status not in ("cancelled", "ended"):
        yield Finding("record", "unsupported", record.title, "negated")
    if record.certainty == certainty_borne(record, article):
        yield Finding("certainty", "inferred", record.certainty)
    else:
        yield Finding("certainty", "unsupported", record.certainty, "hedge_disagrees")


def _anchored(
    record: Commitment | PolicyEvent, cited: Sequence[_Cited]
) -> list[tuple[str, list[Span]]]:
    """The cited sentences that hold the record's own words, with where; else all of them."""
    held = [(c.sentence.text, anchors) for c in cited if (anchors := _anchors(record, c))]
    return held or [(c.sentence.text, []) for c in cited]


def _anchors(record: Commitment | PolicyEvent, cited: _Cited) -> list[Span]:
    spans: list[Span] = []
    if isinstance(record, Commitment):
        spans += [span for money, span in cited.money if money == record.amount]
        spans += [span for count, span in cited.counts if count == record.quantity]
    elif record.instrument and (span := find_name(record.instrument, cited.sentence)):
        spans.append(span)
    if not spans and (span := find_name(record.title, cited.sentence)):
        spans.append(span)
    return spans


def _cues_of(
    record: Commitment | PolicyEvent, cues: Sequence[Cue], cited: Sequence[_Cited], article: Article
) -> set[Cue]:
    return {
        cue
        for c in cited
        for cue in cues_near(cues, c.sentence.text, article.rules, _anchors(record, c))
    }


def _status_finding(record: Commitment | PolicyEvent, cue: Cue, found: set[Cue]) -> Finding:
    """A status is borne by its cue, or where nothing but a plain word of promise or act speaks.

    "It will, under the deal signed today" promises and is agreed, and no list holds every verb of
    withdrawal. A cue of withdrawal leaves no other status standing.
    """
    withdrawn = "status_cancelled" in found and cue != "status_cancelled"
    if (cue in found and not withdrawn) or found <= _PLAIN_CUES:
        return Finding("status", "inferred", record.status)
    return Finding("status", "unsupported", record.status, "status_disagrees")
