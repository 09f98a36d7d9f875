"""Pruning: what the article does not bear is taken out of a record and reported.

A value that fails costs that value; a record goes as a whole only where its evidence is none, where
nothing that could be checked is left, or where a rule objects that the policy lets decide. Every
other objection stays on the record as a doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from extractor.article import Article
from extractor.checking.doubting import doubts_of, is_of_definition
from extractor.checking.jurisdictions import jurisdictions_of
from extractor.checking.policy import Policy
from extractor.checking.proving import FieldCheck, prove
from extractor.checking.stances import certainty_borne, plain_status, status_borne
from extractor.kinds import AnyRecord, Sort, kind_of
from extractor.records import (
    Doubt,
    DoubtRule,
    FieldVerdict,
    PolicyEvent,
    Rejected,
    RejectReason,
)

_REASONS: dict[DoubtRule, RejectReason] = {
    "negated": "negated",
    "hedge_disagrees": "hedge_disagrees",
    "status_disagrees": "status_disagrees",
    "untold": "fails_definition",
    "no_authority": "fails_definition",
    "unworded": "fails_definition",
    "unspecific": "fails_definition",
}
_WORDED: dict[DoubtRule, str] = {
    "untold": "no word says that it is promised or done",
    "no_authority": "no public authority acts",
    "unworded": "the sentence does not tell it",
    "unspecific": "no figure, recipient or place",
}
_HOLDING: tuple[Sort, ...] = ("parties", "places", "name", "money", "count")
"""Sorts of values of which a record must have one: without any there is nothing to check."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a record, with its verdicts and doubts, and what was refused."""

    record: AnyRecord | None
    rejected: tuple[Rejected, ...]


def prune(record: AnyRecord, article: Article, policy: Policy, likelihood: float = 0.0) -> Kept:
    """The record without the values that its cited sentences do not bear.

    `likelihood` is the finder's probability that they hold such a record.
    """
    checks = prove(record, article)
    failed = [check for check in checks if check.verdict is None]
    if any(check.field == "evidence" for check in failed):
        return Kept(None, tuple(_rejected(record, check) for check in failed))
    doubts = doubts_of(record, article, likelihood)
    deciding = [doubt for doubt in doubts if doubt.rule in policy.decides]
    if denied := [doubt for doubt in deciding if doubt.rule == "negated"]:
        return Kept(None, (_overruled(record, denied[0]),))
    gone = {check.field for check in failed}
    gone |= {doubt.field for doubt in deciding if not is_of_definition(doubt)}
    rejected = [_rejected(record, check) for check in failed]
    rejected += [_overruled(record, doubt) for doubt in deciding if not is_of_definition(doubt)]
    pruned = _without(record, gone, article)
    pruned = _restated(record, pruned, gone, policy, article)
    if not _holds_anything(pruned):
        told = FieldCheck("record", record.title, None)
        return Kept(None, (*rejected, _rejected(record, told)))
    if pruned != record:
        # Most records lose nothing, and need no second look.
        checks = prove(pruned, article)
        doubts = doubts_of(pruned, article, likelihood)
    for doubt in doubts:
        if doubt.rule in policy.decides and is_of_definition(doubt):
            return Kept(None, (_overruled(record, doubt),))
    kept = [doubt for doubt in doubts if doubt.rule not in policy.decides]
    return Kept(
        pruned.model_copy(update={"verdicts": _verdicts(checks), "doubts": kept}), tuple(rejected)
    )


def _verdicts(checks: Iterable[FieldCheck]) -> list[FieldVerdict]:
    return [
        FieldVerdict(field=check.field, verdict=check.verdict, sentence=check.sentence)
        for check in checks
        if check.verdict
    ]


def _without(record: AnyRecord, gone: Collection[str], article: Article) -> AnyRecord:
    changes: dict[str, object] = {}
    for field in kind_of(record).fields:
        values = getattr(record, field.name)
        if field.sort in ("parties", "places"):
            left = [v for n, v in enumerate(values) if f"{field.name}[{n}]" not in gone]
            if left != values:
                changes[field.name] = left
        elif field.name in gone and field.sort != "label":
            changes[field.name] = None
    if "finance_role" in gone:
        changes["finance_role"] = "provide"
    pruned = record.model_copy(update=changes)
    if (
        isinstance(pruned, PolicyEvent)
        and isinstance(record, PolicyEvent)
        and pruned.actors != record.actors
        and _derived(record, article) == record.jurisdictions
    ):
        return pruned.model_copy(update={"jurisdictions": _derived(pruned, article)})
    return pruned


def _derived(record: PolicyEvent, article: Article) -> list[str]:
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    return jurisdictions_of(record.actors, cited, article)


def _restated(
    record: AnyRecord,
    pruned: AnyRecord,
    gone: Collection[str],
    policy: Policy,
    article: Article,
) -> AnyRecord:
    """Status and certainty by the words, where the policy lets them decide.

    Without a refused figure, other words may be what the record stands on.
    """
    if "hedge_disagrees" in policy.decides:
        told = certainty_borne(pruned, article)
        pruned = pruned.model_copy(update={"certainty": told})
    if "status_disagrees" in policy.decides and (
        "status" in gone or (pruned != record and _status_disagrees(pruned, article))
    ):
        status = status_borne(pruned, article) or plain_status(pruned)
        pruned = pruned.model_copy(update={"status": status})
    return pruned


def _status_disagrees(record: AnyRecord, article: Article) -> bool:
    return any(doubt.rule == "status_disagrees" for doubt in doubts_of(record, article, 1.0))


def _holds_anything(record: AnyRecord) -> bool:
    """Whether a party, a figure, a place or an instrument is left."""
    return any(getattr(record, field.name) for field in kind_of(record).of_sort(*_HOLDING))


def _rejected(record: AnyRecord, check: FieldCheck) -> Rejected:
    return Rejected(
        record_type=kind_of(record).name,
        record_id=None,
        field=check.field,
        value=check.value,
        reason=check.reason,
        sentences=_sentences(record),
    )


def _overruled(record: AnyRecord, doubt: Doubt) -> Rejected:
    """What a rule takes away: the value, or the record with what it lacks."""
    value = doubt.words
    if is_of_definition(doubt):
        who = ", ".join(actor.name for actor in record.actors) or "nobody"
        value = f"{who}: {record.title} ({_WORDED[doubt.rule]})"
    elif doubt.rule == "negated":
        value = record.title
    elif doubt.field in ("status", "certainty", "finance_role"):
        value = str(getattr(record, doubt.field))
    return Rejected(
        record_type=kind_of(record).name,
        record_id=None,
        field=doubt.field,
        value=value,
        reason=_REASONS.get(doubt.rule, "not_in_evidence"),
        sentences=_sentences(record),
    )


def _sentences(record: AnyRecord) -> Sequence[int]:
    return [item.sentence for item in record.evidence]
