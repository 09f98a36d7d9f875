"""Correcting: what a person chose in the article becomes a value, and is proved like a model's.

The person names a sentence and a mention or words in it; the value is our own reading of those. The
record with it is proved anew as a whole: what no cited sentence bears is refused, with the reason.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar, cast, get_args

from pydantic import ValidationError

from extractor.article import Article
from extractor.checking import STRONG
from extractor.checking.building import build, quote
from extractor.checking.claims import Claim, DateClaim, FigureClaim
from extractor.checking.doubting import doubts_of
from extractor.checking.figures import amount_of, date_mention_of, date_value, quantity_of
from extractor.checking.jurisdictions import jurisdictions_of, known_codes
from extractor.checking.naming import actors_named, verbatim_name
from extractor.checking.proving import FieldCheck, prove
from extractor.checking.pruning import prune
from extractor.drafts import Offers
from extractor.errors import InputError
from extractor.kinds import KINDS, MONEY_KINDS, AnyRecord, Sort, kind_of
from extractor.mentions import DateMention
from extractor.mentions.parties.names import resolve_place
from extractor.pages.wording import REASONS
from extractor.phrases import plain
from extractor.prompting.passages import offer_mentions
from extractor.records import (
    Actor,
    ActorType,
    Commitment,
    FieldVerdict,
    Per,
    Place,
    PolicyEvent,
    RecordType,
    Rejected,
    Scope,
)

_LONGEST_TITLE: Final = 300
_CERTAIN: Final = 1.0
"""That such a record is stated at all: here a person says so, where a finder else would."""


class NotBorne(InputError):
    """No sentence bears what was chosen; the detail says what and why."""

    hint = "Choose another sentence, or other words of it."


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person chose for one field of a record."""

    field: str
    """A field of the record, or `title` or `evidence`."""
    sentence: int | None = None
    reference: str = ""
    """The id of an offered mention, or words of the sentence; empty to take the value away."""
    place: int | None = None
    """Of a list, the item concerned, from 0; None to add one."""
    is_removal: bool = False
    text: str = ""
    """A title, a choice from a closed list, codes, or the ids of other records."""
    judged: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What words leave open: `currency`, `per`, `scope`, `unit`, `type`, `canonical`, `code`."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a person says of a record that was not found."""

    kind: RecordType
    sentence: int
    title: str
    actors: Sequence[str]
    """Words of the sentence."""
    label: str
    """The kind of resource, or the type of act."""
    status: str
    amount: str = ""
    """The id of an offered mention."""
    quantity: str = ""
    dates: Sequence[str] = ()


def offers_in(article: Article, number: int) -> Offers:
    """The figures and dates of a sentence, under the ids that a person chooses by."""
    return offer_mentions([article.sentences[number - 1]], article.mentions)


def corrected(record: AnyRecord, correction: Correction, article: Article) -> AnyRecord:
    """The record with what was chosen, proved as a whole.

    Raises:
        NotBorne: no cited sentence bears the value, or another one without what was taken away.
        InputError: what was chosen is no value of the field.
    """
    number = correction.sentence
    if number is not None and not 1 <= number <= len(article.sentences):
        raise InputError("The article has no such sentence.", hint="Choose one of the article.")
    changed = _changed(record, correction, article)
    return proved(changed, article, of=correction.field)


def created(new: NewRecord, article: Article) -> AnyRecord:
    """The record that a person says the article states, its id provisional.

    Raises:
        NotBorne: the sentence does not bear it.
        InputError: the article has no such sentence, or a choice is not of its list.
    """
    if not 1 <= new.sentence <= len(article.sentences):
        raise InputError("The article has no such sentence.", hint="Choose one of the article.")
    kind = KINDS[new.kind]
    claimed = "resource_kind" if new.kind == "commitment" else "event_type"
    figures = {
        name: FigureClaim(reference)
        for name, reference in (("amount", new.amount), ("quantity", new.quantity))
        if reference and new.kind == "commitment"
    }
    claim = Claim(
        kind=kind,
        sentences=(new.sentence,),
        title=" ".join(new.title.split())[:_LONGEST_TITLE],
        offers=offers_in(article, new.sentence),
        names={"actors": tuple(new.actors)},
        labels={claimed: new.label, "status": new.status},
        figures=figures,
        dates=tuple(DateClaim(reference) for reference in new.dates),
    )
    try:
        built = build(claim, STRONG, article)
    except ValidationError:
        raise InputError(
            "A kind or a status is not of its list.", hint="Choose one of those offered."
        ) from None
    kept = prune(built.record, article, STRONG, _CERTAIN)
    lost = [*(f"{plain(name)}: “{words}”" for name, words in built.missing)]
    lost += [_refused(item) for item in kept.rejected]
    if kept.record is None or lost:
        told = "; ".join(lost) or "nothing in it can be checked: it names no party and no figure"
        raise NotBorne(f"The sentence does not bear it: {told}.")
    return proved(kept.record, article, of="record")


