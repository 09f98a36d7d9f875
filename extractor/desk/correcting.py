"""Correcting: what a person chose in the article becomes a value, and is proved like a model's.

The person names a sentence and a mention or words in it; the value is our own reading of those. The
record with it is proved anew as a whole: what no cited sentence bears is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from pydantic import ValidationError

from extractor.article import Article
from extractor.checking import STRONG
from extractor.checking.building import build, quote
from extractor.checking.claims import Claim, DateClaim, FigureClaim
from extractor.checking.doubting import doubts_of
from extractor.checking.jurisdictions import jurisdictions_of
from extractor.checking.proving import FieldCheck, prove
from extractor.checking.pruning import prune
from extractor.desk.chosen_values import place_in, value_of
from extractor.desk.corrections import Correction, NewRecord, NotBorne, offers_in
from extractor.errors import InputError
from extractor.kinds import KINDS, MONEY_KINDS, AnyRecord
from extractor.pages.wording import REASONS
from extractor.phrases import plain
from extractor.records import (
    Actor,
    Commitment,
    FieldVerdict,
    PolicyEvent,
    Rejected,
)

_LONGEST_TITLE: Final = 300
_CERTAIN: Final = 1.0
"""That such a record is stated at all: here a person says so, where a finder else would."""


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
    value = value_of(record, correction, article)
    return _with(record, correction, value, article)


def _recited(record: AnyRecord, correction: Correction, article: Article) -> AnyRecord:
    """Cite one more sentence, or one fewer; the one that states the record best stands first."""
    cited = [item.sentence for item in record.evidence]
    if correction.is_removal:
        if len(cited) == 1:
            raise InputError(
                "A record is proved by one sentence at least.", hint="Add another one first."
            )
        place = place_in(correction, cited)
        left = [item for rank, item in enumerate(record.evidence) if rank != place]
        return record.model_copy(update={"evidence": left})
    return _citing(record, correction.sentence, article)


def _citing(record: AnyRecord, number: int | None, article: Article) -> AnyRecord:
    if number is None or any(item.sentence == number for item in record.evidence):
        return record
    added = quote(article, article.sentences[number - 1])
    return record.model_copy(update={"evidence": [*record.evidence, added]})


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
