"""Chosen values: our own reading of the words that a person chose, by the sort of their field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias, TypeVar, get_args

from pydantic import ValidationError

from extractor.article import Article
from extractor.checking.claims import DateClaim, FigureClaim
from extractor.checking.figures import Found, amount_of, date_mention_of, date_value, quantity_of
from extractor.checking.jurisdictions import known_codes
from extractor.checking.naming import actors_named, verbatim_name
from extractor.desk.corrections import Correction, NotBorne, offers_in
from extractor.drafts import Offers
from extractor.errors import InputError
from extractor.kinds import AnyRecord, Sort, kind_of
from extractor.mentions import DateMention
from extractor.mentions.parties.names import resolve_place
from extractor.records import Actor, ActorType, Count, Money, Per, Place, Scope


def value_of(record: AnyRecord, correction: Correction, article: Article) -> object:
    """The value that was chosen for a field of the record.

    Raises:
        NotBorne: the words that were chosen are no such value.
        InputError: the record has no such field, or nothing was chosen for it.
    """
    found = next((one for one in kind_of(record).fields if one.name == correction.field), None)
    if found is None:
        raise InputError("The record has no such field.", hint="Choose one of those shown.")
    return _VALUES[found.sort](record, correction, article)


def place_in(correction: Correction, items: Sequence[object]) -> int:
    """The place in a list that a correction is of.

    Raises:
        InputError: the list has no such place.
    """
    if correction.place is None or not 0 <= correction.place < len(items):
        raise InputError("The record has no such item.", hint="Load the page again.")
    return correction.place


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


_FigureT = TypeVar("_FigureT", Money, Count)


def _figure(
    read: Callable[[FigureClaim, Offers, Sequence[int], Article], Found[_FigureT] | None],
    what: str,
    record: AnyRecord,
    correction: Correction,
    article: Article,
) -> object:
    """An amount or a quantity, as `read` reads it from the words that were chosen."""
    if correction.is_removal:
        return None
    cited = _chosen(record, correction, article)
    found = read(_figure_claim(correction), offers_in(article, cited[0]), cited, article)
    if found is None or found.sentence != cited[0]:
        raise _unread(correction, what)
    return found.value


def _dated(
    record: AnyRecord, correction: Correction, article: Article, what: str
) -> Found[DateMention | str]:
    cited = _chosen(record, correction, article)
    offers = offers_in(article, cited[0])
    claim = DateClaim(correction.reference, "duration" if what == "duration" else None)
    found = date_mention_of(claim, offers, cited, article)
    if found is None or found.sentence != cited[0]:
        raise _unread(correction, what)
    return found


def _date(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    value = date_value(_dated(record, correction, article, "date"), article)
    if value is None:
        raise _unread(correction, "date: it says how long")
    return value


def _duration(record: AnyRecord, correction: Correction, article: Article) -> object:
    if correction.is_removal:
        return None
    read = _dated(record, correction, article, "duration").value
    if not isinstance(read, DateMention):
        raise _unread(correction, "duration")
    if read.duration is None:
        raise _unread(correction, "duration: it says when")
    return read.duration


def _parties(record: AnyRecord, correction: Correction, article: Article) -> object:
    known: list[Actor] = list(getattr(record, correction.field))
    if correction.is_removal:
        del known[place_in(correction, known)]
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
        del known[place_in(correction, known)]
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
        changed[place_in(correction, known)] = item
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
    "money": partial(_figure, amount_of, "amount of money"),
    "count": partial(_figure, quantity_of, "quantity"),
    "date": _date,
    "duration": _duration,
    "label": _label,
    "codes": _codes,
    "tie": _tie,
}