def proved(record: AnyRecord, article: Article, of: str) -> AnyRecord:
    """The record with its verdicts and doubts, if the article bears all of it.

    Raises:
        NotBorne: it does not; of the values that fail, that of the field `of` is told first.
    """
    checks = prove(record, article)
    failed = sorted(
        (check for check in checks if check.verdict is None),
        key=lambda check: not check.field.startswith(of),
    )
    if failed:
        raise NotBorne("; ".join(map(_told, failed)) + ".")
    verdicts = [
        FieldVerdict(field=check.field, verdict=check.verdict, sentence=check.sentence)
        for check in checks
        if check.verdict
    ]
    doubts = list(doubts_of(record, article, _CERTAIN))
    return record.model_copy(update={"verdicts": verdicts, "doubts": doubts})


def _told(check: FieldCheck) -> str:
    name = plain(check.field.partition("[")[0])
    return f"{name} “{check.value}”: {REASONS[check.reason]}"


def _refused(item: Rejected) -> str:
    name = plain(item.field.partition("[")[0])
    return f"{name} “{item.value}”: {REASONS[item.reason]}"


def _changed(record: AnyRecord, correction: Correction, article: Article) -> AnyRecord:
    match correction.field:
        case "title":
            title = " ".join(correction.text.split())[:_LONGEST_TITLE]
            if not title:
                raise InputError("A record has a title.", hint="Write a few words.")
            return record.model_copy(update={"title": title})
        case "evidence":
            return _recited(record, correction, article)
    found = next((one for one in kind_of(record).fields if one.name == correction.field), None)
    if found is None:
        raise InputError("The record has no such field.", hint="Choose one of those shown.")
    value = _VALUES[found.sort](record, correction, article)
    return _with(record, correction, value, article)


def _recited(record: AnyRecord, correction: Correction, article: Article) -> AnyRecord:
    """Cite one more sentence, or one fewer; the one that states the record best stands first."""
    cited = [item.sentence for item in record.evidence]
    if correction.is_removal:
        if len(cited) == 1:
            raise InputError(
                "A record is proved by one sentence at least.", hint="Add another one first."
            )
        place = _place(correction, cited)
        left = [item for rank, item in enumerate(record.evidence) if rank != place]
        return record.model_copy(update={"evidence": left})
    return _citing(record, correction.sentence, article)


def _citing(record: AnyRecord, number: int | None, article: Article) -> AnyRecord:
    if number is None or any(item.sentence == number for item in record.evidence):
        return record
    added = quote(article, article.sentences[number - 1])
    return record.model_copy(update={"evidence": [*record.evidence, added]})


def _place(correction: Correction, items: Sequence[object]) -> int:
    if correction.place is None or not 0 <= correction.place < len(items):
        raise InputError("The record has no such item.", hint="Load the page again.")
    return correction.place


def _with(record: AnyRecord, correction: Correction, value: object, article: Article) -> AnyRecord:
    """The record with the value, and with what follows from it."""
    cited = record if correction.is_removal else _citing(record, correction.sentence, article)
    changes: dict[str, object] = {correction.field: value}
    if isinstance(record, PolicyEvent) and correction.field == "actors":
        actors = cast(list[Actor], value)
        if record.jurisdictions == _jurisdictions(record, record.actors, article):
            changes["jurisdictions"] = _jurisdictions(cited, actors, article)
    if isinstance(record, Commitment) and correction.field in ("amount", "resource_kind"):
        kind = value if correction.field == "resource_kind" else record.resource_kind
        amount = value if correction.field == "amount" else record.amount
        has_money = kind in MONEY_KINDS or amount is not None
        changes["finance_role"] = (record.finance_role or "provide") if has_money else None
    return cited.model_copy(update=changes)


def _jurisdictions(record: AnyRecord, actors: Sequence[Actor], article: Article) -> list[str]:
    sentences = [article.sentences[item.sentence - 1] for item in record.evidence]
    return jurisdictions_of(actors, sentences, article)


# ---- the values, by the sort of their field


def _chosen(record: AnyRecord, correction: Correction, article: Article) -> list[int]:
    if correction.sentence is None:
        raise InputError("No sentence was chosen.", hint="Choose the one that says it.")
    if not correction.reference.strip():
        raise InputError(
            "Nothing was chosen in the sentence.", hint="Choose a mention or words of it."
        )
    return [correction.sentence]


def _figure_claim(correction: Correction) -> FigureClaim:
    judged = correction.judged
    return FigureClaim(
        correction.reference,
        currency=judged.get("currency", "").strip().upper() or None,
        unit=judged.get("unit", "").strip() or None,
        per=next((one for one in get_args(Per) if one == judged.get("per")), None),
        scope=next((one for one in get_args(Scope) if one == judged.get("scope")), None),
    )


def _unread(correction: Correction, what: str) -> NotBorne:
    return NotBorne(f"“{correction.reference}” in sentence {correction.sentence} is no {what}.")


