"""Building: a claim becomes a record, not yet checked.

Values come from the article's own words: figures and dates as we read them, names as they are
written, quotes copied. What the claim leaves open is told by words. Cited are the sentences of the
claim, then those that bear its figures and dates and, where the policy says so, its names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from extractor.article import Article, Sentence, find_name
from extractor.checking.claims import Claim
from extractor.checking.dating import in_role, roles_of
from extractor.checking.figures import Found, amount_of, date_mention_of, date_value, quantity_of
from extractor.checking.jurisdictions import jurisdictions_of, known_codes
from extractor.checking.naming import actors_named, names_state, verbatim_name
from extractor.checking.policy import Policy
from extractor.checking.stances import certainty_borne, plain_status, status_borne
from extractor.kinds import COMMITMENT, MONEY_KINDS, AnyRecord, Field, Sort
from extractor.languages.cues import has_cue
from extractor.mentions import DateMention
from extractor.mentions.parties.names import resolve_actor, resolve_place
from extractor.records import Actor, Count, Evidence, Money, Place

_NAMED: tuple[Sort, ...] = ("parties", "places", "name")
_TITLE_WORDS = 8
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Built:
    """A record, and what the claim points at that stands nowhere: field and words."""

    claim: Claim
    record: AnyRecord
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Material:
    """What of the article goes into a record."""

    claim: Claim
    policy: Policy
    article: Article
    cited: tuple[Sentence, ...]
    amount: Money | None
    quantity: Count | None
    dates: tuple[tuple[str | None, Found[DateMention | str]], ...]
    """Each with the role that the model gives it."""


def build(claim: Claim, policy: Policy, article: Article) -> Built:
    """The record that is claimed; its id is provisional, its ties and verdicts are empty."""
    material, missing = _gather(claim, policy, article)
    values = {field.name: _BUILDERS[field.sort](material, field) for field in claim.kind.fields}
    record: AnyRecord = claim.kind.record.model_validate(
        {
            "id": f"{claim.kind.letter}?",
            "title": _title(claim, material.cited[0]),
            "evidence": [quote(article, sentence) for sentence in material.cited],
            "verdicts": [],
            **values,
        }
    )
    status = claim.labels.get("status") or status_borne(record, article) or plain_status(record)
    certainty = claim.labels.get("certainty") or certainty_borne(record, article)
    dates = _dates(material, status)
    told = {"status": status, "certainty": certainty, **dates}
    return Built(claim, record.model_copy(update=told), missing)


def _title(claim: Claim, sentence: Sentence) -> str:
    """The model's words, if it wrote any and no essay, else how the sentence begins."""
    words = claim.title.split() or sentence.text.split()[:_TITLE_WORDS]
    return " ".join(words)[:_LONGEST_TITLE]


def quote(article: Article, sentence: Sentence) -> Evidence:
    """The whole sentence as evidence."""
    return Evidence(
        sentence=sentence.id,
        quote=article.quote(sentence),
        start=sentence.start,
        end=sentence.end,
    )


def cited_by(claim: Claim, article: Article) -> tuple[Sentence, ...]:
    """The sentences that a claim cites itself and those of the offers that it takes."""
    taken = {figure.reference for figure in claim.figures.values()}
    taken |= {date.reference for date in claim.dates}
    offered = [offer.sentence for offer in claim.offers.mentions if offer.id in taken]
    return tuple(article.sentences[n - 1] for n in dict.fromkeys((*claim.sentences, *offered)))


def _gather(
    claim: Claim, policy: Policy, article: Article
) -> tuple[_Material, tuple[tuple[str, str], ...]]:
    numbers = [sentence.id for sentence in cited_by(claim, article)]
    missing: list[tuple[str, str]] = []
    amount = quantity = None
    if money := claim.figures.get("amount"):
        names = claim.names.get("actors", ())
        payers = [resolve_actor(name, article.rules) for name in names]
        if found := amount_of(money, claim.offers, numbers, article, payers):
            amount = found.value
            numbers.append(found.sentence)
        else:
            missing.append(("amount", money.reference))
    if count := claim.figures.get("quantity"):
        if counted := quantity_of(count, claim.offers, numbers, article):
            quantity = counted.value
            numbers.append(counted.sentence)
        else:
            missing.append(("quantity", count.reference))
    dates = []
    for date in claim.dates:
        if dated := date_mention_of(date, claim.offers, numbers, article):
            dates.append((date.role, dated))
            numbers.append(dated.sentence)
        else:
            missing.append((date.role or "dates", date.reference))
    # What completes an item of a list or a row of a table bears as much of the record as it does.
    numbers += [lead for number in tuple(numbers) for lead in article.sentences[number - 1].leads]
    if policy.cites_names:
        numbers += _naming(claim, numbers, article)
    cited = tuple(article.sentences[number - 1] for number in dict.fromkeys(numbers))
    material = _Material(claim, policy, article, cited, amount, quantity, tuple(dates))
    return material, tuple(missing)


