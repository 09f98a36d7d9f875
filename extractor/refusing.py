"""Refusing: what the article does not bear is taken out of a record and reported.

A value that fails costs that value; a record is refused as a whole only where nothing that could be
checked is left, where the sentence denies it, or where it does not meet the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.article import Article
from extractor.authorities import is_authority
from extractor.grounding import (
    Finding,
    certainty_borne,
    check,
    find_name,
    plain_status,
    status_borne,
)
from extractor.jurisdictions import jurisdictions_of
from extractor.records import (
    Commitment,
    FieldVerdict,
    PolicyEvent,
    RecordType,
    Rejected,
    RejectReason,
)

_LIKELY = 0.3
"""Probability from which the finder's word counts as that of a cue."""
_WORDS_BORNE = 0.5
"""Share of the title's words that the cited sentences must hold if no figure proves the record."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a record, with its verdicts, and what was refused."""

    record: Commitment | PolicyEvent | None
    rejected: tuple[Rejected, ...]


def keep_supported(
    record: Commitment | PolicyEvent,
    article: Article,
    likelihood: float = 0.0,
    *,
    tuned: bool = False,
) -> Kept:
    """The record without the values that its cited sentences do not bear.

    `likelihood` is the finder's probability that they hold such a record at all: where it is high,
    the definition need not be told by a word of ours. `tuned` says that the model has learnt the
    definition from labels: where the finder agrees with it, our lists of words are not asked.
    """
    findings = check(record, article)
    failed = [finding for finding in findings if finding.verdict == "unsupported"]
    fatal = [finding for finding in failed if finding.field in ("record", "evidence")]
    if fatal:
        return Kept(None, tuple(_rejected(record, finding) for finding in fatal))
    pruned = _without(record, failed, article)
    # Most records lose nothing, and need no second look.
    left = findings if pruned == record else check(pruned, article)
    if reason := definition_failure(pruned, article, likelihood, tuned=tuned):
        who = ", ".join(actor.name for actor in record.actors) or "nobody"
        finding = Finding("record", "unsupported", f"{who}: {record.title} ({reason})")
        return Kept(None, (_rejected(record, finding, "fails_definition"),))
    verdicts = [FieldVerdict(field=finding.field, verdict=finding.verdict) for finding in left]
    rejected = tuple(_rejected(record, finding) for finding in failed)
    return Kept(pruned.model_copy(update={"verdicts": verdicts}), rejected)


def definition_failure(
    record: Commitment | PolicyEvent,
    article: Article,
    likelihood: float = 0.0,
    *,
    tuned: bool = False,
) -> str | None:
    """Why the record is no commitment or policy event by the guidelines; None if it is one."""
    if tuned and likelihood >= _LIKELY:
        figure = isinstance(record, Commitment) and (record.amount or record.quantity)
        return None if record.actors or figure else "nobody acts"
    if isinstance(record, PolicyEvent):
        cited = [article.sentences[item.sentence - 1] for item in record.evidence]
        if not any(is_authority(actor, cited, article) for actor in record.actors):
            return "no public authority acts"
        return None if _is_worded(record, article) else "the sentence does not tell this act"
    told = status_borne(record, article) or record.finance_role == "mobilise"
    likely = likelihood >= _LIKELY
    if not told and not likely and not _is_heading(record, article):
        return "no word says that it is promised or done"
    if record.amount or record.quantity:
        return None
    if not record.actors:
        return "no giver and no figure"
    if record.resource_kind == "funding" and not record.recipients:
        return "money without amount or recipient"
    placed = record.recipients or record.places or record.resource_kind in ("facility", "equity")
    if not placed and not likely:
        return "no figure, recipient or place"
    return None if _is_worded(record, article) else "the sentence does not tell this resource"


def _is_heading(record: Commitment | PolicyEvent, article: Article) -> bool:
    return article.sentences[record.evidence[0].sentence - 1].is_heading


def record_type_of(record: Commitment | PolicyEvent) -> RecordType:
    """The list that a record belongs to."""
    return "commitment" if isinstance(record, Commitment) else "policy_event"


def _without(
    record: Commitment | PolicyEvent, failed: Sequence[Finding], article: Article
) -> Commitment | PolicyEvent:
    gone = {finding.field for finding in failed}
    changes: dict[str, object] = {}
    for field in ("actors", "recipients", "announced_by", "targets", "places"):
        values = getattr(record, field, None)
        if values:
            changes[field] = [v for n, v in enumerate(values) if f"{field}[{n}]" not in gone]
    for field in gone:
        if field in ("status", "certainty"):
            continue
        if field == "finance_role":
            changes[field] = "provide"
        elif "[" not in field:
            changes[field] = None
    pruned = record.model_copy(update=changes)
    if isinstance(pruned, PolicyEvent):
        cited = [article.sentences[item.sentence - 1] for item in pruned.evidence]
        codes = jurisdictions_of(pruned.actors, cited, article)
        pruned = pruned.model_copy(update={"jurisdictions": codes})
    # Without a refused figure, other words may be what the record stands on.
    stance: dict[str, object] = {"certainty": certainty_borne(pruned, article)}
    if "status" in gone or (pruned != record and "status" in _unsupported(pruned, article)):
        stance["status"] = status_borne(pruned, article) or plain_status(pruned)
    return pruned.model_copy(update=stance)


def _unsupported(record: Commitment | PolicyEvent, article: Article) -> set[str]:
    return {f.field for f in check(record, article) if f.verdict == "unsupported"}


def _is_worded(record: Commitment | PolicyEvent, article: Article) -> bool:
    cited = [article.sentences[item.sentence - 1] for item in record.evidence]
    words = record.title.split()
    held = sum(any(find_name(word, sentence) for sentence in cited) for word in words)
    return held >= _WORDS_BORNE * len(words)


def _rejected(
    record: Commitment | PolicyEvent, finding: Finding, reason: RejectReason | None = None
) -> Rejected:
    return Rejected(
        record_type=record_type_of(record),
        record_id=None,
        field=finding.field,
        value=finding.value,
        reason=reason or finding.reason or "not_in_evidence",
        sentences=[item.sentence for item in record.evidence],
    )