def _money(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    cited = _chosen(record, correction, article)
    offers = offers_in(article, cited[0])
    found = amount_of(_figure_claim(correction), offers, cited, article)
    if found is None or found.sentence != cited[0]:
        raise _unread(correction, "amount of money")
    return found.value


def _count(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    cited = _chosen(record, correction, article)
    offers = offers_in(article, cited[0])
    found = quantity_of(_figure_claim(correction), offers, cited, article)
    if found is None or found.sentence != cited[0]:
        raise _unread(correction, "quantity")
    return found.value


def _date(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    cited = _chosen(record, correction, article)
    offers = offers_in(article, cited[0])
    found = date_mention_of(correction.reference, offers, cited, article)
    if found is None or found.sentence != cited[0]:
        raise _unread(correction, "date")
    value = date_value(found, article)
    if value is None:
        raise _unread(correction, "date: it says how long")
    return value


def _duration(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    cited = _chosen(record, correction, article)
    offers = offers_in(article, cited[0])
    found = date_mention_of(correction.reference, offers, cited, article)
    read = found.value if found else None
    if found is None or found.sentence != cited[0] or not isinstance(read, DateMention):
        raise _unread(correction, "duration")
    if read.duration is None:
        raise _unread(correction, "duration: it says when")
    return read.duration


def _parties(record: AnyRecord, correction: Correction, article: Article) -> object:
    known: list[Actor] = list(getattr(record, correction.field))
    if correction.is_removal:
        del known[_place(correction, known)]
        return known
    numbers = list(dict.fromkeys([*_chosen(record, correction, article), *_numbers(record)]))
    cited = [article.sentences[number - 1] for number in numbers]
    named = actors_named([correction.reference], cited, article, groups=True)
    if not named:
        raise _unread(correction, "name")
    actor = named[0]
    judged = correction.judged
    kind = next((one for one in get_args(ActorType) if one == judged.get("type")), actor.type)
    called = " ".join(judged.get("canonical", "").split()) or actor.canonical
    told = judged.get("code", "").strip()
    code = _code(told) if told else actor.country
    own: dict[str, object] = {"type": kind, "canonical": called, "country": code}
    return _placed(known, correction, actor.model_copy(update=own))


def _places(record: AnyRecord, correction: Correction, article: Article) -> object:
    known: list[Place] = list(getattr(record, correction.field))
    if correction.is_removal:
        del known[_place(correction, known)]
        return known
    numbers = _chosen(record, correction, article)
    cited = [article.sentences[number - 1] for number in numbers]
    name = verbatim_name(correction.reference, cited, article)
    place = resolve_place(name, article.rules)
    if told := correction.judged.get("code", "").strip():
        code = _code(told)
        part = code if "-" in code else None
        place = place.model_copy(update={"country": code[:2], "subdivision": part})
    return _placed(known, correction, place)


def _numbers(record: AnyRecord) -> list[int]:
    return [item.sentence for item in record.evidence]


_ItemT = TypeVar("_ItemT", Actor, Place)


def _placed(known: list[_ItemT], correction: Correction, item: _ItemT) -> list[_ItemT]:
    """The list with the item in its place, or at its end."""
    changed = list(known)
    if correction.place is None:
        changed.append(item)
    else:
        changed[_place(correction, known)] = item
    return changed


def _code(told: str) -> str:
    codes = known_codes([told])
    if not codes:
        raise InputError(
            f"{told} is no code of a country or of a part of one.",
            hint="Write it as in ISO 3166: US, or US-WA.",
        )
    return codes[0]


def _name(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    numbers = _chosen(record, correction, article)
    cited = [article.sentences[number - 1] for number in numbers]
    return verbatim_name(correction.reference, cited, article)


def _label(record: AnyRecord, correction: Correction, article: Article) -> object:
    """A choice of the list that the schema has for the field; the record says which."""
    told = None if correction.is_removal or not correction.text else correction.text
    try:
        checked = type(record).model_validate(
            {**record.model_dump(mode="json"), correction.field: told}
        )
    except ValidationError:
        raise InputError(
            "This is not a choice of the list.", hint="Choose one of those offered."
        ) from None
    return getattr(checked, correction.field)


def _codes(record: AnyRecord, correction: Correction, article: Article) -> object:
    told = correction.text.replace(",", " ").split()
    codes = known_codes(told)
    if len(codes) != len({one.upper() for one in told}):
        raise InputError(
            "One of these is no code of a country.", hint="Write them as in ISO 3166: FR, US-CA."
        )
    return codes


def _tie(record: AnyRecord, correction: Correction, article: Article) -> object:
    """The ids of other records; which there are is known to who asks."""
    if correction.field == "related_commitments":
        return correction.text.split()
    if correction.field == "part_of" and correction.text == record.id:
        raise InputError("A record is no part of itself.", hint="Choose another one.")
    return _label(record, correction, article)


_Reader: TypeAlias = Callable[[AnyRecord, Correction, Article], object]
_VALUES: Final[Mapping[Sort, _Reader]] = {
    "parties": _parties,
    "places": _places,
    "name": _name,
    "money": _money,
    "count": _count,
    "date": _date,
    "duration": _duration,
    "label": _label,
    "codes": _codes,
    "tie": _tie,
}