def _naming(claim: Claim, numbers: Sequence[int], article: Article) -> list[int]:
    """For each name that no cited sentence has, the nearest one before that has it, else after."""
    first = numbers[0]
    known = [article.sentences[number - 1] for number in numbers]
    others = sorted(
        article.sentences, key=lambda sentence: (sentence.id > first, abs(sentence.id - first))
    )
    found: list[int] = []
    for field in claim.kind.of_sort(*_NAMED):
        for name in claim.names.get(field.name, ()):
            if not any(find_name(name, sentence) for sentence in known):
                bearing = next((s for s in others if find_name(name, s)), None)
                if bearing is None and not any(names_state(name, s, article) for s in known):
                    bearing = next((s for s in others if names_state(name, s, article)), None)
                if bearing is not None:
                    found.append(bearing.id)
                    known.append(bearing)
    return found


def _parties(material: _Material, field: Field) -> list[Actor]:
    return actors_named(
        material.claim.names.get(field.name, ()),
        material.cited,
        material.article,
        groups=not material.policy.guards,
    )


def _places(material: _Material, field: Field) -> list[Place]:
    article = material.article
    return [
        resolve_place(verbatim_name(name, material.cited, article), article.rules)
        for name in material.claim.names.get(field.name, ())
        if name.strip()
    ]


def _name(material: _Material, field: Field) -> str | None:
    names = [name for name in material.claim.names.get(field.name, ()) if name.strip()]
    return verbatim_name(names[0], material.cited, material.article) if names else None


def _label(material: _Material, field: Field) -> str | None:
    """What the model chose; status and certainty have a stand-in until the record is whole."""
    chosen = material.claim.labels.get(field.name)
    match field.name:
        case "status":
            return chosen or material.claim.kind.plain
        case "certainty":
            return chosen or "asserted"
        case "finance_role":
            return _finance_role(material, chosen)
        case _:
            return chosen


def _finance_role(material: _Material, chosen: str | None) -> str | None:
    """Money has one, whatever the kind; of a model that was not asked, a word tells it."""
    if material.claim.labels["resource_kind"] not in MONEY_KINDS and material.amount is None:
        return None
    raised = has_cue("mobilise", material.cited[0].text, material.article.rules)
    return chosen or ("mobilise" if raised else "provide")


def _codes(material: _Material, field: Field) -> list[str]:
    """The model's codes, as far as there are such countries, else those of the parties."""
    if codes := known_codes(material.claim.codes):
        return codes
    actors = actors_named(material.claim.names["actors"], material.cited, material.article)
    return jurisdictions_of(actors, material.cited, material.article)


def _dates(material: _Material, status: str) -> dict[str, object]:
    """The dates by their roles; of two in one role, the first."""
    values: dict[str, object] = {}
    open_dates, ending = [], []
    for role, pointed in material.dates:
        found = pointed
        if isinstance(pointed.value, DateMention):
            dated = in_role(pointed.value, role, status, material.article)
            found = Found(dated, pointed.sentence)
        value = date_value(found, material.article)
        if value is None:
            continue
        if role is not None and role != "duration":
            values.setdefault(role, value)
        elif role == "duration" and _ends(found.value):
            ending.append(value)
        elif role is None and isinstance(found.value, DateMention):
            open_dates.append((found.value, value))
    told = roles_of(material.claim.kind, open_dates, status, material.article)
    # "In the next two years" is how long and by when (guideline R12).
    if ending and material.claim.kind is COMMITMENT:
        values.setdefault("deadline", ending[0])
    return {**told, **values}


def _ends(found: DateMention | str) -> bool:
    return isinstance(found, DateMention) and found.role == "deadline"


def _duration(material: _Material, field: Field) -> str | None:
    return next(
        (
            found.value.duration
            for _, found in material.dates
            if isinstance(found.value, DateMention) and found.value.duration
        ),
        None,
    )


_Builder: TypeAlias = Callable[[_Material, Field], object]
_BUILDERS: Mapping[Sort, _Builder] = {
    "parties": _parties,
    "places": _places,
    "name": _name,
    "money": lambda material, field: material.amount,
    "count": lambda material, field: material.quantity,
    "date": lambda material, field: None,
    "duration": _duration,
    "label": _label,
    "codes": _codes,
    "tie": lambda material, field: [] if field.name == "related_commitments" else None,
}
