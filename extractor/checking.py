"""Checking: from what the model drafted to records that the article bears, merged and numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extractor.article import Article
from extractor.article.folding import fold_text
from extractor.asking import Drafted
from extractor.building import build
from extractor.completing import complete
from extractor.drafts import DraftCommitment, DraftEvent, InvalidItem
from extractor.finding import Candidates, Kind
from extractor.merging import merge_commitments, merge_events
from extractor.records import Commitment, PolicyEvent, RecordType, Rejected, RejectReason
from extractor.refusing import keep_supported, record_type_of
from extractor.resolving import givers_by_sentence, with_giver

Record = Commitment | PolicyEvent


@dataclass(frozen=True, slots=True)
class Checked:
    """The records of an article and everything that was refused on the way."""

    commitments: list[Commitment]
    policy_events: list[PolicyEvent]
    rejected: list[Rejected]


def check_drafts(
    drafts: Sequence[Drafted],
    invalid: Sequence[InvalidItem],
    article: Article,
    example_names: Collection[str],
    candidates: Candidates | None = None,
    *,
    tuned: bool = False,
) -> Checked:
    """Build, ground and merge the drafts; one bad item never costs the others.

    `example_names` are the parties of the prompt's examples, folded: a draft that brings one of
    them into an article that does not name it was copied, not read. `tuned` says that the model
    has learnt the task from labels, and not only been told it.
    """
    rejected = [
        _refused(item.record_type, item.text, "invalid_draft", item.sentences) for item in invalid
    ]
    records: list[Record] = []
    folded = fold_text(article.original).casefold()
    foreign = {name for name in example_names if name not in folded}
    drafts_of = Counter(_place(drafted) for drafted in drafts)
    givers = givers_by_sentence((drafted.draft for drafted in drafts), article)
    for drafted in drafts:
        if copied := _copied(drafted, foreign):
            record_type = _record_type(drafted)
            sentences = (drafted.draft.sentence,)
            rejected.append(_refused(record_type, copied, "copied_from_prompt", sentences))
            continue
        draft = complete(
            with_giver(drafted.draft, givers, article),
            drafted.offers,
            article,
            _kinds(drafted, candidates),
            alone=isinstance(drafted.draft, DraftEvent) or drafts_of[_place(drafted)] == 1,
        )
        if draft is None:
            told = drafted.draft.what
            sentences = (drafted.draft.sentence,)
            rejected.append(_refused(_record_type(drafted), told, "invalid_draft", sentences))
            continue
        record = build(draft, drafted.offers, article, tuned=tuned)
        kept = keep_supported(record, article, _likelihood(record, candidates), tuned=tuned)
        rejected.extend(kept.rejected)
        if kept.record is not None:
            records.append(kept.record)

    commitments = merge_commitments([r for r in records if isinstance(r, Commitment)], article)
    events = merge_events([r for r in records if isinstance(r, PolicyEvent)], commitments, article)
    # Once more on what is returned: a merge must not have made a value unproved.
    merged: list[Record] = [*commitments, *events]
    final = [
        (record, keep_supported(record, article, _likelihood(record, candidates), tuned=tuned))
        for record in merged
    ]
    kept_records = [kept.record for _, kept in final if kept.record is not None]
    rejected = [_with_id(item, kept_records) for item in rejected]
    rejected += [
        item.model_copy(update={"record_id": record.id})
        for record, kept in final
        for item in kept.rejected
    ]
    if candidates is not None:
        kept_records = [
            record.model_copy(update={"confidence": _likelihood(record, candidates)})
            for record in kept_records
        ]
    return Checked(
        [r for r in kept_records if isinstance(r, Commitment)],
        [r for r in kept_records if isinstance(r, PolicyEvent)],
        rejected,
    )


def _kinds(drafted: Drafted, candidates: Candidates | None) -> Sequence[Kind]:
    """The resources or acts that the finder thinks likely in the sentence of the draft."""
    chosen = candidates[_record_type(drafted)] if candidates else {}
    sentence = drafted.draft.sentence
    return chosen[sentence].kinds if sentence in chosen else ()


def _likelihood(record: Record, candidates: Candidates | None) -> float:
    """The finder's probability that one of the cited sentences holds such a record."""
    chosen = candidates[record_type_of(record)] if candidates else {}
    return max(
        (chosen[item.sentence].probability for item in record.evidence if item.sentence in chosen),
        default=0.0,
    )


def _copied(drafted: Drafted, foreign: Collection[str]) -> str | None:
    draft = drafted.draft
    names = [*draft.who]
    if isinstance(draft, DraftCommitment):
        names += [*draft.to, draft.announced_by or "", draft.place or ""]
    else:
        names += [*draft.targets, draft.instrument or ""]
    return next((name for name in names if fold_text(name).casefold().strip() in foreign), None)


def _place(drafted: Drafted) -> tuple[RecordType, int]:
    """The list and the sentence that a draft belongs to."""
    return _record_type(drafted), drafted.draft.sentence


def _record_type(drafted: Drafted) -> RecordType:
    return "commitment" if isinstance(drafted.draft, DraftCommitment) else "policy_event"


def _refused(
    record_type: RecordType, value: str, reason: RejectReason, sentences: Sequence[int]
) -> Rejected:
    return Rejected(
        record_type=record_type,
        record_id=None,
        field="record",
        value=value,
        reason=reason,
        sentences=list(sentences),
    )


def _with_id(item: Rejected, records: Sequence[Record]) -> Rejected:
    """Name the record that lost the value, where its sentences leave no doubt which it is."""
    if item.field == "record" or not item.sentences:
        return item
    owners = [
        record.id
        for record in records
        if record_type_of(record) == item.record_type
        and {e.sentence for e in record.evidence}.issuperset(item.sentences)
    ]
    return item.model_copy(update={"record_id": owners[0]}) if len(owners) == 1 else item
